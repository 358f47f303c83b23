"""Time zones by name, and what is meant by abbreviations that no database knows."""

from cx_kpi.model.errors import UsageProblem, nearest

MEANT = {
    "MSK": "Europe/Moscow",
    "CEST": "Europe/Berlin",
    "EEST": "Europe/Kyiv",
    "WEST": "Europe/Lisbon",
    "BST": "Europe/London",
    "EDT": "America/New_York",
    "CDT": "America/Chicago",
    "CST": "America/Chicago",
    "MDT": "America/Denver",
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
    "IST": "Asia/Kolkata",
    "JST": "Asia/Tokyo",
    "SGT": "Asia/Singapore",
    "AEST": "Australia/Sydney",
}
_SHORT = 5  # letters of an abbreviation, for which a likeness means nothing


def check_zone(name: str) -> None:
    """Raises `UsageProblem` for a name that is no time zone."""
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise UsageProblem(f"no time zone {name!r}{_hint(name)}") from None


def _hint(name: str) -> str:
    from zoneinfo import available_timezones

    known = available_timezones()
    zones = {zone.upper(): zone for zone in known} | MEANT
    if name.upper() in zones:
        return f"; did you mean {zones[name.upper()]}?"
    close = "" if len(name) < _SHORT else nearest(name, known, most=0)
    return close or "; write for example Europe/Moscow"

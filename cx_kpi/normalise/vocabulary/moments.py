"""The moment of the report."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cx_kpi.model.errors import UsageProblem

YEARS = (1900, 2199)


def within_reach(option: str, day: date | None) -> None:
    """Raises `UsageProblem` for a day that no report is about, and the calendar ends near."""
    if day and not YEARS[0] <= day.year <= YEARS[1]:
        raise UsageProblem(f"{option} {day}: has to be a day from the years {YEARS[0]} to {YEARS[1]}")


def parse_as_of(text: str, zone: ZoneInfo) -> datetime:
    """An ISO date (its end is meant) or instant; raises `UsageProblem`."""
    try:
        if len(text) == len("2026-03-31"):
            day = date.fromisoformat(text)
            within_reach("--as-of", day)
            return datetime.combine(day + timedelta(days=1), time(), zone)
        instant = datetime.fromisoformat(text)
        within_reach("--as-of", instant.date())
    except ValueError:
        raise UsageProblem(
            f"--as-of {text!r} is no date; write 2026-03-31 or 2026-03-31T18:00+03:00"
        ) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)

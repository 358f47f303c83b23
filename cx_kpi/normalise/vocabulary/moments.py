"""The moment of the report."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cx_kpi.model.errors import UsageProblem


def parse_as_of(text: str, zone: ZoneInfo) -> datetime:
    """An ISO date (its end is meant) or instant; raises `UsageProblem`."""
    try:
        if len(text) == len("2026-03-31"):
            return datetime.combine(date.fromisoformat(text) + timedelta(days=1), time(), zone)
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise UsageProblem(
            f"--as-of {text!r} is no date; write 2026-03-31 or 2026-03-31T18:00+03:00"
        ) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)

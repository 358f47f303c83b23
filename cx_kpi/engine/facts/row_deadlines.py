"""Deadlines by working days: the end of the day, of the next working day, or of the third."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from cx_kpi.engine.facts.business_waits import known, reach
from cx_kpi.engine.facts.fact import Context
from cx_kpi.engine.time.open_time import MICRO
from cx_kpi.engine.time.opening import day_of
from cx_kpi.normalise.calendar.calendars import Calendar

END_OF_DAY, NEXT_DAY = "end_of_day", "next_working_day"
FORMS = f"{END_OF_DAY}, {NEXT_DAY} or business_days:3"
YEAR = timedelta(days=366)  # beyond the last ticket; no deadline where the desk opens too rarely


def working_days(deadline: str) -> int:
    """After how many working days it is due, 0 for the day itself; raises `ValueError`."""
    named = {END_OF_DAY: 0, NEXT_DAY: 1}
    found = re.fullmatch(r"business_days:([1-9]\d{0,2})", deadline)
    if deadline not in named and not found:
        raise ValueError(deadline)
    return int(found[1]) if found else named[deadline]


def seconds_until(deadline: str, start: str, context: Context) -> pl.Expr:
    """Seconds from the date a row begins at to its deadline by its calendar; null where no calendar counts."""
    length = pl.lit(None, dtype=pl.Float64)
    for number, calendar in enumerate(known(context)):
        begun = pl.col(start).to_physical()
        seconds = (_due(calendar, working_days(deadline), begun, context) - begun) / MICRO
        length = pl.when(pl.col("calendar_number") == number).then(seconds).otherwise(length)
    return length


def _due(calendar: Calendar, days: int, begun: pl.Expr, context: Context) -> pl.Expr:
    """The closing time of the day itself, or of the Nth working day after it, in microseconds.

    The day itself is that on which a row begins where the desk is still to close, else the next working day.
    """
    first, last = reach(context)
    every = list(
        _working_days(calendar, day_of(first // MICRO), day_of(last // MICRO) + YEAR + days * YEAR / 52)
    )
    starts, ends = (pl.Series([pair[place] for pair in every], dtype=pl.Int64) for place in (0, 1))
    closings = ends.extend_constant(None, days + 1)
    if not days:
        return pl.lit(closings).gather(pl.lit(ends).search_sorted(begun, side="right"))
    return pl.lit(closings).gather(pl.lit(starts).search_sorted(begun, side="right") + (days - 1))


def _working_days(calendar: Calendar, first: date, last: date) -> Iterator[tuple[int, int]]:
    """The local midnight at which each working day starts, and when the desk closes on it, in microseconds."""
    zone = ZoneInfo(calendar.zone)
    for day, shifts in calendar.shifts(first - timedelta(days=2), last):
        if shifts:
            yield _instant(day, 0, zone), _instant(day, shifts[-1][1], zone)


def _instant(day: date, seconds: int, zone: ZoneInfo) -> int:
    """A time by the clock on the wall, in microseconds since 1970-01-01 UTC."""
    local = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=seconds)
    return round(local.replace(tzinfo=zone).timestamp()) * MICRO

"""Open time as an expression: a table of each day's opening hours answers for any number of rows at once.

The open time between two moments is the difference of what has passed since a fixed start, so it needs no walk
through the days between, whatever their number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

import polars as pl

from cx_kpi.engine.opening import Span, offset, open_spans
from cx_kpi.normalise.calendars import Calendar
from cx_kpi.normalise.hours import DAY

MICRO = 1_000_000
_DAY = DAY * MICRO


@dataclass(frozen=True, slots=True)
class OpenTime:
    """For each day from `base` on, calendar after calendar, in microseconds: the open time before it, and its spans.

    `spans` are pairs (start, length), as many as the day with most has.
    """

    base: int
    days: int
    before: pl.Series
    spans: tuple[tuple[pl.Series, pl.Series], ...]

    def until(self, moment: pl.Expr, calendar: pl.Expr) -> pl.Expr:
        """The open time, in microseconds, until a moment (an instant in UTC) by the calendar of this number."""
        at = moment.to_physical()
        day = ((at - self.base) // _DAY).clip(0, self.days - 1) + calendar * self.days
        passed = pl.lit(self.before).gather(day)
        for start, length in self.spans:
            since = at - pl.lit(start).gather(day)
            passed = passed + pl.max_horizontal(0, pl.min_horizontal(since, pl.lit(length).gather(day)))
        return passed


@lru_cache(maxsize=4)
def open_time(calendars: tuple[Calendar, ...], first: int, last: int) -> OpenTime:
    """The table from the day of one moment to that of another, in seconds since 1970-01-01 UTC."""
    base = (
        first - (first + offset(ZoneInfo(calendars[0].zone), first)) % DAY
    )  # so that few shifts pass a day's end
    days = (last - base) // DAY + 1
    opened = [_by_day(open_spans(each, base, base + days * DAY), base, days) for each in calendars]
    every = [day for calendar in opened for day in calendar]
    return OpenTime(
        base * MICRO,
        days,
        _column([total for calendar in opened for total in _before(calendar)]),
        tuple(_place(every, place) for place in range(max(map(len, every)))),
    )


def _by_day(spans: Sequence[Span], base: int, days: int) -> list[list[Span]]:
    """The spans cut at the ends of days of 24 hours."""
    found: list[list[Span]] = [[] for _ in range(days)]
    for start, end in spans:
        for day in range((start - base) // DAY, (end - base - 1) // DAY + 1):
            midnight = base + day * DAY
            found[day].append((max(start, midnight), min(end, midnight + DAY)))
    return found


def _before(days: Sequence[Sequence[Span]]) -> list[int]:
    """The open time before each day."""
    lengths = [sum(end - start for start, end in day) for day in days]
    return [0, *accumulate(lengths[:-1])]


def _place(days: Sequence[Sequence[Span]], place: int) -> tuple[pl.Series, pl.Series]:
    """The start and the length of each day's span number `place`; no length where it has fewer."""
    spans = [day[place] if place < len(day) else (0, 0) for day in days]
    return _column([start for start, _ in spans]), _column([end - start for start, end in spans])


def _column(seconds: Sequence[int]) -> pl.Series:
    return pl.Series([each * MICRO for each in seconds], dtype=pl.Int64)

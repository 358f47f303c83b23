"""Open time as an expression: a table of slots answers for any number of rows at once.

The open time between two moments is the difference of the open time since a fixed start. So the number of days
between does not matter. A slot is as long as all opening and closing times allow, an hour
or a quarter as a rule, so that the desk is open or closed through the whole of it. A search among the
opening and closing times takes the place of a table that would be too large.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import gcd

import polars as pl

from cx_kpi.engine.time.opening import Span, open_spans
from cx_kpi.model.frozen import dataclass
from cx_kpi.normalise.calendar.calendars import Calendar
from cx_kpi.normalise.calendar.hours import DAY

MICRO = 1_000_000
MOST = 4_000_000  # slots of a table, each of 8 bytes


@dataclass(frozen=True, slots=True)
class OpenTime:
    """For each slot from `base` on, calendar after calendar, a line: the open time at the base, and 1 where it rises.

    The two are packed as twice the one plus the other. Times are in microseconds since the base; `slots` is how
    many a calendar has. Where they would be too many, a line holds from one of the `starts`, in slots, to the next.
    """

    base: int
    size: int
    slots: int
    table: pl.Series
    starts: pl.Series | None = None

    def until(self, moment: pl.Expr, calendar: pl.Expr) -> pl.Expr:
        """The open time, in microseconds, until a moment (an instant in UTC) by the calendar of this number."""
        passed = moment.to_physical() - self.base
        place = (passed // self.size).clip(0, self.slots - 1) + calendar * self.slots
        if self.starts is not None:
            place = pl.lit(self.starts).search_sorted(place, side="right") - 1
        found = pl.lit(self.table).gather(place.cast(pl.UInt32))
        return found // 2 + (found & 1) * passed


@lru_cache(maxsize=4)
def open_time(calendars: tuple[Calendar, ...], first: int, last: int) -> OpenTime:
    """The table from the day of one moment to that of another, in seconds since 1970-01-01 UTC."""
    base, end = first // DAY * DAY, (last // DAY + 1) * DAY
    opened = [open_spans(each, base, end) for each in calendars]
    size = gcd(DAY, *(edge - base for spans in opened for span in spans for edge in span))
    slots = (end - base) // size
    runs = pl.concat([_runs(spans, base, end, size) for spans in opened])
    if slots * len(calendars) > MOST:
        starts = runs["slots"].cum_sum() - runs["slots"]
        return OpenTime(base * MICRO, size * MICRO, slots, runs["table"], starts)
    each_slot = runs.lazy().select(pl.col("table").repeat_by("slots").explode(empty_as_null=False))
    return OpenTime(base * MICRO, size * MICRO, slots, each_slot.collect()["table"])


def _runs(spans: Sequence[Span], base: int, end: int, size: int) -> pl.DataFrame:
    """The spans of one calendar and those between them: how many slots, and the line that holds there."""
    edges = [base, *(edge for span in spans for edge in span), end]
    lengths = [(after - before) // size for before, after in pairwise(edges)]
    is_open = pl.int_range(pl.len()) % 2
    before = (pl.col("slots") * is_open).cum_sum() - pl.col("slots") * is_open
    begins = pl.col("slots").cum_sum() - pl.col("slots")
    at_base = (before - begins * is_open) * (size * MICRO)
    runs = pl.DataFrame({"slots": lengths}, schema={"slots": pl.Int64})
    return runs.lazy().select("slots", table=at_base * 2 + is_open).collect()

"""Open time as an expression: a table of slots answers for any number of rows at once.

The open time between two moments is the difference of the open time since a fixed start. So the number of days
between does not matter. A slot is as long as all opening and closing times allow, an hour
or a quarter as a rule, so that the desk is open or closed through the whole of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import gcd

import polars as pl

from cx_kpi.engine.time.opening import Span, open_spans
from cx_kpi.normalise.calendar.calendars import Calendar
from cx_kpi.normalise.calendar.hours import DAY

MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class OpenTime:
    """For each slot from `base` on, calendar after calendar, a line: the open time at the base, and 1 where it rises.

    The two are packed as twice the one plus the other. Times are in microseconds since the base; `slots` is how
    many a calendar has.
    """

    base: int
    size: int
    slots: int
    table: pl.Series

    def until(self, moment: pl.Expr, calendar: pl.Expr) -> pl.Expr:
        """The open time, in microseconds, until a moment (an instant in UTC) by the calendar of this number."""
        passed = moment.to_physical() - self.base
        bin_index = (passed // self.size).clip(0, self.slots - 1)
        found = pl.lit(self.table).gather((bin_index + calendar * self.slots).cast(pl.UInt32))
        return found // 2 + (found & 1) * passed


@lru_cache(maxsize=4)
def open_time(calendars: tuple[Calendar, ...], first: int, last: int) -> OpenTime:
    """The table from the day of one moment to that of another, in seconds since 1970-01-01 UTC."""
    base, end = first // DAY * DAY, (last // DAY + 1) * DAY
    opened = [open_spans(each, base, end) for each in calendars]
    size = gcd(DAY, *(edge - base for spans in opened for span in spans for edge in span))
    slots = (end - base) // size
    table = pl.concat([_table(spans, base, end, size) for spans in opened])
    return OpenTime(base * MICRO, size * MICRO, slots, table)


def _table(spans: Sequence[Span], base: int, end: int, size: int) -> pl.Series:
    """The slots of one calendar."""
    edges = [base, *(edge for span in spans for edge in span), end]
    lengths = [(after - before) // size for before, after in pairwise(edges)]
    runs = pl.DataFrame({"open": [place % 2 for place in range(len(lengths))], "slots": lengths})
    is_open = runs.lazy().select(pl.col("open").repeat_by("slots").explode(empty_as_null=False))
    before = pl.col("open").cum_sum() - pl.col("open")
    at_base = (before - pl.col("open") * pl.int_range(pl.len(), dtype=pl.Int64)) * (size * MICRO)
    return is_open.select(table=at_base * 2 + pl.col("open")).collect()["table"]

"""Order statistics of counted values: how often each value occurs, which adds up over any split of the rows.

Lengths of time are whole milliseconds, each as it is or by its first bits. By seven bits a value moves by no more than
`ERROR` of itself, in the same way whatever the order or the split of the rows; the greatest stays exact.
"""

from collections.abc import Callable, Iterator, Sequence
from math import ceil, floor

import polars as pl

from cx_kpi.engine.aggregation.apart import order_statistics
from cx_kpi.engine.aggregation.apart.order_statistics import EPSILON, QUANTILES, OrderStatistics
from cx_kpi.engine.ranks.quantile_ranks import quantile_ranks
from cx_kpi.model.frozen import dataclass

BITS = 7
ERROR = 2.0**-BITS
VALUE, TIMES, MOST, STILL, NUMBER, PLACE = "value:", "times:", "most:", "still:", "number:", "place:"
_UNIT = 1000  # milliseconds of a second
_SURVIVALS = (0.5, 0.1)
_ROOM = 2**order_statistics.BITS
_Pair = tuple[float, float]
Counter = Callable[[pl.Series], pl.DataFrame]  # by the number of the group of each row (−1: none)
# how many numbers share their first bits, by leading zeros
_WIDTHS = [2 ** max(64 - zeros - BITS, 0) for zeros in range(65)]
_SHARED = pl.Series([-width for width in _WIDTHS], dtype=pl.Int64)
_MIDDLE = pl.Series([width // 2 for width in _WIDTHS], dtype=pl.Int64)


def rounded(value: pl.Expr) -> pl.Expr:
    """Whole numbers from 0 on by their first seven bits: the middle of all that share these."""
    zeros = value.cast(pl.UInt64).bitwise_leading_zeros()
    shared, middle = (pl.lit(table).gather(zeros) for table in (_SHARED, _MIDDLE))
    return (value & shared) + middle


def rounded_number(value: pl.Expr) -> pl.Expr:
    """Any numbers by their first seven bits, likewise."""
    width = pl.lit(2.0).pow(value.abs().log(2).floor() - (BITS - 1))
    near = value.sign() * ((value.abs() / width).floor() + 0.5) * width
    return pl.when(value == 0).then(0.0).otherwise(near)


def counted_lengths(done: pl.Series, still: pl.Series | None, *, fast: bool) -> Counter:
    """How often each length of time occurs in each group, of what is done and of what is not yet.

    Takes Float64 seconds; columns: `NUMBER` of the group, `STILL`, `VALUE` and `MOST` in milliseconds, `TIMES`.
    """
    sides = {False: done} if still is None else {False: done, True: still}
    near, length = rounded if fast else None, order_statistics.milliseconds(pl.col(MOST))
    held = {waits: _held(side, length, near) for waits, side in sides.items()}
    return lambda numbers: pl.concat(
        _packed(side, numbers).with_columns(pl.lit(value=waits).alias(STILL)) for waits, side in held.items()
    )


def counted_numbers(values: pl.Series, *, fast: bool) -> Counter:
    """The same of any numbers, all of them done."""
    held = _held(values, pl.col(MOST).cast(pl.Float64), rounded_number if fast else None)
    return lambda numbers: _counted(held, numbers, NUMBER, VALUE).with_columns(
        pl.lit(value=False).alias(STILL)
    )


def _held(values: pl.Series, value: pl.Expr, near: Callable[[pl.Expr], pl.Expr] | None) -> pl.DataFrame:
    """Known values as they are and as they are counted, and the places of their rows."""
    rows = values.alias(MOST).to_frame().lazy().with_row_index(PLACE)
    known = rows.filter(pl.col(MOST).is_not_null()).with_columns(value)
    counted = near(pl.col(MOST)) if near else pl.col(MOST)
    return known.with_columns(counted.alias(VALUE)).collect()


def _packed(held: pl.DataFrame, numbers: pl.Series) -> pl.DataFrame:
    """How often each length of time occurs in each group: grouped by one number in place of two."""
    number = pl.col(NUMBER)
    found = _counted(held, numbers, (number.cast(pl.Int64) * _ROOM + pl.col(VALUE)).alias(NUMBER))
    return found.select(number // _ROOM, (number % _ROOM).alias(VALUE), TIMES, MOST)


def _counted(held: pl.DataFrame, numbers: pl.Series, *by: str | pl.Expr) -> pl.DataFrame:
    known = held.lazy().with_columns(pl.lit(numbers).gather(pl.col(PLACE)).alias(NUMBER))
    inside = known.filter(pl.col(NUMBER) >= 0)
    return inside.group_by(*by).agg(pl.len().cast(pl.Int64).alias(TIMES), pl.col(MOST).max()).collect()


@dataclass(frozen=True, slots=True)
class Counted:
    """Ordered values of a group as a column of different ones and how many there are up to each."""

    values: pl.Series
    ends: pl.Series
    most: float | None = None

    @staticmethod
    def of(rows: pl.DataFrame | None) -> "Counted":
        """From the rows of a group, in order of their values; None where it has none."""
        if rows is None:
            return NOTHING
        return Counted(rows[VALUE], rows[TIMES].cum_sum(), rows[MOST].max())  # type: ignore[arg-type]

    def __len__(self) -> int:
        return int(self.ends[-1]) if len(self.ends) else 0

    def __getitem__(self, place: int) -> float:
        return self.at([place])[0]

    def at(self, places: Sequence[int]) -> list[float]:
        """The values at places from 0."""
        found = self.ends.search_sorted(pl.Series(places, dtype=pl.Int64), side="right")
        return self.values.gather(found).to_list()

    def upto(self, values: pl.Series) -> list[int]:
        """How many are no greater than each of some values."""
        before = self.values.search_sorted(values, side="right").cast(pl.Int64)
        return pl.concat([pl.Series([0], dtype=pl.Int64), self.ends.cast(pl.Int64)]).gather(before).to_list()


NOTHING = Counted(pl.Series(dtype=pl.Int64), pl.Series(dtype=pl.Int64))


def statistics_of(done: Counted, still: Counted) -> OrderStatistics:
    """The order statistics of one group, in seconds, from lengths in milliseconds."""
    n, waiting = len(done), len(still)
    if not n:
        return OrderStatistics(0, censored=waiting)
    ranks = [quantile_ranks(n, q) for q in QUANTILES]
    places = [*((n - 1) * q for q in QUANTILES), *(rank - 1 for pair in ranks for rank in pair or ())]
    (low, high), *others = _neighbours(done, places)
    median = (low + high) / 2
    p90, *bounds = (
        low + (high - low) * (place % 1) for place, (low, high) in zip(places[1:], others, strict=True)
    )
    intervals = [(bounds.pop(0), bounds.pop(0)) if pair else None for pair in ranks]
    survived = [*_kaplan_meier(done, still)] if waiting else [median, p90]
    maximum = None if done.most is None else done.most / _UNIT
    return OrderStatistics(n, median, p90, maximum, waiting, *survived, *intervals)


def _neighbours(done: Counted, places: Sequence[float]) -> list[_Pair]:
    """The seconds below and above each place, which are the same where it is whole; all are looked up at once."""
    found = [value / _UNIT for value in done.at([int(end(each)) for each in places for end in (floor, ceil)])]
    return [*zip(found[::2], found[1::2], strict=True)]


def _kaplan_meier(done: Counted, still: Counted) -> Iterator[float | None]:
    """As in `order_statistics`: the first length at which the share unfinished falls to each of the survivals."""
    n, waiting = len(done), len(still)
    steps = [*zip(done.upto(still.values), still.ends.to_list(), strict=True), (n, waiting)]
    survival, start, left = 1.0, 0, 0
    wanted = list(_SURVIVALS)
    for stop, after_them in steps:
        if stop > start:
            risk = n + waiting - start - left
            after = survival * (risk - (stop - start)) / risk
            while wanted and after <= wanted[0] + EPSILON:
                fallen = ceil(risk * (1 - wanted.pop(0) / survival) - EPSILON)
                yield done[start + max(fallen, 1) - 1] / _UNIT
            if not wanted:
                return
            survival, start = after, stop
        left = after_them
    yield from (None for _ in wanted)

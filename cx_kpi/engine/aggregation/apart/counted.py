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
VALUE, TIMES, MOST, STILL, NUMBER = "value:", "times:", "most:", "still:", "number:"
_UNIT = 1000  # milliseconds of a second
_SURVIVALS = (0.5, 0.1)
_Pair = tuple[float, float]


def rounded(value: pl.Expr) -> pl.Expr:
    """Whole numbers from 0 on by their first seven bits: the middle of all that share these."""
    length = 64 - value.cast(pl.UInt64).bitwise_leading_zeros().cast(pl.Int64)
    width = pl.lit(2, pl.Int64).pow((length - BITS).clip(0)).cast(pl.Int64)
    return value // width * width + width // 2


def rounded_number(value: pl.Expr) -> pl.Expr:
    """Any numbers by their first seven bits, likewise."""
    width = pl.lit(2.0).pow(value.abs().log(2).floor() - (BITS - 1))
    near = value.sign() * ((value.abs() / width).floor() + 0.5) * width
    return pl.when(value == 0).then(0.0).otherwise(near)


def counted_lengths(
    done: pl.Series, still: pl.Series | None, numbers: pl.Series, *, fast: bool
) -> pl.DataFrame:
    """How often each length of time occurs in each group (−1: none), of what is done and of what is not yet.

    Takes Float64 seconds; columns: `NUMBER` of the group, `STILL`, `VALUE` and `MOST` in milliseconds, `TIMES`.
    """
    sides = [(done, False), *([(still, True)] if still is not None else [])]
    return pl.concat(
        _counted(_milliseconds(side), numbers, rounded if fast else None, pl.Int64).with_columns(
            pl.lit(value=waits).alias(STILL)
        )
        for side, waits in sides
    )


def counted_numbers(values: pl.Series, numbers: pl.Series, *, fast: bool) -> pl.DataFrame:
    """The same of any numbers, all of them done."""
    table = _counted(values.cast(pl.Float64), numbers, rounded_number if fast else None, pl.Float64)
    return table.with_columns(pl.lit(value=False).alias(STILL))


def _milliseconds(seconds: pl.Series) -> pl.Series:
    column = seconds.alias(VALUE).to_frame().lazy()
    return column.select(order_statistics.milliseconds(pl.col(VALUE))).collect().to_series()


def _counted(
    values: pl.Series, numbers: pl.Series, near: Callable[[pl.Expr], pl.Expr] | None, dtype: type[pl.DataType]
) -> pl.DataFrame:
    rows = pl.DataFrame({NUMBER: numbers, MOST: values.cast(dtype)}).lazy()
    known = rows.filter((pl.col(NUMBER) >= 0) & pl.col(MOST).is_not_null())
    value = near(pl.col(MOST)) if near else pl.col(MOST)
    table = known.group_by(NUMBER, value.alias(VALUE)).agg(
        pl.len().cast(pl.Int64).alias(TIMES), pl.col(MOST).max()
    )
    return table.collect()


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

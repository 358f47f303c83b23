"""Counted values: how often each value occurs, which adds up over any split of the rows.

Lengths of time are whole milliseconds, each as it is or by its first bits. By seven bits a value moves by no more than
`ERROR` of itself, in the same way whatever the order or the split of the rows; the greatest stays exact.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from cx_kpi.engine.aggregation.apart import order_statistics
from cx_kpi.engine.aggregation.apart.order_statistics import OrderStatistics
from cx_kpi.engine.packing import ordered

BITS = 7
ERROR = 2.0**-BITS
VALUE, TIMES, MOST, STILL, NUMBER, PLACE = "value:", "times:", "most:", "still:", "number:", "place:"
_ROOM, _GROUPS = 2**order_statistics.BITS, 2 ** (63 - order_statistics.BITS)
Key = tuple[Any, ...]
Counter = Callable[[pl.Series], pl.DataFrame]  # by the number of the group of each row (−1: none)
# how many numbers share their first bits, by leading zeros
_WIDTHS = [2 ** max(64 - zeros - BITS, 0) for zeros in range(65)]
_SHARED = pl.Series([-width for width in _WIDTHS], dtype=pl.Int64)
_LOWER = pl.Series([width - 1 for width in _WIDTHS], dtype=pl.Int64)
_MIDDLE = pl.Series([width // 2 for width in _WIDTHS], dtype=pl.Int64)


def rounded(value: pl.Expr) -> pl.Expr:
    """Whole numbers from 0 on by their first seven bits: the middle of all that share these."""
    zeros = value.cast(pl.UInt64).bitwise_leading_zeros()
    shared, middle = (pl.lit(table).gather(zeros) for table in (_SHARED, _MIDDLE))
    return (value & shared) + middle


def last_alike(value: pl.Expr) -> pl.Expr:
    """The greatest number that shares the first seven bits."""
    return value | pl.lit(_LOWER).gather(value.cast(pl.UInt64).bitwise_leading_zeros())


def rounded_number(value: pl.Expr) -> pl.Expr:
    """Any numbers by their first seven bits, likewise."""
    width = pl.lit(2.0).pow(value.abs().log(2).floor() - (BITS - 1))
    near = value.sign() * ((value.abs() / width).floor() + 0.5) * width
    return pl.when(value == 0).then(0.0).otherwise(near)


def counted_lengths(done: pl.Series, still: pl.Series | None, *, fast: bool) -> Counter:
    """How often each length of time occurs in each group, of what is done and of what is not yet.

    Takes Float64 seconds; columns: `NUMBER` of the group, `STILL`, `VALUE` in milliseconds, `TIMES`, and by seven bits
    `MOST`, the greatest of those counted together. They are in order of the values where these are exact.
    """
    sides = {False: done} if still is None else {False: done, True: still}
    length, count = order_statistics.milliseconds(pl.col(MOST)), _rounded if fast else _packed
    held = {waits: _held(side, length, rounded if fast else None) for waits, side in sides.items()}
    return lambda numbers: pl.concat(
        count(side, numbers).with_columns(pl.lit(value=waits).alias(STILL)) for waits, side in held.items()
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
    """How often each length of time occurs in each group: runs of one number in place of two, in order."""
    key = (pl.col(VALUE) * _GROUPS + pl.col(NUMBER)).alias(VALUE)
    runs = ordered(_inside(held, numbers).select(key).collect()[VALUE]).rle().struct.unnest()
    key, times = pl.col("value"), pl.col("len").cast(pl.Int64)
    return runs.select((key % _GROUPS).alias(NUMBER), (key // _GROUPS).alias(VALUE), times.alias(TIMES))


def _rounded(held: pl.DataFrame, numbers: pl.Series) -> pl.DataFrame:
    """The same of rounded lengths, grouped by one number in place of two, in no order."""
    number = pl.col(NUMBER)
    found = _counted(held, numbers, (number.cast(pl.Int64) * _ROOM + pl.col(VALUE)).alias(NUMBER))
    return found.select(number // _ROOM, (number % _ROOM).alias(VALUE), TIMES, MOST)


def _counted(held: pl.DataFrame, numbers: pl.Series, *by: str | pl.Expr) -> pl.DataFrame:
    inside = _inside(held, numbers)
    return inside.group_by(*by).agg(pl.len().cast(pl.Int64).alias(TIMES), pl.col(MOST).max()).collect()


def _inside(held: pl.DataFrame, numbers: pl.Series) -> pl.LazyFrame:
    """What is held of the rows in any group, with its number."""
    known = held.lazy().with_columns(pl.lit(numbers).gather(pl.col(PLACE)).alias(NUMBER))
    return known.filter(pl.col(NUMBER) >= 0)


def statistics_at_once(rows: pl.DataFrame, place: Sequence[str]) -> Iterator[tuple[Key, OrderStatistics]]:
    """The order statistics of lengths in each place, which some columns tell; each value is there as often as it occurs."""
    places = rows.select(place).unique(maintain_order=True)
    placed = rows.join(places.with_row_index(PLACE), on=place, how="left", nulls_equal=True)
    each = placed.select(STILL, PLACE, pl.col(VALUE).repeat_by(TIMES)).explode(VALUE)
    sides = (each.filter(pl.col(STILL) == waits) for waits in (False, True))
    done, still = (order_statistics.packed(side[VALUE], side[PLACE], partial=False) for side in sides)
    found = order_statistics.order_statistics_of(done, still, places.height)
    if MOST in rows.columns:
        most = placed.filter(~pl.col(STILL)).group_by(PLACE).agg(pl.col(MOST).max())
        for number, milliseconds in most.iter_rows():
            found[number] = replace(found[number], maximum=milliseconds / order_statistics.UNIT)
    return zip(places.iter_rows(), found, strict=True)

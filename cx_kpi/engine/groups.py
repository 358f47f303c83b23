"""Folding what does not add up: order statistics, different keys, favourites and words, cut by cut."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from cx_kpi.engine import order
from cx_kpi.engine.cuts import encode
from cx_kpi.engine.pack import KEY_BITS, TIME_BITS, lower, pack, short_hash, upper
from cx_kpi.engine.pack import milliseconds as moment
from cx_kpi.engine.words import told
from cx_kpi.metrics.metric import Distinct, Measure, Modal, Spread, Terms

OF_BITS = 16
TIMES_BITS = 32


@dataclass(frozen=True, slots=True)
class Groups:
    """The number of each row's group, and how many groups there are.

    `numbers` is None where all rows are one group; `partial` where some are in none (−1).
    """

    numbers: pl.Series | None
    size: int
    partial: bool = False

    def known(self, rows: int) -> pl.Series:
        """A number for each row."""
        return pl.zeros(rows, dtype=pl.Int32, eager=True) if self.numbers is None else self.numbers


Folded = Callable[[Groups], list[Any]]


def prepare(measure: Measure, rows: pl.LazyFrame) -> Folded:
    """Compute what the measure reads of each row, once; what comes back folds it by any groups."""
    match measure:
        case Spread(expr, censored):
            return _spread(rows, expr, censored)
        case Distinct(expr):
            keys = rows.select(key=expr).collect()["key"]
            return lambda groups: _distinct(keys, groups)
        case Modal():
            return _modal(measure, rows)
        case Terms():
            texts = rows.select(comment=measure.text, low=measure.low, high=measure.high).collect()
            return lambda groups: _terms(texts, groups)
    raise TypeError(measure)


def _spread(rows: pl.LazyFrame, expr: pl.Expr, censored: pl.Expr | None) -> Folded:
    done = _Known(rows, expr)
    still = _Known(rows, censored) if censored is not None else None

    def fold(groups: Groups) -> list[order.Order]:
        waiting = still.packed(groups) if still else None
        return order.orders(done.packed(groups), waiting, groups.size)

    return fold


class _Known:
    """The values of a column, in milliseconds; where few rows have one, only those and their places."""

    def __init__(self, rows: pl.LazyFrame, expr: pl.Expr) -> None:
        values = rows.select(value=order.milliseconds(expr)).collect()["value"]
        sparse = values.null_count() * 2 > len(values)
        self.places = values.is_not_null().arg_true() if sparse else None
        self.values = values.drop_nulls() if sparse else values

    def packed(self, groups: Groups) -> pl.Series:
        """Sorted, in the groups."""
        numbers = groups.numbers
        if numbers is not None and self.places is not None:
            numbers = numbers.gather(self.places)
        return order.packed(self.values, numbers, partial=groups.partial)


def _distinct(keys: pl.Series, groups: Groups) -> list[int]:
    """Different keys a group, by as many upper bits of their hashes as a packed Int64 has room for."""
    if groups.numbers is None:
        return [keys.n_unique() - (keys.null_count() > 0)]
    bits = 63 - groups.size.bit_length()
    number = pl.col("n").cast(pl.Int64)
    packed = number * 2**bits + (pl.col("k") // 2 ** (64 - bits)).cast(pl.Int64)
    frame = pl.DataFrame({"n": groups.numbers, "k": keys}).lazy()
    found = frame.select(key=pl.when(number >= 0).then(packed)).collect()["key"].sort()
    ordered = found.slice(found.null_count()).to_frame().lazy()
    first = ordered.filter((pl.col("key") != pl.col("key").shift()).fill_null(value=True))
    counts = dict(first.group_by(n=pl.col("key") // 2**bits).len().collect().iter_rows())
    return [counts.get(n, 0) for n in range(groups.size)]


def _modal(measure: Modal, rows: pl.LazyFrame) -> Folded:
    """How many keys use each value most, most first; a key's ties go to the value it used last.

    One sort by group, key, value and time gives runs; the greatest (count, last) of a key is a running
    maximum, since later keys are greater anyway.
    """
    encoded, dimensions = encode(rows.select(measure.of).collect(), [measure.of])
    dimension = dimensions[measure.of]
    names = dimension.values
    of = pl.when(pl.col(measure.of).is_not_null()).then(pl.col(dimension.column)).alias("of")
    who = rows.select(per=short_hash(pl.col(measure.per)), at=moment(pl.col(measure.at)))
    read = pl.concat([encoded.select(of), who.collect()], how="horizontal")

    def fold(groups: Groups) -> list[dict[str, int]]:
        wins: list[dict[str, int]] = [{} for _ in range(groups.size)]
        for number, value, keys in _winners(read.with_columns(n=groups.known(read.height))).iter_rows():
            wins[number][str(names[value])] = keys
        return wins

    return fold


def _winners(read: pl.DataFrame) -> pl.DataFrame:
    """Columns: group, rank of the value, number of keys; most keys first."""
    key = pack(pl.col("n"), (pl.col("per"), KEY_BITS), (pl.col("of"), OF_BITS), (pl.col("at"), TIME_BITS))
    packed = read.lazy().filter(pl.col("n") >= 0).select(key=key).collect()["key"].sort()
    ends = _ends(packed.slice(packed.null_count()))
    alone = pl.col("first") & pl.col("last")
    number, value = upper(TIME_BITS + OF_BITS + KEY_BITS), upper(TIME_BITS) & (2**OF_BITS - 1)
    single = ends.lazy().filter(alone).select(n=number.cast(pl.Int32), of=value.cast(pl.UInt16)).collect()
    won = pl.concat([single, _contest(ends.filter(~alone))])
    return won.group_by("n", "of").len().sort("n", "len", "of", descending=[False, True, False])


def _ends(ordered: pl.Series) -> pl.DataFrame:
    """The last row of each run of a value: how many rows, and whether it is its key's first or last run."""
    key, after, before = pl.col("key"), pl.col("key").shift(-1), pl.col("key").shift()
    ends = ordered.to_frame().lazy().with_row_index("place")
    runs = ends.filter(((key ^ after) >= 2**TIME_BITS).fill_null(value=True)).collect()
    other = 2 ** (TIME_BITS + OF_BITS)
    place = pl.col("place").cast(pl.Int64)
    return runs.select(
        "key",
        times=place.diff().fill_null(place + 1),
        first=((key ^ before) >= other).fill_null(value=True),
        last=((key ^ after) >= other).fill_null(value=True),
    )


def _contest(ends: pl.DataFrame) -> pl.DataFrame:
    """Group and value of each key with several values: the run with most rows, the latest of those."""
    who = pl.col("first").cast(pl.Int64).cum_sum()
    value = upper(TIME_BITS) & (2**OF_BITS - 1)
    score = pack(who, (pl.col("times"), TIMES_BITS), (lower(TIME_BITS), TIME_BITS), (value, OF_BITS))
    number = upper(TIME_BITS + OF_BITS + KEY_BITS).cast(pl.Int32)
    best = ends.lazy().select("last", n=number, key=score.cum_max()).filter("last")
    return best.select("n", of=lower(OF_BITS).cast(pl.UInt16)).collect()


def _terms(texts: pl.DataFrame, groups: Groups) -> list[Any]:
    known = texts.with_columns(n=groups.known(texts.height)).filter(pl.col("comment").is_not_null())
    return [told(known.filter(pl.col("n") == number).drop("n")) for number in range(groups.size)]

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
PLACE_BITS = 32


@dataclass(frozen=True, slots=True)
class Groups:
    """The number of each row's group (Int64, −1 for none), and how many groups there are."""

    numbers: pl.Series
    size: int

    @property
    def whole(self) -> bool:
        """Whether all rows are one group."""
        return self.size == 1 and self.numbers.min() == 0


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
        if groups.whole:
            return order.packed(self.values)
        numbers = groups.numbers if self.places is None else groups.numbers.gather(self.places)
        return order.packed(self.values, numbers)


def _distinct(keys: pl.Series, groups: Groups) -> list[int]:
    if groups.whole:
        return [keys.n_unique() - (keys.null_count() > 0)]
    frame = pl.DataFrame({"n": groups.numbers, "k": keys}).lazy()
    packed = frame.select(key=pack(pl.when(pl.col("n") >= 0).then(pl.col("n")), (pl.col("k"), 64))).collect()[
        "key"
    ]
    ordered = packed.sort().slice(packed.null_count())
    first = ordered.to_frame().lazy().filter((pl.col("key") != pl.col("key").shift()).fill_null(value=True))
    found = dict(first.group_by(n=upper(64)).len().collect().iter_rows())
    return [found.get(number, 0) for number in range(groups.size)]


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
        for number, value, keys in _winners(read.with_columns(n=groups.numbers)).iter_rows():
            wins[number][str(names[value])] = keys
        return wins

    return fold


def _winners(read: pl.DataFrame) -> pl.DataFrame:
    """Columns: group, rank of the value, number of keys; most keys first."""
    bits = OF_BITS + TIME_BITS
    key = pack(pl.col("n"), (pl.col("per"), KEY_BITS), (pl.col("of"), OF_BITS), (pl.col("at"), TIME_BITS))
    packed = read.lazy().filter(pl.col("n") >= 0).select(key=key).collect()["key"]
    ordered = packed.sort().slice(packed.null_count())
    ends = ordered.to_frame().lazy().with_row_index("place").with_columns(run=upper(TIME_BITS))
    ends = ends.filter((pl.col("run") != pl.col("run").shift(-1)).fill_null(value=True))
    runs = ends.with_columns(
        times=pl.col("place").cast(pl.Int64).diff().fill_null(pl.col("place").cast(pl.Int64) + 1),
        who=upper(bits),
        of=(pl.col("run") & (2**OF_BITS - 1)).cast(pl.Int64),
        at=lower(TIME_BITS),
    )
    same = (pl.col("who") != pl.col("who").shift()).fill_null(value=True).cast(pl.Int64).cum_sum()
    rank = pack(same, (pl.col("times"), PLACE_BITS), (pl.col("at"), TIME_BITS), (pl.col("of"), OF_BITS))
    best = runs.select("who", key=rank.cum_max())
    last = best.filter((pl.col("who") != pl.col("who").shift(-1)).fill_null(value=True))
    won = last.group_by(n=(pl.col("who") // 2**KEY_BITS).cast(pl.Int64), of=lower(OF_BITS)).len()
    return won.sort("n", "len", "of", descending=[False, True, False]).collect()


def _terms(texts: pl.DataFrame, groups: Groups) -> list[Any]:
    known = texts.with_columns(n=groups.numbers).filter(pl.col("comment").is_not_null())
    return [told(known.filter(pl.col("n") == number).drop("n")) for number in range(groups.size)]

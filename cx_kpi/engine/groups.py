"""Folding what does not add up: order statistics, different keys, favourites and words, cut by cut."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from cx_kpi.engine import order
from cx_kpi.engine.cuts import Segments
from cx_kpi.engine.place import AT
from cx_kpi.metrics.metric import Distinct, Measure, Modal, Spread, Terms

SEGMENT = "__segment"


@dataclass(frozen=True, slots=True)
class Slice:
    """The rows of one group of windows and one cut: a number per row, and how many numbers there are."""

    rows: pl.LazyFrame
    codes: list[int]  # row code → window
    windows: int
    segments: Segments

    @property
    def number(self) -> pl.Expr:
        """Window × segments + segment; −1 outside every window."""
        window = pl.lit(pl.Series([*self.codes, -1], dtype=pl.Int64)).gather(
            pl.when(pl.col(AT).is_between(0, len(self.codes) - 1)).then(pl.col(AT)).otherwise(len(self.codes))
        )
        return pl.when(window >= 0).then(window * self.segments.size + self.segments.code()).otherwise(-1)

    @property
    def size(self) -> int:
        """How many numbers there are."""
        return self.windows * self.segments.size


def fold_apart(measure: Measure, part: Slice) -> list[Any]:
    """The measure of every group of the slice, by number."""
    match measure:
        case Spread(expr, censored):
            finished = order.packed(part.rows, part.number, expr)
            waiting = order.packed(part.rows, part.number, censored) if censored is not None else None
            return list(order.orders(finished, waiting, part.size))
        case Distinct(expr):
            return _distinct(expr, part)
        case Modal():
            return _modal(measure, part)
        case Terms():
            return _terms(measure, part)
    raise TypeError(measure)


def _distinct(expr: pl.Expr, part: Slice) -> list[int]:
    keys = part.rows.select(pl.struct(n=part.number, key=expr).filter(expr.is_not_null()).alias("pair"))
    pairs = keys.select(pl.col("pair").struct.unnest()).unique().group_by("n").len().collect()
    counts = dict(pairs.iter_rows())
    return [counts.get(number, 0) for number in range(part.size)]


def _modal(measure: Modal, part: Slice) -> list[dict[str, int]]:
    """How many keys use each value most, most first; ties of a key go to the value used last."""
    used = (
        part.rows.select(n=part.number, per=measure.per, of=measure.of, at=measure.at)
        .filter((pl.col("n") >= 0) & pl.col("per").is_not_null() & pl.col("of").is_not_null())
        .group_by("n", "per", "of")
        .agg(times=pl.len(), last=pl.col("at").max())
        .with_columns(pl.col("of").cast(pl.String))
        .group_by("n", "per")
        .agg(pl.col("of").sort_by("times", "last", "of").last())
        .group_by("n", "of")
        .len()
        .sort("n", pl.col("len"), "of", descending=[False, True, False])
        .collect()
    )
    wins: list[dict[str, int]] = [{} for _ in range(part.size)]
    for number, value, keys in used.iter_rows():
        wins[number][value] = keys
    return wins


def _terms(measure: Terms, part: Slice) -> list[Any]:
    from cx_kpi.engine.words import told

    rows = part.rows.select(n=part.number, comment=measure.text, low=measure.low, high=measure.high).collect()
    return [
        told(rows.filter((pl.col("n") == number) & pl.col("comment").is_not_null()))
        for number in range(part.size)
    ]

"""Folding what adds up: one cube per clock at the finest grain, then merged into windows and cuts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl
import polars.selectors as cs

from cx_kpi.engine.aggregation.binning import AT
from cx_kpi.metrics.definition.metric import Closing, Largest, Opening, Smallest, Sum

WINDOW = "__window"
Additive = Sum | Smallest | Largest | Opening | Closing


_WAYS: dict[type[Additive], Callable[[pl.Expr], pl.Expr]] = {
    Sum: pl.Expr.sum,
    Smallest: pl.Expr.min,
    Largest: pl.Expr.max,
    Opening: lambda dated: dated.drop_nulls().first(),
    Closing: lambda dated: dated.drop_nulls().last(),
}


class Dated(NamedTuple):
    """A value and the instant of its row."""

    at: Any
    value: Any


def fold(measure: Additive, clock_at: str) -> pl.Expr:
    """What a group of rows contributes."""
    match measure:
        case Sum(expr):
            return expr.sum() if expr.meta.root_names() else pl.len() * (expr + 0)  # the same of every row
        case Smallest(expr):
            return expr.min()
        case Largest(expr):
            return expr.max()
        case Opening(expr):
            return _in_time(expr, clock_at).first()
        case Closing(expr):
            return _in_time(expr, clock_at).last()


def _in_time(expr: pl.Expr, clock_at: str) -> pl.Expr:
    """The known values with their instants, from the earliest to the latest, the least first of one instant."""
    known, at = expr.is_not_null(), pl.col(clock_at)
    dated = pl.struct(at.alias("at"), expr.alias("value")).filter(known)
    return dated.sort_by(at.filter(known), expr.filter(known))


def merge(measures: Mapping[str, Additive]) -> Iterator[pl.Expr]:
    """How contributions become one, those of a kind together; cells come in the order of their codes."""
    for kind, way in _WAYS.items():
        if names := [name for name, measure in measures.items() if isinstance(measure, kind)]:
            yield way(pl.col(names))


def cube(
    rows: pl.LazyFrame, keys: Sequence[str], measures: Mapping[str, Additive], clock_at: str
) -> pl.LazyFrame:
    """One row per code and combination of keys, every measure folded; counts are Int64 from here on.

    In the order of all of these: the last digit of a sum depends on the order in which cells are added up.
    """
    folded = {name: fold(measure, clock_at) for name, measure in measures.items()}
    cells = rows.group_by(AT, *keys).agg(**folded).sort(AT, *keys)
    return cells.with_columns(cs.unsigned_integer().cast(pl.Int64))


def merged(
    cells: pl.LazyFrame, codes: Sequence[int], keys: Sequence[str], measures: Mapping[str, Additive]
) -> pl.LazyFrame:
    """The cube's cells added up into windows, by the keys; codes outside every window drop out."""
    window = pl.lit(pl.Series(list(codes), dtype=pl.Int32)).gather(pl.col(AT))
    inside = cells.filter(pl.col(AT).is_between(0, len(codes) - 1)).with_columns(window.alias(WINDOW))
    dated = inside.filter(pl.col(WINDOW) >= 0)
    return dated.group_by(WINDOW, *keys, maintain_order=True).agg(*merge(measures))

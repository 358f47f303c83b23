"""Folding what adds up: one cube per clock at the finest grain, then merged into windows and cuts."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl
import polars.selectors as cs

from cx_kpi.engine.aggregation.binning import AT
from cx_kpi.metrics.definition.metric import Closing, Largest, Measure, Opening, Smallest, Sum

WINDOW = "__window"
Additive = Sum | Smallest | Largest | Opening | Closing


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


def merge(name: str, measure: Measure) -> pl.Expr:
    """How contributions become one; cells come in the order of their codes."""
    column = pl.col(name)
    match measure:
        case Sum():
            return column.sum()
        case Smallest():
            return column.min()
        case Largest():
            return column.max()
        case Opening():
            return column.drop_nulls().first()
        case _:
            return column.drop_nulls().last()


def cube(
    rows: pl.LazyFrame, keys: Sequence[str], measures: Mapping[str, Additive], clock_at: str
) -> pl.LazyFrame:
    """One row per code and combination of keys, every measure folded; counts are Int64 from here on."""
    folded = {name: fold(measure, clock_at) for name, measure in measures.items()}
    return rows.group_by(AT, *keys).agg(**folded).with_columns(cs.unsigned_integer().cast(pl.Int64))


def merged(
    cells: pl.LazyFrame, codes: Sequence[int], keys: Sequence[str], measures: Mapping[str, Additive]
) -> pl.LazyFrame:
    """The cube's cells added up into windows, by the keys; codes outside every window drop out."""
    window = pl.lit(pl.Series(list(codes), dtype=pl.Int32)).gather(pl.col(AT))
    inside = cells.filter(pl.col(AT).is_between(0, len(codes) - 1)).with_columns(window.alias(WINDOW))
    return (
        inside.filter(pl.col(WINDOW) >= 0)
        .sort(AT)
        .group_by(WINDOW, *keys, maintain_order=True)
        .agg(**{name: merge(name, measure) for name, measure in measures.items()})
    )

"""Dates of typed columns outside the years 1 to 9999: no calendar has them, and what shows one as text breaks off."""

from datetime import date

import polars as pl

from cx_kpi.model.values import Level
from cx_kpi.read.raw.source import Remark, counted
from cx_kpi.wording.language import mark

_EPOCH = date(1970, 1, 1).toordinal()
_FIRST, _LAST = (
    date(1, 1, 3).toordinal() - _EPOCH,
    date(9999, 12, 29).toordinal() - _EPOCH,
)  # in any time zone
_A_DAY = {"ms": 86_400_000, "us": 86_400_000_000}  # nanoseconds do not reach so far
_BEYOND = mark("Dates outside the years 1 to 9999, left empty: {rows}.")


def beyond(frame: pl.LazyFrame) -> dict[str, pl.Expr]:
    """For each column that may hold such a date, whether a cell does."""
    return {
        name: ~pl.col(name).to_physical().is_between(_FIRST * unit, _LAST * unit)
        for name, kind in frame.collect_schema().items()
        if (unit := 1 if kind == pl.Date else _A_DAY.get(getattr(kind, "time_unit", "")))
        and kind.base_type() in (pl.Date, pl.Datetime)
    }


def has_beyond(frame: pl.LazyFrame) -> bool:
    """Whether there is one; reads the columns."""
    found = beyond(frame)
    return bool(found) and bool(
        frame.select(pl.any_horizontal(each.any() for each in found.values())).collect().item()
    )


def bounded(frame: pl.LazyFrame) -> tuple[pl.LazyFrame, tuple[Remark, ...]]:
    """The frame with such cells empty, and how many there were; reads the columns."""
    found = beyond(frame)
    rows = frame.select(pl.sum_horizontal(each.sum() for each in found.values())).collect().item()
    cells = [pl.when(~each).then(pl.col(name)).alias(name) for name, each in found.items()]
    return frame.with_columns(cells), counted("impossible_dates", _BEYOND, int(rows), Level.WARNING)

"""Measures that add up, aggregated in one cube, or over the last row of each key in each window."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from cx_kpi.engine.aggregation.binning import AT
from cx_kpi.engine.aggregation.bins import Bins, Slice
from cx_kpi.engine.aggregation.cells import Cells, cells_of
from cx_kpi.engine.aggregation.cube import WINDOW, Additive, Dated, cube, merged
from cx_kpi.engine.aggregation.cuts import WHOLE, Cut
from cx_kpi.engine.time.windows import GroupName
from cx_kpi.metrics.definition.metric import Closing, Opening

_WIDEST = 50_000  # cells of one cube over all dimensions together
Measures = Mapping[str, Additive]


def added_up(bins: Bins, measures: Measures, latest: str | None) -> Cells:
    """The measures in every cell that has rows; with `latest`, of the last row of each key alone."""
    slices = bins.slices()
    queries = [_latest(bins, measures, each, latest) for each in slices] if latest else _cubes(bins, measures)
    cells = Cells()
    for (name, cut), frame in zip(slices, pl.collect_all(queries), strict=True):
        found = bins.segments(cut)
        cells.extend(
            cells_of(name, frame[WINDOW].to_list(), found.cut, found.decode(frame)),
            {key: _measured(frame[key], measure) for key, measure in measures.items()},
        )
    return cells


def _measured(column: pl.Series, measure: Additive) -> list[Any]:
    """What was measured, where it goes by time with its instant."""
    values = column.to_list()
    by_time = isinstance(measure, (Opening, Closing))
    return [each and Dated(**each) for each in values] if by_time else values


def _cubes(bins: Bins, measures: Measures) -> list[pl.LazyFrame]:
    """A query for each slice: over one cube of all dimensions by bin where that stays small, else over the rows."""
    slices = bins.slices()
    union = tuple(dict.fromkeys(name for _, cut in slices for name in cut))
    small = bins.segments(union).size * max(map(len, bins.placed.codes.values())) <= _WIDEST
    cells = _cube(bins, bins.placed.frame, union if small else WHOLE, measures).collect().lazy()
    return [
        merged(cells, bins.placed.codes[name], bins.segments(cut).keys, measures)
        if small or cut == WHOLE
        else _by_window(bins, measures, (name, cut), _inside(bins, name))
        for name, cut in slices
    ]


def _cube(bins: Bins, rows: pl.LazyFrame, cut: Cut, measures: Measures) -> pl.LazyFrame:
    return cube(rows, bins.segments(cut).keys, measures, bins.clock.at)


def _latest(bins: Bins, measures: Measures, each: Slice, latest: str) -> pl.LazyFrame:
    """The fold of one slice over the last row of each key in each window."""
    rows = _inside(bins, each[0])
    if not bins.clock.undated:
        rows = rows.sort(bins.clock.at, maintain_order=True)
    return _by_window(bins, measures, each, rows.unique([AT, latest], keep="last", maintain_order=True))


def _inside(bins: Bins, name: GroupName) -> pl.LazyFrame:
    """The rows in the windows of a group, whose numbers take the place of the bins."""
    return bins.placed.frame.with_columns(bins.window(name).cast(pl.Int32).alias(AT)).filter(pl.col(AT) >= 0)


def _by_window(bins: Bins, measures: Measures, each: Slice, rows: pl.LazyFrame) -> pl.LazyFrame:
    """A cube of rows whose bins are the windows: nothing is left to be merged."""
    return _cube(bins, rows, each[1], measures).rename({AT: WINDOW})

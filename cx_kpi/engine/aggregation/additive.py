"""Measures that add up, aggregated in one cube, or over the last row of each key in each window."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from cx_kpi.engine.aggregation.binning import AT
from cx_kpi.engine.aggregation.bins import Bins, Slice
from cx_kpi.engine.aggregation.cells import Cell, Cells
from cx_kpi.engine.aggregation.cube import WINDOW, Additive, Dated, cube, merged
from cx_kpi.engine.aggregation.cuts import Cut

_WIDEST = 200_000  # cells of one cube over all dimensions together; above it, one cube a cut
Measures = Mapping[str, Additive]


def added_up(bins: Bins, measures: Measures, latest: str | None) -> Cells:
    """The measures in every cell that has rows; with `latest`, of the last row of each key alone."""
    slices = bins.slices()
    queries = [_latest(bins, measures, each, latest) for each in slices] if latest else _cubes(bins, measures)
    cells: Cells = {}
    for (name, cut), frame in zip(slices, pl.collect_all(queries), strict=True):
        found = bins.segments(cut)
        for row in frame.iter_rows(named=True):
            values = found.decode([row[key] for key in found.keys])
            cells[Cell(name, row[WINDOW], found.cut, values)] = {key: _value(row[key]) for key in measures}
    return cells


def _value(value: Any) -> Any:
    return Dated(**value) if isinstance(value, dict) else value


def _cubes(bins: Bins, measures: Measures) -> list[pl.LazyFrame]:
    """A query for each slice, over as few passes of the rows as the dimensions allow."""
    keys = _cube_keys(bins)
    folded = pl.collect_all([_cube(bins, bins.placed.frame, cut, measures) for cut in keys])
    cubes = [(set(cut), frame.lazy()) for cut, frame in zip(keys, folded, strict=True)]
    queries = []
    for name, cut in bins.slices():
        cells = next(frame for names, frame in cubes if names.issuperset(cut))
        queries.append(merged(cells, bins.placed.codes[name], bins.segments(cut).keys, measures))
    return queries


def _cube_keys(bins: Bins) -> list[Cut]:
    """All dimensions at once where that stays small, else each cut on its own."""
    cuts = list(dict.fromkeys(cut for _, cut in bins.slices()))
    union = tuple(dict.fromkeys(name for cut in cuts for name in cut))
    small = bins.segments(union).size * max(map(len, bins.placed.codes.values())) <= _WIDEST
    return [union] if small else cuts


def _cube(bins: Bins, rows: pl.LazyFrame, cut: Cut, measures: Measures) -> pl.LazyFrame:
    return cube(rows, bins.segments(cut).keys, measures, bins.clock.at)


def _latest(bins: Bins, measures: Measures, each: Slice, latest: str) -> pl.LazyFrame:
    """The fold of one slice over the last row of each key in each window."""
    name, cut = each
    rows = bins.placed.frame.with_columns(bins.window(name).cast(pl.Int32).alias(AT)).filter(pl.col(AT) >= 0)
    if not bins.clock.undated:
        rows = rows.sort(bins.clock.at, maintain_order=True)
    rows = rows.unique([AT, latest], keep="last", maintain_order=True)
    codes = list(range(bins.spans(name)))
    return merged(_cube(bins, rows, cut, measures), codes, bins.segments(cut).keys, measures)

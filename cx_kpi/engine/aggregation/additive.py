"""What adds up, folded over a board: one cube, or the last row of each key in each window."""

from collections.abc import Mapping

import polars as pl

from cx_kpi.engine.aggregation.binning import AT
from cx_kpi.engine.aggregation.bins import Board, Slice
from cx_kpi.engine.aggregation.cells import Cell, Cells
from cx_kpi.engine.aggregation.cube import WINDOW, Additive, cube, merged
from cx_kpi.engine.aggregation.cuts import WHOLE, Cut

_WIDEST = 200_000  # cells of one cube over all dimensions together; above it, one cube a cut
Measures = Mapping[str, Additive]


def added_up(board: Board, measures: Measures, latest: str | None) -> Cells:
    """The measures in every cell that has rows; with `latest`, of the last row of each key alone."""
    slices = board.slices()
    queries = (
        [_latest(board, measures, each, latest) for each in slices] if latest else _cubes(board, measures)
    )
    cells: Cells = {}
    for (name, cut), frame in zip(slices, pl.collect_all(queries), strict=True):
        found = board.segments(cut)
        for row in frame.iter_rows(named=True):
            values = found.decode([row[key] for key in found.keys])
            cells[Cell(name, row[WINDOW], found.cut, values)] = {key: row[key] for key in measures}
    return cells


def _cubes(board: Board, measures: Measures) -> list[pl.LazyFrame]:
    """A query for each slice, over as few passes of the rows as the dimensions allow."""
    keys = _cube_keys(board)
    folded = pl.collect_all([_cube(board, board.placed.frame, cut, measures) for cut in keys])
    cubes = [(set(cut), frame.lazy()) for cut, frame in zip(keys, folded, strict=True)]
    queries = []
    for name, cut in board.slices():
        cells = next(frame for names, frame in cubes if names.issuperset(cut))
        queries.append(merged(cells, board.placed.codes[name], board.segments(cut).keys, measures))
    return queries


def _cube_keys(board: Board) -> list[Cut]:
    """All dimensions at once where that stays small, else each cut on its own."""
    union = tuple(dict.fromkeys(name for cut in board.cuts for name in cut))
    small = board.segments(union).size * max(map(len, board.placed.codes.values())) <= _WIDEST
    return [union] if small else [WHOLE, *board.cuts]


def _cube(board: Board, rows: pl.LazyFrame, cut: Cut, measures: Measures) -> pl.LazyFrame:
    return cube(rows, board.segments(cut).keys, measures, board.clock.at)


def _latest(board: Board, measures: Measures, each: Slice, latest: str) -> pl.LazyFrame:
    """The fold of one slice over the last row of each key in each window."""
    name, cut = each
    rows = board.placed.frame.with_columns(board.window(name).cast(pl.Int32).alias(AT)).filter(
        pl.col(AT) >= 0
    )
    if not board.clock.undated:
        rows = rows.sort(board.clock.at, maintain_order=True)
    rows = rows.unique([AT, latest], keep="last", maintain_order=True)
    codes = list(range(board.spans(name)))
    return merged(_cube(board, rows, cut, measures), codes, board.segments(cut).keys, measures)

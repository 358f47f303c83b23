"""Fold every metric over every window and cut: rows → cells → merged → figures."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeGuard

from cx_kpi.engine.additive import added_up
from cx_kpi.engine.board import Board, Coded, Slice, coded, make_board
from cx_kpi.engine.cells import Cell, Cells, Figures, nothing, pick
from cx_kpi.engine.cube import Additive
from cx_kpi.engine.cuts import Cut
from cx_kpi.engine.fact import Rows
from cx_kpi.engine.groups import Keys, prepare
from cx_kpi.engine.plan import Job
from cx_kpi.engine.windows import GroupName, Windows
from cx_kpi.figures import Figure
from cx_kpi.metrics.metric import Clock, Distinct, Foremost, Measure, Modal, Spread, Terms

Bundle = tuple[Clock, str | None, str | None]  # jobs of one clock, `within` and `latest` fold the same rows
Nested = dict[Cell, list[tuple[str | None, dict[str, Any]]]]


def fold_all(
    tables: Mapping[str, Rows], jobs: Sequence[Job], cuts: Sequence[Cut], windows: Windows | None
) -> Figures:
    """Figures of every job by its key and cell; metrics a cut says nothing about have none there."""
    bundles: dict[Bundle, list[Job]] = defaultdict(list)
    for job in jobs:
        bundles[job.way.clock, job.way.shape.within, job.way.shape.latest].append(job)
    figures: Figures = {}
    ready: dict[str, Coded] = {}
    for (clock, within, latest), members in bundles.items():
        rows = tables[clock.table]
        possible = [cut for cut in cuts if cut and set(cut) <= rows.columns]
        if clock.table not in ready:
            ready[clock.table] = coded(rows, [name for cut in possible for name in cut])
        columns = {column for job in members for column in job.way.shape.columns()}
        apart = [cut for cut in possible if within not in cut]
        board = make_board(ready[clock.table], clock, within, columns, apart, windows)
        figures |= _figures(board, members, latest)
    return figures


def _figures(board: Board, jobs: Sequence[Job], latest: str | None) -> Figures:
    """Everything of one board finished."""
    measures: dict[str, Measure] = {}
    users: dict[str, list[Job]] = defaultdict(list)
    for job in jobs:
        for measure in job.way.shape.measures.values():
            name = _name(measure)
            measures[name] = measure
            users[name].append(job)
    additive = {name: measure for name, measure in measures.items() if _adds_up(measure)}
    cells = added_up(board, additive, latest)
    if board.within:
        return {job.key: _finished(job, _nested(board, cells)) for job in jobs}
    for cell in board.covered():
        cells.setdefault(cell, {})
    apart = [name for name in measures if name not in additive]
    apart.sort(key=lambda name: not isinstance(measures[name], Modal))  # which meets keys on its way
    groups = {each: board.groups(*each) for each in board.slices()} if apart else {}
    met: Keys = {}
    for name in apart:
        fold = prepare(measures[name], board.placed.frame, met)
        for each, numbers in groups.items():
            if _shown(users[name], *each):
                _fill(board, each, name, fold(numbers), cells)
    for measured in cells.values():
        measured.update(
            {name: nothing(each) for name, each in measures.items() if measured.get(name) is None}
        )
    return {job.key: _finished(job, cells) for job in jobs}


def _finished(job: Job, cells: Mapping[Cell, Any]) -> dict[Cell, Figure]:
    names = {name: _name(measure) for name, measure in job.way.shape.measures.items()}
    return {
        cell: job.way.shape.finish(pick(measured, names))
        for cell, measured in cells.items()
        if not job.metric.not_by.intersection(cell.cut)
    }


def _fill(board: Board, each: Slice, name: str, values: list[Any], cells: Cells) -> None:
    """Put a measure that does not add up into the cells of a slice."""
    group, cut = each
    found = board.segments(cut)
    every = found.all()
    for number, value in enumerate(values):
        window, segment = divmod(number, found.size)
        cell = Cell(group, window, found.cut, every[segment])
        if cell in cells:
            cells[cell][name] = value


def _shown(users: Sequence[Job], group: GroupName, cut: Cut) -> bool:
    """Whether any metric shows its measure in a slice: over the series, those that only help others do not."""
    return any(
        not job.metric.not_by.intersection(cut) and (group == "overall" or not job.metric.internal)
        for job in users
    )


def _nested(board: Board, cells: Cells) -> Nested:
    """Cells by their outer cut, each a list of (value of `within`, measured)."""
    nested: Nested = {cell: [] for cell in board.covered()}
    for cell, measured in cells.items():
        outer = Cell(cell.group, cell.window, cell.cut[:-1], cell.values[:-1])
        nested.setdefault(outer, []).append((cell.values[-1], measured))
    return nested


def _name(measure: Measure) -> str:
    """The same for measures that fold the same, so that metrics share them."""
    parts = (str(getattr(measure, part.name)) for part in fields(measure))
    return f"{type(measure).__name__}({', '.join(parts)})"


def _adds_up(measure: Measure) -> TypeGuard[Additive]:
    return not isinstance(measure, (Spread, Distinct, Modal, Foremost, Terms))

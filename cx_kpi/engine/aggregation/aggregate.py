"""Fold every metric over every window and cut: rows → cells → merged → figures."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeGuard

from cx_kpi.engine.aggregation.additive import added_up
from cx_kpi.engine.aggregation.apart.groups import Keys, prepare
from cx_kpi.engine.aggregation.bins import Bins, Coded, Slice, coded, make_bins
from cx_kpi.engine.aggregation.cells import Cell, Cells, Figures, nothing, pick
from cx_kpi.engine.aggregation.cube import Additive
from cx_kpi.engine.aggregation.cuts import Cut
from cx_kpi.engine.facts.fact import Rows
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.time.windows import GroupName, Windows
from cx_kpi.metrics.definition.metric import (
    Clock,
    Distinct,
    Foremost,
    Measure,
    Mode,
    Quantiles,
    Ranked,
    Terms,
)
from cx_kpi.model.figures import Figure

Bundle = tuple[Clock, str | None, str | None]  # jobs of one clock, `within` and `latest` fold the same rows
Users = dict[str, tuple[Measure, list[Job]]]  # a measure and the jobs that use it, by its name
Nested = dict[Cell, list[tuple[str | None, dict[str, Any]]]]


def aggregate_all(
    tables: Mapping[str, Rows], jobs: Sequence[Job], cuts: Sequence[Cut], windows: Windows | None
) -> Figures:
    """Figures of every job by its key and cell; a metric that cannot be cut by a dimension has none there."""
    figures: Figures = {}
    ready: dict[str, Coded] = {}
    for (clock, within, latest), members in _bundles(jobs).items():
        rows = tables[clock.table]
        possible = [cut for cut in cuts if cut and set(cut) <= rows.columns]
        if clock.table not in ready:
            ready[clock.table] = coded(rows, [name for cut in possible for name in cut])
        columns = set[str]().union(*(job.method.aggregation.columns() for job in members))
        apart = [cut for cut in possible if within not in cut]
        bins = make_bins(ready[clock.table], clock, within, columns, apart, windows)
        figures |= _figures(bins, members, latest)
    return figures


def _bundles(jobs: Sequence[Job]) -> dict[Bundle, list[Job]]:
    """Jobs that read the same rows in the same way, together."""
    bundles: dict[Bundle, list[Job]] = defaultdict(list)
    for job in jobs:
        bundles[job.method.clock, job.method.aggregation.within, job.method.aggregation.latest].append(job)
    return bundles


def _figures(bins: Bins, jobs: Sequence[Job], latest: str | None) -> Figures:
    """Every job of one bundle finished."""
    users = _users(jobs)
    measures = {name: measure for name, (measure, _) in users.items()}
    additive = {name: measure for name, measure in measures.items() if _adds_up(measure)}
    cells = added_up(bins, additive, latest)
    if bins.within:
        return {job.key: _finished(job, _nested(bins, cells)) for job in jobs}
    for cell in bins.covered():
        cells.setdefault(cell, {})
    _measure_apart(bins, {name: each for name, each in users.items() if name not in additive}, cells)
    _complete(cells, measures)
    return {job.key: _finished(job, cells) for job in jobs}


def _complete(cells: Cells, measures: Mapping[str, Measure]) -> None:
    """Fill cells without rows with what measures are there, such as 0 for a count."""
    empty = {name: nothing(measure) for name, measure in measures.items()}
    for measured in cells.values():
        measured.update({name: none for name, none in empty.items() if measured.get(name) is None})


def _users(jobs: Sequence[Job]) -> Users:
    """Every measure of the jobs by its name, and the jobs that use it."""
    users: Users = {}
    for job in jobs:
        for measure in job.method.aggregation.measures.values():
            users.setdefault(_name(measure), (measure, []))[1].append(job)
    return users


def _measure_apart(bins: Bins, users: Users, cells: Cells) -> None:
    """Measures that do not add up, slice by slice, put into their cells."""
    groups = {each: bins.groups(*each) for each in bins.slices()} if users else {}
    met: Keys = {}
    for name, (measure, jobs) in sorted(users.items(), key=lambda each: not isinstance(each[1][0], Mode)):
        measured = prepare(measure, bins.placed.frame, met)  # the mode first: it meets keys on its way
        for each, numbers in groups.items():
            if _shown(jobs, *each):
                _fill(bins, each, name, measured(numbers), cells)


def _finished(job: Job, cells: Mapping[Cell, Any]) -> dict[Cell, Figure]:
    names = {name: _name(measure) for name, measure in job.method.aggregation.measures.items()}
    return {
        cell: job.method.aggregation.finish(pick(measured, names))
        for cell, measured in cells.items()
        if not job.metric.not_by.intersection(cell.cut)
    }


def _fill(bins: Bins, each: Slice, name: str, values: list[Any], cells: Cells) -> None:
    """Put a measure that does not add up into the cells of a slice."""
    group, cut = each
    found = bins.segments(cut)
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


def _nested(bins: Bins, cells: Cells) -> Nested:
    """Cells by their outer cut, each a list of (value of `within`, measured)."""
    nested: Nested = {cell: [] for cell in bins.covered()}
    for cell, measured in cells.items():
        outer = Cell(cell.group, cell.window, cell.cut[:-1], cell.values[:-1])
        nested.setdefault(outer, []).append((cell.values[-1], measured))
    return nested


def _name(measure: Measure) -> str:
    """The same for measures that fold the same, so that metrics share them."""
    parts = (str(getattr(measure, part.name)) for part in fields(measure))
    return f"{type(measure).__name__}({', '.join(parts)})"


def _adds_up(measure: Measure) -> TypeGuard[Additive]:
    return not isinstance(measure, (Quantiles, Ranked, Distinct, Mode, Foremost, Terms))

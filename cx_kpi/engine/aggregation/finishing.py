"""From parts to figures: the measures of all cells by columns, and a job's figures from its own columns."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import compress
from typing import Any

from cx_kpi.engine.aggregation.cells import Cell, Cells, Figures, measure_name, nothing
from cx_kpi.engine.aggregation.parts import Part, completed
from cx_kpi.engine.planning.plan import Job
from cx_kpi.metrics.definition.metric import Measure
from cx_kpi.model.figures import Figure

Nested = dict[Cell, list[tuple[str | None, dict[str, Any]]]]


def finished(part: Part, jobs: Sequence[Job], *, nested: bool) -> Figures:
    """Every job of one bundle finished."""
    cells = completed(part)
    if nested:
        inner = _nested(part.covered, cells)
        return {job.key: _by_inner(job, inner) for job in jobs}
    columns = _Columns(cells, part.measures)
    return {job.key: _by_columns(job, columns) for job in jobs}


class _Columns:
    """The cells of a part, with a column for each measure: without rows what it is there, such as 0 for a count."""

    def __init__(self, cells: Cells, measures: Mapping[str, Measure]) -> None:
        self.cells = [*cells]
        self._measured = [*cells.values()]
        self._measures = measures
        self._known: dict[str, list[Any]] = {}

    def of(self, name: str) -> list[Any]:
        """The measure in each cell."""
        if name not in self._known:
            none = nothing(self._measures[name])
            values = [measured.get(name) for measured in self._measured]
            self._known[name] = [none if value is None else value for value in values]
        return self._known[name]


def _keys(job: Job) -> dict[str, str]:
    """The name of each of a job's measures, by what the job calls it."""
    return {name: measure_name(measure) for name, measure in job.method.aggregation.measures.items()}


def _by_columns(job: Job, columns: _Columns) -> dict[Cell, Figure]:
    """The figures of a job; cells of the same counts, as many of thousands of small segments are, share one."""
    finish = job.method.aggregation.finish
    keys = _keys(job)
    shown = [not job.metric.not_by.intersection(cell.cut) for cell in columns.cells]
    measured = [[*compress(columns.of(key), shown)] for key in keys.values()]

    def figure(*values: Any) -> Figure:
        return finish(dict(zip(keys, values, strict=True)))

    counted = all({*map(type, column)} == {int} for column in measured)
    figures = map(cache(figure) if counted else figure, *measured)
    return dict(zip(compress(columns.cells, shown), figures, strict=True))


def _nested(covered: Iterable[Cell], cells: Cells) -> Nested:
    """Cells by their outer cut, each a list of (value of `within`, measured)."""
    nested: Nested = {cell: [] for cell in covered}
    for (group, window, cut, values), measured in cells.items():
        outer = (group, window, cut[:-1], values[:-1])  # equal to its cell, which is made once
        if outer not in nested:
            nested[Cell(*outer)] = []
        nested[outer].append((values[-1], measured))  # type: ignore[index]
    return nested


def _by_inner(job: Job, cells: Nested) -> dict[Cell, Figure]:
    """The figures of a job that takes the values of `within` together."""
    finish = job.method.aggregation.finish
    keys = _keys(job)
    pairs = [*keys.items()]
    return {
        cell: finish([(value, {name: parts[key] for name, key in pairs}) for value, parts in groups])
        for cell, groups in cells.items()
        if not job.metric.not_by.intersection(cell.cut)
    }

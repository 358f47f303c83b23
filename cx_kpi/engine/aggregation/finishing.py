"""From parts to figures: the measures of all cells by columns, and a job's figures from its own columns."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import compress, repeat
from typing import Any

from cx_kpi.engine.aggregation.cells import Cell, Cells, Figures, measure_name, nothing
from cx_kpi.engine.aggregation.parts import Part, completed
from cx_kpi.engine.planning.plan import Job
from cx_kpi.metrics.definition.metric import Measure
from cx_kpi.model.figures import Figure

Finish = Callable[[Any], Figure]
Nested = dict[Cell, list[tuple[str | None, int]]]


def finished(part: Part, jobs: Sequence[Job], *, nested: bool) -> Figures:
    """Every job of one bundle finished."""
    cells = completed(part)
    columns = _Columns(cells, part.measures)
    if nested:
        inner = _nested(part.covered, cells)
        return {job.key: _by_inner(job, inner, columns) for job in jobs}
    return {job.key: _by_columns(job, columns) for job in jobs}


class _Columns:
    """The cells of a part, with a column for each measure: without rows what it is there, such as 0 for a count."""

    def __init__(self, cells: Cells, measures: Mapping[str, Measure]) -> None:
        self.cells = [*cells.places]
        self._columns = cells.columns
        self._measures = measures
        self._known: dict[str, list[Any]] = {}

    def of(self, name: str) -> list[Any]:
        """The measure in each cell."""
        if name not in self._known:
            none = nothing(self._measures[name])
            values = self._columns.get(name) or [None] * len(self.cells)
            self._known[name] = [none if value is None else value for value in values]
        return self._known[name]


def _keys(job: Job) -> dict[str, str]:
    """The name of each of a job's measures, by what the job calls it."""
    return {name: measure_name(measure) for name, measure in job.method.aggregation.measures.items()}


def _by_columns(job: Job, columns: _Columns) -> dict[Cell, Figure]:
    """The figures of a job; cells of the same counts, as many of thousands of small segments are, share one."""
    keys = _keys(job)
    cells, measured = columns.cells, [columns.of(key) for key in keys.values()]
    if job.metric.not_by:
        shown = [job.metric.not_by.isdisjoint(cell.cut) for cell in cells]
        cells, measured = _those(cells, shown), [_those(column, shown) for column in measured]
    ways = _ways(job, cells)

    def figure(finish: Finish, *values: Any) -> Figure:
        return finish(dict(zip(keys, values, strict=True)))

    counted = all({*map(type, column)} == {int} for column in measured)
    figures = map(cache(figure) if counted else figure, ways, *measured)
    return dict(zip(cells, figures, strict=True))


def _those(column: Sequence[Any], shown: Sequence[bool]) -> list[Any]:
    return [*compress(column, shown)]


def _ways(job: Job, cells: Iterable[Cell]) -> Iterable[Finish]:
    """How the figure of each cell is finished."""
    finish, brief = job.method.aggregation.finish, job.method.aggregation.brief
    return repeat(finish) if brief is None else [brief if cell.cut else finish for cell in cells]


def _nested(covered: Iterable[Cell], cells: Cells) -> Nested:
    """Cells by their outer cut, each a list of (value of `within`, place)."""
    nested: Nested = {cell: [] for cell in covered}
    for (group, window, cut, values), place in cells.places.items():
        outer = (group, window, cut[:-1], values[:-1])  # equal to its cell, which is made once
        if outer not in nested:
            nested[Cell(*outer)] = []
        nested[outer].append((values[-1], place))  # type: ignore[index]
    return nested


def _by_inner(job: Job, cells: Nested, columns: _Columns) -> dict[Cell, Figure]:
    """The figures of a job that takes the values of `within` together."""
    keys = _keys(job)
    rows = zip(*(columns.of(key) for key in keys.values()), strict=True)
    parts = [*map(dict, map(zip, repeat(keys), rows))]
    shown = {cell: groups for cell, groups in cells.items() if not job.metric.not_by.intersection(cell.cut)}
    return {
        cell: finish([(value, parts[place]) for value, place in groups])
        for finish, (cell, groups) in zip(_ways(job, shown), shown.items(), strict=False)
    }

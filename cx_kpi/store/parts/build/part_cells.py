"""The cells of a part: every metric folded by pieces of weeks and months, and by each cut over the whole."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from cx_kpi.api import Run
from cx_kpi.engine.aggregation.aggregate import bundles, finish, fold
from cx_kpi.engine.aggregation.apart.counted import MOST, STILL, TIMES, VALUE
from cx_kpi.engine.aggregation.cells import measure_name
from cx_kpi.engine.aggregation.cube import Dated
from cx_kpi.engine.aggregation.cuts import WHOLE, Cut
from cx_kpi.engine.aggregation.parts import WINDOW, Part, Way
from cx_kpi.engine.facts.fact import Rows
from cx_kpi.engine.facts.of_customers import activity
from cx_kpi.engine.planning.plan import Job, Plan, make_plan
from cx_kpi.engine.time.windows import Windows
from cx_kpi.metrics.definition.metric import Foremost, Terms
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.schema import TABLES
from cx_kpi.model.values import Unit
from cx_kpi.store.parts.held.over_time import adds_over_time
from cx_kpi.store.parts.held.part_spans import GRAINS, in_periods, in_pieces, over
from cx_kpi.store.parts.held.summed import (
    CELLS,
    COUNTED,
    CUT,
    EARLY,
    END,
    JOB,
    KEY,
    PIECE,
    SECTION,
    START,
    VALUES,
)
from cx_kpi.store.parts.held.summed import WHOLE as ENTIRE

FEWEST = 5  # rows of a segment, with fewer of which it tells their number alone
Row = tuple[Any, ...]
_NAMES = pl.col(VALUES).list.eval(pl.element().fill_null("")).list.join("\x1f")
_ORDER = [*map(pl.col, (JOB, KEY, SECTION, START, END, CUT)), _NAMES]
Place = tuple[Cut, tuple[str | None, ...]]  # a cut and its values


@dataclass(frozen=True, slots=True)
class Folded:
    """The tables of cells and of counted values, the cuts they name, and how many segments are withheld."""

    cells: pl.DataFrame
    counted: pl.DataFrame
    cuts: tuple[Cut, ...]
    withheld: int


def summable(done: Run) -> Plan:
    """The plan of a run with the metrics that come to sums: not words of comments, and no names of customers."""
    fields = {name: each.fields for name, each in done.loaded.items() if not each.lacks}
    plan = make_plan(activity.with_fields(fields), done.options.metrics, done.options.config)
    return replace(plan, jobs=tuple(job for job in plan.jobs if not _needs_rows(job)))


def _needs_rows(job: Job) -> bool:
    return any(isinstance(each, Terms | Foremost) for each in job.method.aggregation.measures.values())


def cells_of(
    tables: Mapping[str, Rows], jobs: Sequence[Job], cuts: Sequence[Cut], windows: Windows, reach: date
) -> Folded:
    """Every metric by pieces and cuts; by weeks and months, too, where pieces do not add up to these."""
    made = _Made(tables, jobs, cuts)
    pieces = in_pieces(windows, reach)
    withheld = made.take(jobs, pieces, {"overall": ENTIRE, "series": PIECE}, cuts)
    if reach < windows.overall.start:
        early = over(windows, reach, windows.overall.start)
        made.take([*filter(_is_early, jobs)], early, {"overall": EARLY}, cuts)
    rest = [job for job in jobs if not (adds_over_time(job) or job.method.clock.undated)]
    for grain in GRAINS:
        made.take(rest, in_periods(windows, reach, grain), {"series": grain})
    return made.folded(withheld)


def _is_early(job: Job) -> bool:
    """Whether rows from before the part count where other parts begin earlier."""
    table = TABLES.get(job.method.clock.table)
    reports = table is not None and table.spans_report and not job.method.clock.undated
    return reports and adds_over_time(job)


def _hidden(parts: Sequence[Part], jobs: Sequence[Job]) -> dict[str, set[Place]]:
    """The segments that have too few rows for a metric, as a report withholds them."""
    figures = finish(tuple(parts), jobs)
    return {
        job.key: {
            (cell.cut, cell.values)
            for cell, figure in figures[job.key].items()
            if cell.cut and 0 < figure.n < FEWEST and job.metric.unit is not Unit.COUNT
        }
        for job in jobs
    }


class _Made:
    """The rows of both tables, as they come."""

    def __init__(self, tables: Mapping[str, Rows], jobs: Sequence[Job], cuts: Sequence[Cut]) -> None:
        self.tables = tables
        self.numbers = {job.key: number for number, job in enumerate(jobs)}
        self.cuts: dict[Cut, int] = {WHOLE: 0} | {cut: place + 1 for place, cut in enumerate(cuts)}
        self.rows: list[Row] = []
        self.counted: list[pl.DataFrame] = []

    def take(
        self, jobs: Sequence[Job], windows: Windows, sections: Mapping[str, str], cuts: Sequence[Cut] = ()
    ) -> int:
        """The cells of some metrics over some windows, each group of which is a section; gives how many segments are withheld."""
        parts = fold(self.tables, jobs, cuts, windows, Way.FAST)
        hidden = _hidden(parts, jobs) if cuts else {}
        for part, ((_, within, _), members) in zip(parts, bundles(jobs).items(), strict=True):
            depth = -1 if within is not None else None
            for job in members:
                found = _Job(job, self.numbers[job.key], hidden.get(job.key, set()), depth)
                self.rows += self._cells(part, found, windows, sections)
                self.counted += self._counted(part, found, windows, sections)
        return len(set().union(*hidden.values()))

    def folded(self, withheld: int) -> Folded:
        """Both tables."""
        counted = pl.concat([pl.DataFrame(schema=COUNTED), *self.counted])
        return Folded(
            pl.DataFrame(self.rows, CELLS, orient="row").sort(_ORDER),
            counted.sort(*_ORDER, "still", "value"),
            tuple(self.cuts),
            withheld,
        )

    def _cells(
        self, part: Part, found: "_Job", windows: Windows, sections: Mapping[str, str]
    ) -> Iterator[Row]:
        columns = found.columns(part)
        for cell, spot in part.cells.places.items():
            if cell.group not in sections or found.is_hidden(cell.cut, cell.values):
                continue
            span = windows.group(cell.group)[cell.window]
            place = self.cuts.setdefault(cell.cut, len(self.cuts))
            for key, column in columns.items():
                if (value := column[spot]) is not None:
                    where = sections[cell.group], span.start, span.end
                    yield found.number, key, *where, place, list(cell.values), *_told(value)

    def _counted(
        self, part: Part, found: "_Job", windows: Windows, sections: Mapping[str, str]
    ) -> Iterator[pl.DataFrame]:
        for key, name in found.names.items():
            for (measure, (group, cut)), table in part.counted.items():
                if measure == name and group in sections:
                    spans, number = windows.group(group), pl.col(WINDOW)
                    said = {
                        JOB: pl.lit(found.number),
                        KEY: pl.lit(key),
                        SECTION: pl.lit(sections[group]),
                        START: pl.lit(pl.Series([span.start for span in spans])).gather(number),
                        END: pl.lit(pl.Series([span.end for span in spans])).gather(number),
                        CUT: pl.lit(self.cuts.setdefault(cut, len(self.cuts))),
                        VALUES: _listed(cut),
                        "still": pl.col(STILL),
                        "value": pl.col(VALUE),
                        "times": pl.col(TIMES),
                        "most": pl.col(MOST),
                    }
                    told = table.select(
                        expr.cast(COUNTED[column]).alias(column) for column, expr in said.items()
                    )
                    yield found.without_hidden(told.collect(), cut)


@dataclass(frozen=True, slots=True)
class _Job:
    """A metric, its number, its segments with too few rows, and where the values of a cut end that it is counted within."""

    job: Job
    number: int
    hidden: set[Place]
    depth: int | None

    @property
    def names(self) -> dict[str, str]:
        """The names of its measures in a part; of those that are one, the first."""
        measures = self.job.method.aggregation.measures
        keys = {measure_name(each): key for key, each in [*measures.items()][::-1]}
        return {key: name for name, key in keys.items()}

    def columns(self, part: Part) -> dict[str, list[Any]]:
        """What was measured in the cells of a part, by what the metric calls it."""
        held = part.cells.columns
        return {key: held[name] for key, name in self.names.items() if name in held}

    def is_hidden(self, cut: Cut, values: Sequence[str | None]) -> bool:
        """Whether a segment has too few rows."""
        return (cut[: self.depth], tuple(values[: self.depth])) in self.hidden

    def without_hidden(self, rows: pl.DataFrame, cut: Cut) -> pl.DataFrame:
        """The rows of the other segments."""
        if not any(cut == other for other, _ in self.hidden):
            return rows
        shown = [not self.is_hidden(cut, values) for values in rows[VALUES].to_list()]
        return rows.filter(pl.Series(shown, dtype=pl.Boolean))


def _listed(cut: Cut) -> pl.Expr:
    """The values of a cut as a list of texts."""
    if not cut:
        return pl.lit(pl.Series([[]], dtype=pl.List(pl.String))).first()
    return pl.concat_list(pl.col(name).cast(pl.String) for name in cut)


def _told(value: Any) -> Row:
    """A value of a measure as whole number, number, instant and text."""
    at = None
    if isinstance(value, Dated):
        at, value = value
    if isinstance(value, dict):
        from json import dumps

        return None, None, at, dumps(value, ensure_ascii=False)
    if isinstance(value, float):
        return None, value, at, None
    return int(value), None, at, None

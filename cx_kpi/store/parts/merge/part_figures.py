"""Figures of the windows of a report from the cells of several parts, one metric at a time."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from json import loads
from typing import Any

import polars as pl

from cx_kpi.engine.aggregation.aggregate import finish
from cx_kpi.engine.aggregation.apart.counted import ERROR, MOST, STILL, TIMES, VALUE
from cx_kpi.engine.aggregation.bins import Slice, covered_since
from cx_kpi.engine.aggregation.cells import OVERALL, Cell, Cells, measure_name
from cx_kpi.engine.aggregation.cube import Dated
from cx_kpi.engine.aggregation.cuts import WHOLE, Cut, Values
from cx_kpi.engine.aggregation.parts import WINDOW, Part, add, sum_of
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.time.windows import Windows
from cx_kpi.metrics.definition.metric import Closing, Measure, Opening, Quantiles
from cx_kpi.model.figures import Figure
from cx_kpi.model.frozen import dataclass
from cx_kpi.store.parts.held.summed import CUT, END, JOB, KEY, SECTION, START, VALUES, Summed, SummedJob
from cx_kpi.store.parts.merge.part_windows import Places, Target, places

Place = tuple[str, int, bool]


@dataclass(frozen=True, slots=True)
class Share:
    """What one part holds of one metric."""

    part: Summed
    told: SummedJob
    number: int
    cells: pl.DataFrame
    counted: pl.DataFrame


def shares_of(parts: Sequence[Summed]) -> dict[Place, list[Share]]:
    """What the parts hold of each metric, by its method."""
    found: dict[Place, list[Share]] = defaultdict(list)
    for part in parts:
        cells, counted = (_by_job(part.tables[name]) for name in ("cells", "counted"))
        for number, told in enumerate(part.account.jobs):
            rows = cells.get(number, part.tables["cells"].clear())
            lengths = counted.get(number, part.tables["counted"].clear())
            found[told.place].append(Share(part, told, number, rows, lengths))
    return found


def _by_job(table: pl.DataFrame) -> dict[int, pl.DataFrame]:
    return {int(job): rows for (job,), rows in table.partition_by(JOB, as_dict=True).items()}


def figures_of(
    job: Job, shares: Sequence[Share], windows: Windows, cuts: Sequence[Cut]
) -> dict[Cell, Figure]:
    """The figures of a metric in each window and cut that all of its parts can tell."""
    latest = max(each.part.account.over for each in shares)
    shares = [each for each in shares if not each.told.empty] or shares[:1]
    where = [places(job, each.part.account, windows, latest) for each in shares]
    known = [cut for cut in cuts if any(set(cut) <= _fields(share, job) for share in shares)]
    parts = [
        (_Sums(job, share, place, windows, known).part(),) for share, place in zip(shares, where, strict=True)
    ]
    return _without(finish(add(*parts), [job])[job.key], where)


def _without(figures: Mapping[Cell, Figure], where: Sequence[Places]) -> dict[Cell, Figure]:
    """The figures without windows and cuts that some part cannot tell."""
    untold = set().union(*(each.untold for each in where))
    uncut = any(each.uncut for each in where)
    return {
        cell: figure
        for cell, figure in figures.items()
        if (cell.group, cell.window) not in untold and not (cell.cut and uncut)
    }


def _fields(share: Share, job: Job) -> set[str]:
    return {*share.part.account.tables[_source(job)].fields}


def _source(job: Job) -> str:
    from cx_kpi.engine.facts.of_customers import activity

    table = job.method.clock.table
    return activity.SOURCE if table == activity.TABLE else table


class _Sums:
    """What one part comes to in the windows and cuts of a report."""

    def __init__(self, job: Job, share: Share, where: Places, windows: Windows, cuts: Sequence[Cut]) -> None:
        self.job, self.share, self.where, self.windows = job, share, where, windows
        self.names = {key: measure_name(each) for key, each in job.method.aggregation.measures.items()}
        self.measures = {measure_name(each): each for each in job.method.aggregation.measures.values()}
        self.nested = job.method.aggregation.within is not None
        known = _fields(share, job)
        self.known = [cut for cut in cuts if set(cut) <= known]
        self.unknown = [
            cut for cut in cuts if not set(cut) <= known
        ]  # no such column: all its rows are unknown

    def part(self) -> Part:
        """All of it, as a part of this metric alone."""
        cells: dict[Cell, dict[str, Any]] = defaultdict(dict)
        for cell, key, value in self._cells():
            measured, name = cells[cell], self.names[key]
            measured[name] = sum_of(self.measures[name], measured.get(name), value)
        counted = self._counted()
        for (_, (group, cut)), table in counted.items():
            for window, *values in table.select(WINDOW, *cut).unique().collect().iter_rows():
                cells[Cell(group, window, cut, tuple(values))]
        covered = self._covered()
        for cell in () if self.nested else covered:
            cells[cell]
        every = Cells()
        every.extend(cells, {name: [each.get(name) for each in cells.values()] for name in self.measures})
        return Part(self.measures, frozenset(covered), every, counted, ERROR)

    def _covered(self) -> list[Cell]:
        """The windows in which no rows mean zero, not unknown."""
        if self.share.told.empty:
            return []
        undated = self.job.method.clock.undated
        return [OVERALL] if undated else covered_since(self.share.told.since, self.windows)

    def _cells(self) -> Iterator[tuple[Cell, str, Any]]:
        """Each value of a measure, in each cell that it counts in."""
        measures = self.job.method.aggregation.measures
        for row in self.share.cells.iter_rows(named=True):  # of sums, no rows of an export
            told = self.share.part.account.cuts[row[CUT]]
            value = _value(measures[row[KEY]], row)
            for target in self.where.targets.get((row[SECTION], row[START], row[END]), ()):
                for cut, values in self._places(told, tuple(row[VALUES]), target):
                    yield Cell(target.group, target.window, cut, values), row[KEY], value

    def _places(self, cut: Cut, values: Values, target: Target) -> Iterator[tuple[Cut, Values]]:
        """The cuts in which what is told of one counts: itself, and those of which the part has no column."""
        outer = cut[:-1] if self.nested else cut
        if outer == WHOLE:
            yield cut, values
            for other in self.unknown if target.cut else ():
                inner = len(cut) - len(outer)
                yield (*other, *cut[len(cut) - inner :]), (*(None,) * len(other), *values)
        elif target.cut and outer in self.known:
            yield cut, values

    def _counted(self) -> dict[tuple[str, Slice], pl.LazyFrame]:
        """The counted values by measure and slice, as parts hold them."""
        found: dict[tuple[str, Slice], list[pl.LazyFrame]] = defaultdict(list)
        spans = self.where.table()
        for (key, number), rows in self.share.counted.partition_by(KEY, CUT, as_dict=True).items():
            told = self.share.part.account.cuts[number]
            placed = rows.join(spans, on=[SECTION, START, END])
            for (group, cuts), some in placed.partition_by("group", "cuts", as_dict=True).items():
                target = Target(group, 0, cut=bool(cuts))
                for cut, names in self._places(told, told, target):
                    table = self._placed(
                        some, cut, [None if name is None else told.index(name) for name in names], str(key)
                    )
                    found[self.names[str(key)], (group, cut)].append(table)
        return {each: pl.concat(tables) for each, tables in found.items()}

    def _placed(self, rows: pl.DataFrame, cut: Cut, sources: Sequence[int | None], key: str) -> pl.LazyFrame:
        """Counted values with the window and a column for each dimension; what has no place among the values is unknown."""
        of = self.job.method.aggregation.measures[key]
        exact = pl.Int64 if isinstance(of, Quantiles) else pl.Float64
        columns = {
            name: pl.lit(None, pl.String) if place is None else pl.col(VALUES).list.get(place)
            for name, place in zip(cut, sources, strict=True)
        }
        return rows.lazy().select(
            pl.col("window").cast(pl.Int32).alias(WINDOW),
            *(expr.alias(name) for name, expr in columns.items()),
            pl.col("still").alias(STILL),
            pl.col("value").cast(exact).alias(VALUE),
            pl.col("times").alias(TIMES),
            pl.col("most").cast(exact).alias(MOST),
        )


def _value(measure: Measure, row: Mapping[str, Any]) -> Any:
    """The value of a measure, as it adds up."""
    if row["text"] is not None:
        return loads(row["text"])
    value = row["whole"] if row["number"] is None else row["number"]
    return Dated(row["at"], value) if isinstance(measure, Opening | Closing) else value

"""Fold every metric over every window and cut: rows → cells → merged → figures."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from typing import TypeGuard

import polars as pl

from cx_kpi.engine.aggregation.additive import added_up
from cx_kpi.engine.aggregation.apart.counted import ERROR, NUMBER
from cx_kpi.engine.aggregation.apart.groups import Met, prepare, prepare_counted
from cx_kpi.engine.aggregation.binning import GROUPS, Stock, stock_of
from cx_kpi.engine.aggregation.bins import (
    Bins,
    Coded,
    Slice,
    bins_of_stock,
    coded,
    covered_of,
    make_bins,
)
from cx_kpi.engine.aggregation.cells import Cell, Cells, Figures, cells_of, measure_name
from cx_kpi.engine.aggregation.cube import Additive
from cx_kpi.engine.aggregation.cuts import Cut
from cx_kpi.engine.aggregation.finishing import finished
from cx_kpi.engine.aggregation.levels import levels
from cx_kpi.engine.aggregation.parts import WINDOW, Part, Parts, Way, added
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

Bundle = tuple[Clock, str | None, str | None]  # jobs of one clock, `within` and `latest` fold the same rows
Users = dict[str, tuple[Measure, list[Job]]]  # a measure and the jobs that use it, by its name
FEW = 100_000  # rows of a stock, each at each edge
SERIES: tuple[GroupName, ...] = ("series",)


def aggregate_all(
    tables: Mapping[str, Rows],
    jobs: Sequence[Job],
    cuts: Sequence[Cut],
    windows: Windows | None,
    way: Way = Way.SORTED,
) -> Figures:
    """Figures of every job by its key and cell; a metric that cannot be cut by a dimension has none there."""
    return finish(fold(tables, jobs, cuts, windows, way), jobs)


def fold(
    tables: Mapping[str, Rows],
    jobs: Sequence[Job],
    cuts: Sequence[Cut],
    windows: Windows | None,
    way: Way = Way.SORTED,
) -> Parts:
    """What the rows of the tables come to, for each bundle of the jobs; what is `SORTED` does not add up."""
    ready: dict[str, Coded] = {}
    parts: list[Part] = []
    for (clock, within, latest), members in bundles(jobs).items():
        rows = tables[clock.table]
        possible = [cut for cut in cuts if cut and set(cut) <= rows.columns]
        if clock.table not in ready:
            ready[clock.table] = coded(rows, [name for cut in possible for name in cut])
        users, table = _users(members), ready[clock.table]
        if windows and clock.is_stock and way is Way.SORTED and (within, latest) == (None, None):
            parts.append(added(_of_stock(table, clock, users, possible, windows)))
            continue
        apart = [cut for cut in possible if within not in cut]
        every = make_bins(table, clock, within, _columns(users), apart, windows)
        parts.append(added(_part(bins, users, latest, _held(way, clock)) for bins in every))
    return tuple(parts)


def _held(way: Way, clock: Clock) -> Way:
    """How quantiles of the rows of a clock are held: a stock comes in stretches, which are added."""
    return Way.FAST if clock.is_stock and way is Way.ROUNDED else way


def _columns(users: Users) -> set[str]:
    """What the aggregations of some jobs read."""
    jobs = (job for _, every in users.values() for job in every)
    return set[str]().union(*(job.method.aggregation.columns for job in jobs))


def _of_stock(table: Coded, clock: Clock, users: Users, cuts: list[Cut], windows: Windows) -> Iterator[Part]:
    """The parts of a stock: the series from its changes as far as they tell, the rest from its rows at each edge.

    A few rows are sooner looked at than asked for their changes.
    """
    rows, dimensions = table
    codes = {dimension.column for dimension in dimensions.values()}
    stock = stock_of(rows, _columns(users) | codes, clock, windows)
    if stock.places <= FEW:
        for bins in bins_of_stock(table, clock, stock, cuts, GROUPS):
            yield _part(bins, users, None, Way.SORTED)
        return
    covered = covered_of(rows, clock, windows, {"series": range(len(windows.series))})
    part, rest = _by_changes(stock, users, frozenset(covered))
    yield part
    for bins in bins_of_stock(table, clock, stock, cuts, ("overall", "previous")):
        yield _part(bins, users, None, Way.SORTED)
    for bins in bins_of_stock(table, clock, stock, cuts, SERIES) if rest else ():
        yield _part(bins, rest, None, Way.SORTED)


def finish(parts: Parts, jobs: Sequence[Job]) -> Figures:
    """The figures of the jobs from the parts of all rows."""
    figures: Figures = {}
    for part, ((_, within, _), members) in zip(parts, bundles(jobs).items(), strict=True):
        figures |= finished(part, members, nested=within is not None)
    return figures


def bundles(jobs: Sequence[Job]) -> dict[Bundle, list[Job]]:
    """Jobs that read the same rows in the same way, together."""
    bundles: dict[Bundle, list[Job]] = defaultdict(list)
    for job in jobs:
        bundles[job.method.clock, job.method.aggregation.within, job.method.aggregation.latest].append(job)
    return bundles


def _by_changes(stock: Stock, users: Users, covered: frozenset[Cell]) -> tuple[Part, Users]:
    """What the changes of a stock tell of its series, and the measures of which they do not."""
    measures = {name: measure for name, (measure, _) in users.items()}
    cells, told = levels(stock, measures)
    rest = {name: each for name, each in users.items() if name not in told}
    cells.cover(covered)
    return Part(measures, covered, cells, {}), rest


def _part(bins: Bins, users: Users, latest: str | None, way: Way) -> Part:
    """What the rows of one bundle come to."""
    measures = {name: measure for name, (measure, _) in users.items()}
    additive = {name: measure for name, measure in measures.items() if _adds_up(measure)}
    cells, covered = added_up(bins, additive, latest), frozenset(bins.covered())
    if bins.within:
        return Part(measures, covered, cells, {})
    cells.cover(covered)
    apart = {name: each for name, each in users.items() if name not in additive}
    counted = _measure_apart(bins, apart, cells, way)
    return Part(measures, covered, cells, counted, ERROR if way is Way.FAST else 0.0)


def _users(jobs: Sequence[Job]) -> Users:
    """Every measure of the jobs by its name, and the jobs that use it."""
    users: Users = {}
    for job in jobs:
        for measure in job.method.aggregation.measures.values():
            users.setdefault(measure_name(measure), (measure, []))[1].append(job)
    return users


def _measure_apart(bins: Bins, users: Users, cells: Cells, way: Way) -> dict[tuple[str, Slice], pl.LazyFrame]:
    """Measures that do not add up, slice by slice, put into their cells; those held as counted values as tables."""
    groups = bins.groups() if users else {}
    spots = {each: _spots(bins, each, cells) for each in groups}
    met = Met()
    tables: dict[tuple[str, Slice], pl.LazyFrame] = {}
    for name, (measure, jobs) in sorted(users.items(), key=lambda each: _turn(each[1][0])):
        shown = {each: numbers for each, numbers in groups.items() if _shown(jobs, *each)}
        rows = bins.placed.frame
        if way.adds_up and isinstance(measure, (Quantiles, Ranked)):
            counts = prepare_counted(measure, rows, fast=way is Way.FAST)
            tables |= {(name, each): _placed(bins, each, counts(found)) for each, found in shown.items()}
            continue
        measured = prepare(measure, rows, met, adds_up=way.adds_up, fast=way is Way.ROUNDED)
        for each, numbers in shown.items():
            column = cells.column(name)
            for spot, value in zip(spots[each], measured(numbers), strict=True):
                if spot is not None:
                    column[spot] = value
    return tables


def _turn(measure: Measure) -> int:
    """Keys are counted last, in the order in which measures meet them for one another."""
    met = (Mode, Foremost, Distinct)
    return met.index(type(measure)) if isinstance(measure, met) else -1


def _placed(bins: Bins, each: Slice, counts: pl.DataFrame) -> pl.LazyFrame:
    """A table of counted values with the window and the values of the cut instead of the number of the group."""
    found, number = bins.segments(each[1]), pl.col(NUMBER)
    columns = zip(*found.all(), strict=True) if found.size else (() for _ in found.cut)
    names = {
        name: pl.lit(pl.Series(column, dtype=pl.Categorical)).gather(number % found.size)
        for name, column in zip(found.cut, columns, strict=True)
    }
    window = (number // found.size).cast(pl.Int32).alias(WINDOW)
    return counts.with_columns(window, **names).drop(NUMBER).lazy()


def _spots(bins: Bins, each: Slice, cells: Cells) -> list[int | None]:
    """The place of each group of a slice, by its number; None where it has no cell."""
    group, cut = each
    found = bins.segments(cut)
    every = found.all()
    return [
        cells.places.get(cell)
        for window in range(bins.spans(group))
        for cell in cells_of(group, repeat(window), found.cut, every)
    ]


def _shown(users: Sequence[Job], group: GroupName, cut: Cut) -> bool:
    """Whether any metric shows its measure in a slice: over the series, those that only help others do not."""
    return any(
        not job.metric.not_by.intersection(cut) and (group == "overall" or not job.metric.internal)
        for job in users
    )


def _adds_up(measure: Measure) -> TypeGuard[Additive]:
    return not isinstance(measure, (Quantiles, Ranked, Distinct, Mode, Foremost, Terms))

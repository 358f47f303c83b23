"""Exhibits that no metric holds: rows of the window folded anew, by hour of the week, by week, by bins."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

import polars as pl

from cx_kpi.engine.aggregation.apart import order_statistics
from cx_kpi.engine.aggregation.binning import AT
from cx_kpi.engine.aggregation.cube import Additive, cube
from cx_kpi.engine.facts.fact import Rows
from cx_kpi.engine.planning.plan import Job, Plan
from cx_kpi.engine.time import periods
from cx_kpi.engine.time.windows import Windows, bin_index, microseconds, midnight
from cx_kpi.metrics.charts import CHARTS
from cx_kpi.metrics.definition.aggregations import one_of
from cx_kpi.metrics.definition.chart import ChartDefinition, Hours, Waits, Weeks
from cx_kpi.metrics.definition.clocks import CREATED
from cx_kpi.metrics.definition.metric import Aggregation, Clock, Quantiles, measure_columns
from cx_kpi.model.figures import Figure
from cx_kpi.model.frozen import dataclass

QUARTER = 15 * 60 * 1_000_000  # microseconds: local hours begin on a quarter of an hour of UTC
DAY = 96 * QUARTER
HOURS, DAYS = 24, 7
WAIT = "wait:"


@dataclass(frozen=True, slots=True)
class Grid:
    """Figures by row and column; `rows` are weekdays or days, `columns` hours, days or edges in seconds."""

    rows: Sequence[int | date]
    columns: Sequence[float]
    cells: Sequence[Sequence[Figure]]
    young: Sequence[Sequence[bool]] = field(default_factory=tuple)


Grids = Mapping[str, Grid]


def make_grids(
    tables: Mapping[str, Rows], plan: Plan, windows: Windows, asked: Sequence[str]
) -> dict[str, Grid]:
    """The grid of each exhibit whose metric is computed, and is asked for where any is."""
    jobs = {job.metric.id: job for job in plan.jobs if not job.aside}
    grids: dict[str, Grid] = {}
    for chart in CHARTS:
        job = jobs.get(chart.metric)
        if job and (not asked or chart.metric in asked) and not job.method.clock.undated:
            grid = _grid(chart, job, tables[job.method.clock.table], windows)
            grids |= {chart.id: grid} if grid else {}
    return grids


def _grid(chart: ChartDefinition, job: Job, rows: Rows, windows: Windows) -> Grid | None:
    match chart.source:
        case Hours():
            return _hours(job, rows, windows)
        case Waits(edges):
            return _waits(job, rows, windows, edges)
        case Weeks(weeks, aggregations):
            return _weeks(rows, windows, weeks, aggregations)
        case _:
            return None


def _hours(job: Job, rows: Rows, windows: Windows) -> Grid:
    """The metric by weekday and hour of its clock."""
    clock, aggregation = job.method.clock, job.method.aggregation
    found = _folded(rows, hour_of_week(pl.col(clock.at), windows), clock, {0: aggregation})
    every = [found.get(hour, {}).get(0, Figure(0, 0)) for hour in range(DAYS * HOURS)]
    cells = [every[day * HOURS : (day + 1) * HOURS] for day in range(DAYS)]
    return Grid(range(DAYS), range(HOURS), cells)


def _waits(job: Job, rows: Rows, windows: Windows, edges: Sequence[float]) -> Grid:
    """The durations whose median the metric gives, counted between the edges."""
    spread = next(each for each in job.method.aggregation.measures.values() if isinstance(each, Quantiles))
    value, clock = order_statistics.milliseconds(spread.expr), job.method.clock
    waits = rows.lazy().select(pl.when(inside(pl.col(clock.at), windows)).then(value).alias(WAIT))
    longer = [(pl.col(WAIT) >= round(edge * 1000)).sum().alias(str(edge)) for edge in edges]
    found = waits.select(pl.col(WAIT).count(), *longer).collect().row(0)  # a search takes thrice the time
    counts = [more - fewer for more, fewer in pairwise((*found, 0))]
    cells = [Figure(n, n, worked=one_of(n, n)) if n else Figure(0, 0) for n in counts]
    return Grid((0,), (0.0, *edges), [cells])


def _weeks(rows: Rows, windows: Windows, weeks: int, aggregations: Mapping[int, Aggregation]) -> Grid | None:
    """By ISO week of creation, from the first that has rows; the last may be cut by the end of the window."""
    read = {name for each in aggregations.values() for name in _columns(each)}
    if not rows.columns >= read:
        return None
    end = windows.overall.end
    first = periods.floor(end - timedelta(days=1), "week") - timedelta(weeks=weeks - 1)
    edges = [*(first + timedelta(weeks=week) for week in range(weeks)), end]
    at = bin_index(pl.col(CREATED.at), [microseconds(midnight(day, windows.zone)) for day in edges])
    found = _folded(rows, pl.when(at < weeks).then(at).otherwise(-1), CREATED, aggregations)
    empty = dict.fromkeys(aggregations, Figure(None, 0))
    shown = range(min(found, default=weeks), weeks)
    return Grid(
        [edges[week] for week in shown],
        list(aggregations),
        [list(found.get(week, empty).values()) for week in shown],
        [[_is_young(edges[week + 1], days, windows) for days in aggregations] for week in shown],
    )


def _is_young(end: date, days: int, windows: Windows) -> bool:
    return microseconds(midnight(end, windows.zone)) + days * DAY > microseconds(windows.as_of)


def _columns(aggregation: Aggregation) -> set[str]:
    return set().union(*(measure_columns(each) for each in aggregation.measures.values()))


def hour_of_week(at: pl.Expr, windows: Windows) -> pl.Expr:
    """The local hour since Monday 00:00, 0 to 167; −1 outside the window.

    One zone conversion a quarter of an hour instead of one a row.
    """
    start, end = _bounds(windows)
    table = _hours_since_monday(start, end, windows.zone.key)
    physical = at.to_physical()
    quarter = ((physical - start) // QUARTER).clip(0, len(table) - 1)
    return pl.when((physical >= start) & (physical < end)).then(pl.lit(table).gather(quarter)).otherwise(-1)


@lru_cache(maxsize=2)  # two exhibits ask for the same
def _hours_since_monday(start: int, end: int, zone: str) -> pl.Series:
    """The local hour of the week of each quarter of an hour."""
    quarters = pl.int_range(start, end, QUARTER, eager=True).cast(pl.Datetime("us", "UTC"))
    local = quarters.dt.convert_time_zone(zone).to_frame("at").lazy()
    hour = (pl.col("at").dt.weekday() - 1).cast(pl.Int32) * HOURS + pl.col("at").dt.hour().cast(pl.Int32)
    return local.select(hour).collect().to_series()


def inside(at: pl.Expr, windows: Windows) -> pl.Expr:
    """Whether an instant lies in the window."""
    start, end = _bounds(windows)
    return at.to_physical().is_between(start, end, closed="left")


def _bounds(windows: Windows) -> tuple[int, int]:
    start, end = (midnight(day, windows.zone) for day in (windows.overall.start, windows.overall.end))
    return microseconds(start), microseconds(end)


def _folded(
    rows: Rows, at: pl.Expr, clock: Clock, aggregations: Mapping[int, Aggregation]
) -> dict[int, dict[int, Figure]]:
    """The figure of each shape in each group `at` of rows; negative groups are left out."""
    measures: dict[str, Additive] = {
        f"{key} {name}": measure  # type: ignore[misc]  # exhibits fold what adds up
        for key, aggregation in aggregations.items()
        for name, measure in aggregation.measures.items()
    }
    placed = rows.lazy().with_columns(at.alias(AT)).filter(pl.col(AT) >= 0)
    folded = cube(placed, [], measures, clock.at).collect()
    return {
        row[AT]: {
            key: aggregation.finish({name: row[f"{key} {name}"] for name in aggregation.measures})
            for key, aggregation in aggregations.items()
        }
        for row in folded.iter_rows(named=True)
    }

"""Exhibits that no metric holds: rows of the window folded anew, by hour of the week, by week, by bins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl

from cx_kpi.engine.aggregation import order_statistics as order
from cx_kpi.engine.aggregation.binning import AT
from cx_kpi.engine.aggregation.cube import Additive, cube
from cx_kpi.engine.facts.fact import Rows
from cx_kpi.engine.planning.plan import Job, Plan
from cx_kpi.engine.time import periods
from cx_kpi.engine.time.windows import Windows, microseconds, midnight, slot
from cx_kpi.metrics.charts import EXHIBITS
from cx_kpi.metrics.definition.aggregations import count
from cx_kpi.metrics.definition.chart import Chart, Hours, Waits, Weeks
from cx_kpi.metrics.definition.clocks import CREATED
from cx_kpi.metrics.definition.metric import Clock, Shape, Spread, measure_columns
from cx_kpi.model.figures import Figure

QUARTER = 15 * 60 * 1_000_000  # microseconds: local hours begin on a quarter of an hour of UTC
DAY = 96 * QUARTER
HOURS, DAYS = 24, 7


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
    for chart in EXHIBITS:
        job = jobs.get(chart.metric)
        if job and (not asked or chart.metric in asked) and not job.way.clock.undated:
            grid = _grid(chart, job, tables[job.way.clock.table], windows)
            grids |= {chart.id: grid} if grid else {}
    return grids


def _grid(chart: Chart, job: Job, rows: Rows, windows: Windows) -> Grid | None:
    match chart.source:
        case Hours():
            return _hours(job, rows, windows)
        case Waits(edges):
            return _waits(job, rows, windows, edges)
        case Weeks(weeks, shapes):
            return _weeks(rows, windows, weeks, shapes)
        case _:
            return None


def _hours(job: Job, rows: Rows, windows: Windows) -> Grid:
    """The metric's own way, by weekday and hour of its clock."""
    clock, shape = job.way.clock, job.way.shape
    found = _folded(rows, hour_of_week(pl.col(clock.at), windows), clock, {0: shape})
    every = [found.get(hour, {}).get(0, Figure(0, 0)) for hour in range(DAYS * HOURS)]
    cells = [every[day * HOURS : (day + 1) * HOURS] for day in range(DAYS)]
    return Grid(range(DAYS), range(HOURS), cells)


def _waits(job: Job, rows: Rows, windows: Windows, edges: Sequence[float]) -> Grid:
    """The durations whose median the metric gives, counted between the edges."""
    spread = next(each for each in job.way.shape.measures.values() if isinstance(each, Spread))
    value, clock = order.milliseconds(spread.expr), job.way.clock
    bins = pl.lit(pl.Series([round(edge * 1000) for edge in edges])).search_sorted(value, side="right")
    at = (
        pl.when(inside(pl.col(clock.at), windows) & value.is_not_null())
        .then(bins.cast(pl.Int32))
        .otherwise(-1)
    )
    found = _folded(rows, at, clock, {0: count()})
    cells = [found[i][0] if i in found else Figure(0, 0) for i in range(len(edges) + 1)]
    return Grid((0,), (0.0, *edges), [cells])


def _weeks(rows: Rows, windows: Windows, weeks: int, shapes: Mapping[int, Shape]) -> Grid | None:
    """By ISO week of creation, from the first that has rows; the last may be cut by the end of the window."""
    read = {name for each in shapes.values() for name in _columns(each)}
    if not rows.columns >= read:
        return None
    end = windows.overall.end
    first = periods.floor(end - timedelta(days=1), "week") - timedelta(weeks=weeks - 1)
    edges = [*(first + timedelta(weeks=week) for week in range(weeks)), end]
    at = slot(pl.col(CREATED.at), [microseconds(midnight(day, windows.zone)) for day in edges])
    found = _folded(rows, pl.when(at < weeks).then(at).otherwise(-1), CREATED, shapes)
    empty = dict.fromkeys(shapes, Figure(None, 0))
    shown = range(min(found, default=weeks), weeks)
    return Grid(
        [edges[week] for week in shown],
        list(shapes),
        [list(found.get(week, empty).values()) for week in shown],
        [[_is_young(edges[week + 1], days, windows) for days in shapes] for week in shown],
    )


def _is_young(end: date, days: int, windows: Windows) -> bool:
    return microseconds(midnight(end, windows.zone)) + days * DAY > microseconds(windows.as_of)


def _columns(shape: Shape) -> set[str]:
    return set().union(*(measure_columns(each) for each in shape.measures.values()))


def hour_of_week(at: pl.Expr, windows: Windows) -> pl.Expr:
    """The local hour since Monday 00:00, 0 to 167; −1 outside the window.

    One zone conversion a quarter of an hour instead of one a row.
    """
    start, end = _bounds(windows)
    quarters = pl.int_range(start, end, QUARTER, eager=True).cast(pl.Datetime("us", "UTC"))
    local = quarters.dt.convert_time_zone(windows.zone.key).to_frame("at").lazy()
    hour = (pl.col("at").dt.weekday() - 1).cast(pl.Int32) * HOURS + pl.col("at").dt.hour().cast(pl.Int32)
    table = local.select(hour).collect().to_series()
    physical = at.to_physical()
    quarter = ((physical - start) // QUARTER).clip(0, len(table) - 1)
    return pl.when((physical >= start) & (physical < end)).then(pl.lit(table).gather(quarter)).otherwise(-1)


def inside(at: pl.Expr, windows: Windows) -> pl.Expr:
    """Whether an instant lies in the window."""
    start, end = _bounds(windows)
    return at.to_physical().is_between(start, end, closed="left")


def _bounds(windows: Windows) -> tuple[int, int]:
    start, end = (midnight(day, windows.zone) for day in (windows.overall.start, windows.overall.end))
    return microseconds(start), microseconds(end)


def _folded(
    rows: Rows, at: pl.Expr, clock: Clock, shapes: Mapping[int, Shape]
) -> dict[int, dict[int, Figure]]:
    """The figure of each shape in each group `at` of rows; negative groups are left out."""
    measures: dict[str, Additive] = {
        f"{key} {name}": measure  # type: ignore[misc]  # exhibits fold what adds up
        for key, shape in shapes.items()
        for name, measure in shape.measures.items()
    }
    placed = rows.lazy().with_columns(at.alias(AT)).filter(pl.col(AT) >= 0)
    folded = cube(placed, [], measures, clock.at).collect()
    return {
        row[AT]: {
            key: shape.finish({name: row[f"{key} {name}"] for name in shape.measures})
            for key, shape in shapes.items()
        }
        for row in folded.iter_rows(named=True)
    }

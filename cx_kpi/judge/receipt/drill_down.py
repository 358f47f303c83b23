"""The drill-down: the worst rows of a figure, the targets of its rows, and their segments."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from cx_kpi.engine.aggregation.cells import OVERALL, Cell
from cx_kpi.engine.aggregation.cuts import Cut
from cx_kpi.engine.drilldown.contributions import ROW
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.results import Results
from cx_kpi.metrics.definition.metric import Cohort, Metric
from cx_kpi.model.documents.receipt import Behind, Part, RowGoal, Worst
from cx_kpi.model.figures import Figure
from cx_kpi.model.values import Better, Unit
from cx_kpi.wording.language import Language, mark

MOST = 10
FEWEST = 5  # a segment with fewer rows shows their number alone
NEAR = 1e-9  # of what the parts come to, to the whole
MISSES = mark("those that miss, the longest first")
LATEST = mark("the latest first")
OLDEST = mark("the oldest first")
LARGEST = mark("the largest first")
SLOWEST = mark("the slowest first")
LOWEST = mark("the lowest first")


def worst_rows(traced: pl.DataFrame, named: pl.DataFrame, job: Job, zone: str, language: Language) -> Worst:
    """The worst rows that count; `named` has an id for each row, its ticket, and the columns to show with it.

    The link of each is the id of its ticket.

    The column `due` of the traced rows is true where the target comes from a deadline.
    """
    bad, by, descending, order = _ordered(traced.filter("counts"), job)
    first = bad.sort(by, "at", ROW, descending=[descending, True, False], nulls_last=True).head(MOST)
    shown = "size" if traced["value"].dtype == pl.Boolean else "value"
    rows = first.select(ROW, "at", "target", "due", shown=shown).join(
        named, on=ROW, how="left", maintain_order="left"
    )
    unit = (
        Unit.SECONDS if shown == "size" else Unit.SCORE if job.metric.unit is Unit.POINTS else job.metric.unit
    )
    return Worst(language(order), unit, [_behind(row, zone) for row in rows.drop(ROW).iter_rows(named=True)])


def _ordered(rows: pl.DataFrame, job: Job) -> tuple[pl.DataFrame, str, bool, str]:
    """The rows that are bad for the number, what to order them by, whether downwards, and how that is called."""
    better = job.metric.better
    if better is Better.NEITHER or rows["value"].null_count() == rows.height:
        return rows.clear(), "at", True, ""
    if rows["value"].dtype == pl.Boolean:
        bad = rows.filter(pl.col("value") == (better is Better.LOWER))
        if rows["size"].null_count() < rows.height:
            return bad, "size", True, SLOWEST if better is Better.LOWER else MISSES
        old = job.method.clock.cohort is Cohort.STOCK
        return bad, "at", not old, OLDEST if old else LATEST
    if better is Better.HIGHER:
        return rows, "value", False, LOWEST
    return rows, "value", True, SLOWEST if job.metric.unit is Unit.SECONDS else LARGEST


def _behind(row: dict[str, Any], zone: str) -> Behind:
    at, value, target, due, ticket = (row.pop(name) for name in ("at", "shown", "target", "due", "ticket"))
    more = {name: _plain(each, zone) for name, each in row.items() if name != "id" and each is not None}
    if not due:
        return Behind(row["id"], _plain(at, zone), value, target, more, link=ticket)
    until = _plain(at + timedelta(seconds=target), zone)
    return Behind(row["id"], _plain(at, zone), value, None, more, until, ticket)


def _plain(value: Any, zone: str) -> Any:
    from zoneinfo import ZoneInfo

    return value.astimezone(ZoneInfo(zone)).isoformat() if isinstance(value, datetime) else value


def row_targets(traced: pl.DataFrame) -> list[RowGoal]:
    """The targets of single rows, the shortest first, deadlines last."""
    rows = traced.filter(pl.col("counts") & pl.col("target").is_not_null())
    if rows.is_empty() or rows["value"].dtype != pl.Boolean:
        return []
    hits = pl.col("value").sum().cast(pl.Int64)
    length = pl.when(~pl.col("due")).then("target").alias("target")
    counted = rows.group_by(length).agg(pl.len().cast(pl.Int64), hits).sort("target", nulls_last=True)
    return [RowGoal(*row) for row in counted.iter_rows()]


def parts(results: Results, metric: Metric, cuts: Sequence[Cut]) -> list[Part]:
    """Each segment of each cut in the whole, the strongest pull first."""
    return [part for cut in cuts for part in _of_cut(results, metric, cut)]


def _of_cut(results: Results, metric: Metric, cut: Cut) -> list[Part]:
    figures = results.figures.get(metric.id, {})
    whole = figures.get(OVERALL)
    cells = [(cell, figure) for cell, figure in figures.items() if cell.cut == cut and figure.n]
    total = sum(figure.n for _, figure in cells)
    if whole is None or not total:
        return []
    adds_up = _adds_up(whole, [figure for _, figure in cells], total)
    found = [_part(cell, figure, whole, total, adds_up=adds_up) for cell, figure in cells]
    return sorted(found, key=lambda part: (-abs(part.pull or 0.0), -part.n, str(part.by)))


def _adds_up(whole: Figure, figures: Sequence[Figure], total: int) -> bool:
    """Whether the whole is the mean of its segments, each weighed by its rows."""
    values = [figure.value for figure in figures]
    if (
        whole.sample is None
        or total != whole.n
        or not all(isinstance(value, (int, float)) for value in values)
    ):
        return False
    came = sum(figure.value * figure.n for figure in figures) / total  # type: ignore[operator,misc]
    return abs(came - whole.value) <= NEAR * max(1.0, abs(came))  # type: ignore[operator]


def _part(cell: Cell, figure: Figure, whole: Figure, total: int, *, adds_up: bool) -> Part:
    share, known = figure.n / total, figure.n >= FEWEST or isinstance(whole.value, int)
    value = figure.value if known else None
    pull = share * (figure.value - whole.value) if adds_up and known else None  # type: ignore[operator]
    return Part(dict(zip(cell.cut, cell.values, strict=True)), value, figure.n, share, pull)

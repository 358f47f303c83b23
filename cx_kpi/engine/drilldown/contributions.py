"""Row by row what a metric makes of its table: whether a row counts, what it brings, and why others do not count."""

from collections.abc import Sequence

import polars as pl

from cx_kpi.engine.aggregation.bins import Board, make_board
from cx_kpi.engine.facts.fact import Rows
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.time.windows import Windows
from cx_kpi.metrics.definition.metric import Clock, Out, Single
from cx_kpi.wording.language import mark

ROW = "row:"  # the place of a row in its table, as it was loaded
UNDATED = mark("without the date to count by")
OUTSIDE = mark("outside the window")
ABSENT = mark("not there at the end of the window")
ABSENT_FIRST = mark("not there at the start of the window")
REPLACED = mark("answered again later")
INCOMPLETE = mark("without what the formula needs")


def trace(rows: Rows, job: Job, windows: Windows | None) -> pl.DataFrame:
    """One line for each row of the metric's table, in order: ROW, at, counts, value, size, goal, and why it is out.

    `why` is null where the row counts; `value`, `size` and `goal` where it does not.
    """
    shape, clock = job.way.shape, job.way.clock
    single = shape.single
    if single is None:
        raise TypeError(job.metric.id)
    columns = {ROW, *_columns(single), *shape.columns()}
    board = make_board((rows, {}), clock, None, columns, [], windows)
    inside = _inside(board, clock, shape.latest)
    counts = single.counts.fill_null(value=False) & pl.col("last:")
    judged = inside.select(
        ROW,
        counts.alias("counts"),
        _first((Out(REPLACED, ~pl.col("last:")), *single.outs), pl.lit(INCOMPLETE)).alias("within"),
        *(_brought(each, counts).alias(name) for name, each in _numbers(single).items()),
    )
    dated = clock.at in rows.columns
    at = pl.col(clock.at) if dated else pl.lit(None, pl.Datetime("us", "UTC"))
    every = rows.lazy().select(ROW, at=at, foreign=_first(job.way.outs, pl.lit(None, pl.String)))
    whole = every.join(judged, on=ROW, how="left", maintain_order="left")
    undated = pl.when(pl.col("at").is_null()).then(pl.lit(UNDATED)).otherwise(pl.lit(_outside(clock)))
    return (
        whole.with_columns(counts=pl.col("counts").fill_null(value=False))
        .with_columns(why=pl.when(~pl.col("counts")).then(pl.coalesce("foreign", "within", undated)))
        .drop("foreign", "within")
        .collect()
    )


def reasons(job: Job) -> list[str]:
    """Why rows of a metric may be out, in the order they go: not its rows, not in the window, and the rest."""
    single = job.way.shape.single
    rest = single.outs if single else ()
    dates = (UNDATED, _outside(job.way.clock))
    return [*(out.why for out in job.way.outs), *dates, REPLACED, *(out.why for out in rest), INCOMPLETE]


def _columns(single: Single) -> set[str]:
    every = [single.counts, *_numbers(single).values(), *(out.where for out in single.outs)]
    return {name for expr in every for name in expr.meta.root_names()}


def _numbers(single: Single) -> dict[str, pl.Expr]:
    nothing = pl.lit(None, pl.Float64)
    given = {"value": single.value, "size": single.size, "goal": single.goal}
    return {name: nothing if expr is None else expr for name, expr in given.items()}


def _brought(expr: pl.Expr, counts: pl.Expr) -> pl.Expr:
    return pl.when(counts).then(expr)


def _inside(board: Board, clock: Clock, latest: str | None) -> pl.LazyFrame:
    """The rows in the window, and whether each is the last of its key where only that one counts."""
    inside = board.placed.frame.filter(board.window("overall") == 0).with_columns(
        pl.lit(value=True).alias("last:")
    )
    if latest is None:
        return inside
    ordered = inside if clock.undated else inside.sort(clock.at, maintain_order=True)
    kept = ordered.unique(latest, keep="last", maintain_order=True).select(ROW).collect()[ROW]
    return inside.with_columns(pl.col(ROW).is_in(kept.implode()).alias("last:"))


def _first(outs: Sequence[Out], otherwise: pl.Expr) -> pl.Expr:
    """The first reason that holds for a row."""
    chain = otherwise
    for out in reversed(outs):
        chain = pl.when(out.where.fill_null(value=False)).then(pl.lit(out.why)).otherwise(chain)
    return chain


def _outside(clock: Clock) -> str:
    return OUTSIDE if clock.until is None else ABSENT_FIRST if clock.opening else ABSENT

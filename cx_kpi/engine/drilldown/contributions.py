"""Row by row what a metric makes of its table: whether a row counts, what it brings, and why others do not count."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from cx_kpi.engine.aggregation.bins import Bins, make_bins
from cx_kpi.engine.facts.fact import Rows
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.time.windows import Windows
from cx_kpi.metrics.definition.metric import Clock, Contribution, Exclusion
from cx_kpi.wording.language import mark

ROW = "row:"  # the place of a row in its table, as it was loaded
UNDATED = mark("without the date to count by")
OUTSIDE = mark("outside the window")
ABSENT = mark("not there at the end of the window")
ABSENT_FIRST = mark("not there at the start of the window")
REPLACED = mark("answered again later")
INCOMPLETE = mark("without what the formula needs")


def trace(rows: Rows, job: Job, windows: Windows | None) -> pl.DataFrame:
    """One line for each row of the metric's table, in order: ROW, at, counts, value, size, target, and why it is out.

    `why` is null where the row counts; `value`, `size` and `target` where it does not.
    """
    aggregation, clock = job.method.aggregation, job.method.clock
    contribution = aggregation.contribution
    if contribution is None:
        raise TypeError(job.metric.id)
    columns = {ROW, *_columns(contribution), *aggregation.columns}
    alone = windows and replace(windows, series=(), previous=None)
    (bins,) = make_bins((rows, {}), clock, None, columns, [], alone)
    inside = _inside(bins, clock, aggregation.latest)
    counts = contribution.counts.fill_null(value=False) & pl.col("last:")
    judged = inside.select(
        ROW,
        counts.alias("counts"),
        _first((Exclusion(REPLACED, ~pl.col("last:")), *contribution.exclusions), pl.lit(INCOMPLETE)).alias(
            "within"
        ),
        *(_brought(each, counts).alias(name) for name, each in _numbers(contribution).items()),
    )
    dated = clock.at in rows.columns
    at = pl.col(clock.at) if dated else pl.lit(None, pl.Datetime("us", "UTC"))
    every = rows.lazy().select(ROW, at=at, foreign=_first(job.method.exclusions, pl.lit(None, pl.String)))
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
    contribution = job.method.aggregation.contribution
    rest = contribution.exclusions if contribution else ()
    dates = (UNDATED, _outside(job.method.clock))
    return [
        *(out.why for out in job.method.exclusions),
        *dates,
        REPLACED,
        *(out.why for out in rest),
        INCOMPLETE,
    ]


def _columns(contribution: Contribution) -> set[str]:
    every = [
        contribution.counts,
        *_numbers(contribution).values(),
        *(out.where for out in contribution.exclusions),
    ]
    return {name for expr in every for name in expr.meta.root_names()}


def _numbers(contribution: Contribution) -> dict[str, pl.Expr]:
    nothing = pl.lit(None, pl.Float64)
    given = {"value": contribution.value, "size": contribution.size, "target": contribution.target}
    return {name: nothing if expr is None else expr for name, expr in given.items()}


def _brought(expr: pl.Expr, counts: pl.Expr) -> pl.Expr:
    return pl.when(counts).then(expr)


def _inside(bins: Bins, clock: Clock, latest: str | None) -> pl.LazyFrame:
    """The rows in the window, and whether each is the last of its key where only that one counts."""
    inside = bins.placed.frame.filter(bins.window("overall") == 0).with_columns(
        pl.lit(value=True).alias("last:")
    )
    if latest is None:
        return inside
    ordered = inside if clock.undated else inside.sort(clock.at, maintain_order=True)
    kept = ordered.unique(latest, keep="last", maintain_order=True).select(ROW).collect()[ROW]
    return inside.with_columns(pl.col(ROW).is_in(kept.implode()).alias("last:"))


def _first(exclusions: Sequence[Exclusion], otherwise: pl.Expr) -> pl.Expr:
    """The first reason that holds for a row."""
    chain = otherwise
    for out in reversed(exclusions):
        chain = pl.when(out.where.fill_null(value=False)).then(pl.lit(out.why)).otherwise(chain)
    return chain


def _outside(clock: Clock) -> str:
    return OUTSIDE if clock.until is None else ABSENT_FIRST if clock.opening else ABSENT

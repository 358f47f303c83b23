"""One line for each row of a table: its ids, dates, numbers and categories, and all that was computed of it."""

from collections.abc import Iterator

import polars as pl
import polars.selectors as cs

from cx_kpi.engine.drilldown.contributions import ROW, trace
from cx_kpi.engine.results import Results
from cx_kpi.model.schema import TABLES, Kind
from cx_kpi.normalise.mapping.reading_plan import SPELT
from cx_kpi.read.raw.own_output import ROW as NUMBER

MEANT = {  # facts that say something by themselves; the others only serve to compute
    "tickets": (
        "first_response_business_seconds", "resolution_business_seconds", "first_response_target",
        "resolution_target", "complaint_target", "first_solve_seconds", "repeated", "ever_solved", "one_touch",
        "complaint_repeated", "follow_up", "labour_cost", "complaint_cost", "to_management",
    ),
    "surveys": ("rates_complaint",),
    "calls": ("offered",),
    "customer_counts": ("new_totals", "lost_totals"),
    "ticket_events": (
        "next_response_seconds", "next_response_business_seconds", "next_response_target", "awaits_response",
    ),
}  # fmt: skip


def rows_table(
    results: Results, table: str, timezone: str, *, metric: str | None = None, texts: bool = False
) -> pl.DataFrame:
    """The rows of a kept table, in its order; dates in the time zone, lengths of time in seconds.

    The number of the row, ids as they are spelt, fields, facts, then a column for each metric: what the row
    brought to it, null where it does not count. With `metric` also whether the row counts for that one. `texts`: with free text.
    """
    rows = results.rows[table]
    frame = rows.lazy().select(ROW, *_columns(table, rows.columns, texts=texts)).collect()
    brought = frame.with_columns(_brought(results, table)).drop(ROW, cs.by_dtype(pl.UInt64))
    whole = brought.with_columns(_counts(results, metric)) if metric else brought
    return whole.with_columns(cs.datetime().dt.convert_time_zone(timezone))


def _columns(table: str, known: set[str], *, texts: bool) -> Iterator[pl.Expr]:
    yield (pl.col(ROW).cast(pl.Int64) + 1).alias(NUMBER)
    kinds = TABLES[table].fields if table in TABLES else dict.fromkeys(sorted(known - {ROW}), Kind.CATEGORY)
    keys = [name for name, kind in kinds.items() if kind is Kind.KEY]
    yield from (pl.col(name + SPELT).alias(name) for name in keys if name + SPELT in known)
    hidden = {Kind.KEY} if texts else {Kind.KEY, Kind.TEXT}
    fields = [name for name, kind in kinds.items() if kind not in hidden]
    yield from (pl.col(name) for name in (*fields, "is_solved", *MEANT.get(table, ())) if name in known)


def _brought(results: Results, table: str) -> Iterator[pl.Series]:
    """What each row contributed to each metric of its table that has row contributions."""
    for job in results.plan.jobs:
        if job.method.clock.table == table and not job.aside and not job.metric.internal:
            value = trace(results.rows[table], job, results.windows)["value"]
            if value.null_count() < len(value):
                yield value.alias(job.metric.id)


def _counts(results: Results, metric: str) -> list[pl.Series]:
    """Whether each row counts for the metric, and why not."""
    job = next(job for job in results.plan.jobs if job.metric.id == metric and not job.aside)
    traced = trace(results.rows[job.method.clock.table], job, results.windows)
    return [traced["counts"], traced["why"].alias("why_not")]

"""Answers that count, with what is known of the tickets they are about; and who was asked."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime

import polars as pl

from cx_kpi.engine.aggregation.daily import number_of, quantity_of
from cx_kpi.engine.facts.fact import Rows
from cx_kpi.engine.planning.plan import OF_TICKETS as READ
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.results import Results
from cx_kpi.engine.time.windows import midnight

SURVEYS, TICKETS, KEY = "surveys", "tickets", "ticket_id"
WORDS = ("channel", "category", "product")
OF_TICKETS = (*READ, "first_response_seconds")
VALUE, STAGE, CUSTOMER = "value", "journey_stage", "customer_id"
WAITS = (3_600.0, 14_400.0, 86_400.0)  # edges of the bands of first responses
Tally = dict[tuple[str | None, ...], tuple[int, float]]  # how many, and the sum of what they bring


def counted(results: Results, job: Job) -> pl.DataFrame | None:
    """The answers that count in the window: VALUE, stage, customer, and the levels of their tickets where known."""
    contribution, clock = job.method.aggregation.contribution, job.method.clock
    bounds = _bounds(results)
    if contribution is None or bounds is None or clock.table != SURVEYS:
        return None
    counts = contribution.counts.fill_null(value=False)
    inside = pl.col(clock.at).is_between(*bounds, closed="left")
    found = results.tables[SURVEYS].lazy().filter(inside & counts)
    latest = job.method.aggregation.latest
    if latest:
        found = found.sort(clock.at, maintain_order=True).unique(latest, keep="last", maintain_order=True)
    value = number_of(contribution, quantity_of(job)).alias(VALUE)
    return _with_tickets(results, found.with_columns(value), (VALUE, STAGE, CUSTOMER))


def asked(results: Results, kind: str) -> pl.DataFrame | None:
    """The requests of a kind that were sent in the window: VALUE is 1 where answered; levels of their tickets."""
    bounds, rows = _bounds(results), results.tables.get(SURVEYS)
    if bounds is None or rows is None or not {"sent_at", "score"} <= rows.columns:
        return None
    inside = pl.col("sent_at").is_between(*bounds, closed="left")
    sent = rows.lazy().filter((pl.col("kind") == kind) & inside)
    answered = pl.col("score").is_not_null().cast(pl.Float64).alias(VALUE)
    return _with_tickets(results, sent.with_columns(answered), (VALUE,))


def tally(frame: pl.DataFrame, columns: Sequence[str]) -> Tally:
    """How many answers there are for each combination of levels, and the sum of their VALUE."""
    table = frame.group_by(columns).agg(pl.len(), pl.col(VALUE).sum())
    return {tuple(levels): (n, total) for *levels, n, total in table.iter_rows()}


def importance(stages: pl.DataFrame, whole: pl.DataFrame) -> list[tuple[str, float, float | None, int]]:
    """Each stage with its mean, the correlation of customers' scores there with their VALUE in `whole`, of how many."""
    if not {STAGE, CUSTOMER} <= {*stages.columns} or CUSTOMER not in whole.columns:
        return []
    named = pl.col(STAGE).is_not_null() & pl.col(CUSTOMER).is_not_null()
    scores = stages.lazy().filter(named).group_by(STAGE, CUSTOMER).agg(pl.col(VALUE).mean())
    satisfied = whole.lazy().group_by(CUSTOMER).agg(pl.col(VALUE).mean().alias("whole"))
    means = stages.lazy().group_by(STAGE).agg(pl.col(VALUE).mean().alias("mean"))
    known = (
        scores.join(satisfied, on=CUSTOMER)
        .group_by(STAGE)
        .agg(pl.corr(VALUE, "whole").alias("r"), pl.len())
        .join(means, on=STAGE)
        .select(pl.col(STAGE).cast(pl.String), "mean", pl.col("r").fill_nan(None), "len")
    )
    return sorted(known.collect().iter_rows())


def _bounds(results: Results) -> tuple[datetime, datetime] | None:
    windows = results.windows
    if windows is None or SURVEYS not in results.tables:
        return None
    days = (windows.overall.start, windows.overall.end)
    start, end = (midnight(day, windows.zone).astimezone(UTC) for day in days)
    return start, end


def _with_tickets(results: Results, rows: pl.LazyFrame, keep: Sequence[str]) -> pl.DataFrame:
    """Some columns of the answers, and the levels of their tickets' fields: their own where they have them."""
    has, tickets = set(rows.collect_schema().names()), results.tables.get(TICKETS)
    theirs = tickets.columns if tickets and KEY in has and KEY in tickets.columns else set()
    fields = _there(OF_TICKETS, theirs)
    if tickets and fields:
        rows = rows.join(_fields_of(tickets, fields), on=KEY, how="left", maintain_order="left")
    every = _there(OF_TICKETS, {*has, *fields})
    levels = [_level(name, own=name in has, theirs=name in fields) for name in every]
    return rows.select(*_there(keep, has), *levels).collect()


def _fields_of(tickets: Rows, fields: Sequence[str]) -> pl.LazyFrame:
    """Some fields of each ticket."""
    known = tickets.lazy().select(KEY, *(pl.col(name).alias(f"of:{name}") for name in fields))
    return known.filter(pl.col(KEY).is_not_null()).unique(KEY, keep="first", maintain_order=True)


def _there(names: Iterable[str], known: Collection[str]) -> list[str]:
    return [name for name in names if name in known]


def _level(name: str, *, own: bool, theirs: bool) -> pl.Expr:
    """A field as texts: words as they are, `yes` or `no` of counts, the number of the band of a wait."""
    ways = [pl.col(column) for column, there in ((name, own), (f"of:{name}", theirs)) if there]
    if name in WORDS:
        return pl.coalesce(*(way.cast(pl.String) for way in ways)).alias(name)
    number = pl.coalesce(*(way.cast(pl.Float64) for way in ways))
    if name == "first_response_seconds":
        band = pl.sum_horizontal((number >= edge).cast(pl.Int32) for edge in WAITS)
        return pl.when(number.is_not_null()).then(band).cast(pl.String).alias(name)
    return pl.when(number > 0).then(pl.lit("yes")).when(number == 0).then(pl.lit("no")).alias(name)

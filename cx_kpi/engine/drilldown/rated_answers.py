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
Bounds = tuple[datetime, datetime]
Tally = dict[tuple[str | None, ...], tuple[int, float]]  # how many, and the sum of what they bring


def answered(
    results: Results, jobs: Sequence[Job]
) -> tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame]]:
    """By the kind of survey of some metrics: the answers that count in the window, and the requests sent in it.

    VALUE is what an answer brings, of a request 1 where it was answered. With them the stage and the customer of an
    answer, and the levels of their tickets where known.
    """
    bounds, rows = _bounds(results), results.tables.get(SURVEYS)
    if bounds is None or rows is None:
        return {}, {}
    counts = {job.metric.kind: found for job in jobs if (found := _counted(rows, job, bounds)) is not None}
    sent = {kind: found for kind in counts if (found := _asked(rows, kind, bounds)) is not None}
    known = _fields_of_tickets(results, rows)
    lazy = [_with_tickets(rows, known, found, (VALUE, STAGE, CUSTOMER)) for found in counts.values()]
    lazy += [_with_tickets(rows, known, found, (VALUE,)) for found in sent.values()]
    frames = pl.collect_all(lazy)  # what they share, the fields of tickets, is found once
    return dict(zip(counts, frames, strict=False)), dict(zip(sent, frames[len(counts) :], strict=True))


def _counted(rows: Rows, job: Job, bounds: Bounds) -> pl.LazyFrame | None:
    contribution, clock = job.method.aggregation.contribution, job.method.clock
    if contribution is None or clock.table != SURVEYS:
        return None
    counts = contribution.counts.fill_null(value=False)
    inside = pl.col(clock.at).is_between(*bounds, closed="left")
    found = rows.lazy().filter(inside & counts)
    latest = job.method.aggregation.latest
    if latest:
        found = found.sort(clock.at, maintain_order=True).unique(latest, keep="last", maintain_order=True)
    value = number_of(contribution, quantity_of(job)).alias(VALUE)
    return found.with_columns(value)


def _asked(rows: Rows, kind: str, bounds: Bounds) -> pl.LazyFrame | None:
    if not {"sent_at", "score"} <= rows.columns:
        return None
    inside = pl.col("sent_at").is_between(*bounds, closed="left")
    sent = rows.lazy().filter((pl.col("kind") == kind) & inside)
    return sent.with_columns(pl.col("score").is_not_null().cast(pl.Float64).alias(VALUE))


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


def _bounds(results: Results) -> Bounds | None:
    windows = results.windows
    if windows is None:
        return None
    days = (windows.overall.start, windows.overall.end)
    start, end = (midnight(day, windows.zone).astimezone(UTC) for day in days)
    return start, end


def _fields_of_tickets(results: Results, surveys: Rows) -> tuple[list[str], pl.LazyFrame] | None:
    """The fields of tickets that answers have through them, and these of each ticket."""
    tickets = results.tables.get(TICKETS)
    if tickets is None or KEY not in surveys.columns or KEY not in tickets.columns:
        return None
    fields = _there(OF_TICKETS, tickets.columns)
    known = tickets.lazy().select(KEY, *(pl.col(name).alias(f"of:{name}") for name in fields))
    return fields, known.filter(pl.col(KEY).is_not_null()).unique(KEY, keep="first", maintain_order=True)


def _with_tickets(
    surveys: Rows, known: tuple[list[str], pl.LazyFrame] | None, rows: pl.LazyFrame, keep: Sequence[str]
) -> pl.LazyFrame:
    """Some columns of the answers, and the levels of their tickets' fields: their own where they have them."""
    has, (fields, tickets) = {*surveys.columns, VALUE}, known or ([], None)
    if tickets is not None and fields:
        rows = rows.join(tickets, on=KEY, how="left", maintain_order="left")
    every = _there(OF_TICKETS, {*has, *fields})
    levels = [_level(name, own=name in has, theirs=name in fields) for name in every]
    return rows.select(*_there(keep, has), *levels)


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

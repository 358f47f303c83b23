"""Customers at the start of each period, by what had happened to them shortly before, and whether they stayed."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import polars as pl

from cx_kpi.engine.aggregation.daily import number_of, periods_over, quantity_of
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.results import Results
from cx_kpi.engine.time.windows import midnight
from cx_kpi.model.sums import Quantity

CUSTOMER, START, END = "customer_id", "period:start", "period:end"
SPELL = {CUSTOMER, "started_at", "ended_at"}
BEFORE = timedelta(days=90)
COMPLAINED, DISSATISFIED = "complained", "dissatisfied"

Counted = tuple[int, int]  # customers at the start of a period, and how many of them stayed


def stayed(results: Results) -> dict[str, tuple[Counted, Counted]]:
    """Of what happened in the 90 days before a period: those to whom it did, and the others, over all periods.

    What happened later tells nothing: who leaves early has no time to complain.
    """
    customers, windows = results.tables.get("customers"), results.windows
    spans = periods_over(windows) if windows else []
    if customers is None or windows is None or not spans or not customers.columns >= SPELL:
        return {}
    instants = [tuple(midnight(day, windows.zone).astimezone(UTC) for day in span) for span in spans]
    periods = _periods(instants)
    there = customers.lazy().filter(pl.col(CUSTOMER).is_not_null()).select(*SPELL).join(periods, how="cross")
    present = pl.col("ended_at").is_null() | (pl.col("ended_at") >= pl.col(START))
    there = there.filter((pl.col("started_at") < pl.col(START)) & present)
    counted = there.select(
        CUSTOMER, START, stays=pl.col("ended_at").is_null() | (pl.col("ended_at") >= pl.col(END))
    )
    found = {name: _apart(counted, happened, periods) for name, happened in _happened(results).items()}
    return {name: counts for name, counts in found.items() if counts is not None}


def _periods(instants: list[tuple[datetime, ...]]) -> pl.LazyFrame:
    return pl.LazyFrame(
        {START: [start for start, _ in instants], END: [end for _, end in instants]},
        schema={START: pl.Datetime("us", "UTC"), END: pl.Datetime("us", "UTC")},
    )


def _happened(results: Results) -> Mapping[str, pl.LazyFrame]:
    """Customer and moment of what may make them leave."""
    found: dict[str, pl.LazyFrame] = {}
    tickets = results.tables.get("tickets")
    if tickets is not None and tickets.columns >= {CUSTOMER, "created_at", "is_complaint"}:
        found[COMPLAINED] = tickets.lazy().filter("is_complaint").select(CUSTOMER, at="created_at")
    surveys = results.tables.get("surveys")
    if surveys is not None and CUSTOMER in surveys.columns:
        low = [
            surveys.lazy().filter(answer).select(CUSTOMER, at=job.method.clock.at)
            for job in results.plan.jobs
            if (answer := _low(job)) is not None
        ]
        found |= {DISSATISFIED: pl.concat(low)} if low else {}
    return found


def _low(job: Job) -> pl.Expr | None:
    """Whether an answer is a low one, of a kind of survey that tells the satisfied from the others."""
    contribution, quantity = job.method.aggregation.contribution, quantity_of(job)
    if contribution is None or not job.metric.kind or job.method.clock.table != "surveys" or job.aside:
        return None
    value = number_of(contribution, quantity)
    lows = {Quantity.SHARE: value == 0, Quantity.NET: value < 0}
    return contribution.counts & lows[quantity] if quantity in lows else None


def _apart(
    counted: pl.LazyFrame, happened: pl.LazyFrame, periods: pl.LazyFrame
) -> tuple[Counted, Counted] | None:
    """Those to whom it happened before a period, and the others; None where there are none of either."""
    shortly = (pl.col("at") < pl.col(START)) & (pl.col("at") >= pl.col(START) - BEFORE)
    named = happened.filter(pl.col(CUSTOMER).is_not_null()).join(periods, how="cross").filter(shortly)
    known = named.select(CUSTOMER, START).unique().with_columns(happened=True)
    table = (
        counted.join(known, on=[CUSTOMER, START], how="left")
        .group_by(pl.col("happened").fill_null(value=False))
        .agg(pl.len(), pl.col("stays").sum())
        .collect()
    )
    counts = {happened: (n, stays) for happened, n, stays in table.iter_rows()}
    return (counts[True], counts[False]) if len(counts) == 2 else None

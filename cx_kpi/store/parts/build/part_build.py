"""From the rows of a run to what they come to: a part that can be added to others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from cx_kpi import __version__
from cx_kpi.api import Run
from cx_kpi.engine.aggregation.bins import known_since
from cx_kpi.engine.facts.fact import Rows
from cx_kpi.engine.guards.backlog_reconciliation import flow_of
from cx_kpi.engine.guards.missing_dates import solved_and_undated
from cx_kpi.engine.guards.truncated_export import Stock, ninth_of, stock_of, stocks_of
from cx_kpi.engine.planning.few_rows import light
from cx_kpi.engine.planning.plan import Job, Plan
from cx_kpi.engine.results import Results
from cx_kpi.engine.time.windows import Windows
from cx_kpi.model.errors import InputProblem
from cx_kpi.model.report import Notice
from cx_kpi.model.schema import TABLES
from cx_kpi.normalise.tables.combine import Loaded
from cx_kpi.store.parts.build.part_cells import Folded, cells_of, summable
from cx_kpi.store.parts.build.part_days import days_of
from cx_kpi.store.parts.held.part_grids import counts_of
from cx_kpi.store.parts.held.part_settings import kept
from cx_kpi.store.parts.held.part_spans import reach_of
from cx_kpi.store.parts.held.summed import Account, Summed, SummedJob, SummedTable

SELF_TOLD = {
    "backlog_at_least",
    "undated_solves",
    "not_compared",
}  # which the report of all parts finds itself


def summed(done: Run, path: str, inputs: Iterable[tuple[str, str]]) -> Summed:
    """What the rows of a run come to, as a part of this name; `inputs` are its files and their digests.

    Raises `InputProblem` where no row has a date: there is nothing to add up by.
    """
    results = done.results
    windows = results.windows
    if windows is None:
        raise InputProblem("no row has a date, and parts hold sums by weeks and months; use cxkpi report")
    plan = summable(done)
    jobs = tuple(_job(job, results.tables) for job in plan.jobs)
    since = min((job.since for job in jobs if job.since), default=None)
    reach = reach_of(windows, since and since.astimezone(windows.zone).date())
    with light(done.sources):
        folded = cells_of(results.tables, plan.jobs, results.cuts, windows, reach)
        days, few = days_of(results.tables, plan.jobs, windows, reach)
    jobs = tuple(replace(told, few=job.key in few) for told, job in zip(jobs, plan.jobs, strict=True))
    account = replace(_account(done, results, plan, windows, folded, inputs), jobs=jobs, reach=reach)
    return Summed(path, account, {"cells": folded.cells, "counted": folded.counted, "days": days})


def _account(
    done: Run,
    results: Results,
    plan: Plan,
    windows: Windows,
    folded: Folded,
    inputs: Iterable[tuple[str, str]],
) -> Account:
    options, tickets = done.options, results.tables.get("tickets")
    has_stock = tickets is not None and bool(stocks_of(plan))
    return Account(
        version=__version__,
        timezone=options.timezone,
        as_of=windows.as_of,
        fixed=options.as_of is not None,
        begin=windows.overall.start,
        over=windows.overall.end,
        reach=windows.overall.start,
        where=options.where,
        by=results.cuts,
        cuts=folded.cuts,
        metrics=options.metrics,
        inputs=tuple(inputs),
        settings=kept(options.config),
        tables={name: _table(each, results.tables.get(name), windows) for name, each in done.loaded.items()},
        jobs=(),
        notices=tuple(map(_plain, (each for each in done.notices if each.code not in SELF_TOLD))),
        scales=tuple(_scales(results.tables.get("surveys"))),
        stock=_stock(tickets, results, windows) if tickets is not None and has_stock else None,
        solved=solved_and_undated(tickets) if tickets is not None else (0, 0),
        flow=flow_of(tickets, windows) if tickets is not None and has_stock else {},
        withheld=folded.withheld,
        grids=counts_of(results.grids),
    )


def _stock(tickets: Rows, results: Results, windows: Windows) -> Stock:
    return stock_of(tickets, windows.as_of, ninth_of(results.figures, windows))


def _plain(told: Notice) -> Notice:
    """A notice without what cells hold and where the file lies."""
    return Notice(told.level, told.code, told.message, told.table, told.field, told.rows, told.example)


def _job(job: Job, tables: Mapping[str, Rows]) -> SummedJob:
    rows, clock = tables[job.method.clock.table], job.method.clock
    since = None if clock.undated else known_since(rows, clock)
    return SummedJob(
        job.metric.id,
        number_of(job),
        clock.undated,
        job.aside,
        since,
        empty=rows.lazy().limit(1).collect().is_empty(),
    )


def number_of(job: Job) -> int:
    """The place of a job's method among those of its metric."""
    same = (
        place
        for place, method in enumerate(job.metric.methods)
        if method.aggregation is job.method.aggregation and method.clock.name == job.method.clock.name
    )
    return next(same)


def _table(loaded: Loaded, rows: Rows | None, windows: Windows) -> SummedTable:
    sources = loaded.sources
    first, by_day = _arrivals(loaded.table, rows, windows)
    return SummedTable(
        fields=tuple(sorted(loaded.fields)),
        preset=sources[0].preset if sources else "",
        rows=sum(each.rows for each in sources),
        used=sum(each.used for each in sources),
        set_aside=sum(each.set_aside for each in sources),
        filtered=sum(each.filtered for each in sources),
        first_day=first,
        by_day=by_day,
    )


def _arrivals(table: str, rows: Rows | None, windows: Windows) -> tuple[int, tuple[int, ...]]:
    """The first day that has rows, and how many came on each day from it on."""
    clock = TABLES[table].clock
    if rows is None or clock not in rows.columns:
        return 0, ()
    day = pl.col(clock).dt.convert_time_zone(str(windows.zone)).dt.date()
    found = rows.lazy().select(day).drop_nulls().group_by(clock).len().collect()
    counts: dict[int, int] = {day.toordinal(): n for day, n in found.iter_rows()}
    if not counts:
        return 0, ()
    first = min(counts)
    return first, tuple(counts.get(day, 0) for day in range(first, max(counts) + 1))


def _scales(surveys: Rows | None) -> Sequence[str]:
    """The scales on which answers of each kind were judged."""
    names = ("kind", "scale_low", "scale_high")
    if surveys is None or not surveys.columns.issuperset(names):
        return ()
    found = surveys.lazy().select(pl.col("kind").cast(pl.String), *names[1:]).drop_nulls().unique().collect()
    return sorted(f"{kind} {low:g}–{high:g}" for kind, low, high in found.iter_rows())

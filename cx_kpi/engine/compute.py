"""From canonical tables to figures, step by step: as they stood, facts, aggregation, guards."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import polars.selectors as cs

from cx_kpi.engine.aggregation.aggregate import aggregate_all
from cx_kpi.engine.aggregation.cuts import Cut
from cx_kpi.engine.aggregation.daily import WHOLE, day_sums
from cx_kpi.engine.aggregation.parts import Way
from cx_kpi.engine.chart_grids import make_grids
from cx_kpi.engine.drilldown.contributions import ROW
from cx_kpi.engine.facts.as_it_stood import as_it_stood
from cx_kpi.engine.facts.fact import Context, Fact, Rows
from cx_kpi.engine.facts.known import KNOWLEDGE, add_known, known_of
from cx_kpi.engine.facts.of_customers import activity
from cx_kpi.engine.guards.backlog_reconciliation import reconciled
from cx_kpi.engine.guards.ends_to_come import ends_to_come
from cx_kpi.engine.guards.missing_dates import without_times
from cx_kpi.engine.guards.oddities import oddities
from cx_kpi.engine.guards.segment_bounds import bounded as within_bounds
from cx_kpi.engine.guards.truncated_export import bounded
from cx_kpi.engine.guards.unmeasured import without_unmeasured
from cx_kpi.engine.planning.few_rows import are_few
from cx_kpi.engine.planning.plan import every_fact, facts_for, make_plan, spare
from cx_kpi.engine.planning.spent import without_spent_ids
from cx_kpi.engine.results import Results, Work
from cx_kpi.engine.time.windows import Windows, make_windows, midnight
from cx_kpi.model.options import Options
from cx_kpi.model.schema import SPANS, TABLES
from cx_kpi.normalise.vocabulary.date_range import Span, date_range
from cx_kpi.wording.language import Language

_SMALL = 2**15 - 1
INSTEAD = ("team", "product", "category")  # to cut by where no channel is known, if it has
OF_CUSTOMERS = ("segment",)  # to cut customers by where there are no tickets
FEW = 20  # values at most
_NO_DATES = datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC"))


def compute(
    tables: Mapping[str, pl.DataFrame],
    fields: Mapping[str, frozenset[str]],
    options: Options,
    spans: Mapping[str, Span] | None = None,
    keep: Collection[str] = (),
) -> Results:
    """Compute all metrics the tables allow; `fields` are the canonical fields of each.

    `spans` are the first and last date of each table, before rows were filtered out. The tables to
    `keep` come back with every fact their columns allow, and each row with its place.
    """
    work = begun(tables, fields, options, spans or {}, keep)
    del tables  # memory: columns that nothing reads from here on are freed
    heights = {name: frame.height for name, frame in work.frames.items()}
    for step in (*PREPARING, _without_spent_ids, *STEPS):
        work = step(work)
    kept = {name: work.rows[name] for name in keep if name in work.rows}
    return Results(
        work.plan,
        work.windows,
        work.figures,
        work.cuts,
        work.notices,
        kept,
        heights,
        work.grids,
        work.daily,
        work.rows,
    )


def begun(
    tables: Mapping[str, pl.DataFrame],
    fields: Mapping[str, frozenset[str]],
    options: Options,
    spans: Mapping[str, Span],
    keep: Collection[str] = (),
) -> Work:
    """The plan and the windows for tables as they were read."""
    windows = _windows(tables, options, spans)
    known = fields if windows is None else activity.with_fields(fields)
    plan = make_plan(known, options.metrics, options.config)
    frames = {name: frame.with_row_index(ROW) if name in keep else frame for name, frame in tables.items()}
    to_come = tuple(ends_to_come(tables, windows, Language(options.language)))
    return Work(options, fields, keep, windows, plan, frames, notices=to_come)


def of_part(work: Work, tables: Mapping[str, pl.DataFrame], known: Mapping[str, Any]) -> Work:
    """The rows of a part of all tables with their facts; `known` is what these have to know of all rows."""
    part = replace(work, frames=tables, known=known)
    for step in PREPARING:
        part = step(part)
    return part


def known_over(work: Work, parts: Iterable[Mapping[str, pl.DataFrame]]) -> dict[str, Any]:
    """What facts have to know of all rows, added up over parts of them, which are gone through up to twice."""
    found: dict[str, Any] = {}
    for rank in (0, 1):
        told: dict[str, Any] = {}
        for tables in parts:
            some = known_in(replace(work, frames=tables, known=found), rank)
            if some is None:
                break
            told = add_known(told, some)
        found |= told
    return found


def known_in(part: Work, rank: int) -> dict[str, Any] | None:
    """What facts have to know of the rows of a part; first (0) that by which the rest is found. None where it is nothing."""
    for step in STANDING:
        part = step(part)
    names = _asked(part, rank)
    rows = {name: Rows(frame) for name, frame in part.frames.items()}
    return known_of(names, partial(_context, tables=rows, work=part)) if names else None


def _as_they_stood(work: Work) -> Work:
    """Without what comes after the moment of the report."""
    if work.windows is None:
        return work
    frames = dict(work.frames)
    for name in list(frames):
        if work.options.as_of or TABLES[name].plans_ahead:
            frames[name] = as_it_stood(frames[name], TABLES[name], work.windows.as_of)
    return replace(work, frames=frames)


def _with_activity(work: Work) -> Work:
    """With the table of spans in which customers are active, where a metric needs it."""
    if work.windows is None or not any(job.method.clock.table == activity.TABLE for job in work.plan.jobs):
        return work
    orders = work.frames[activity.SOURCE]
    spells = activity.activity(orders, work.options.config.inactivity_days, work.windows.as_of)
    spells = spells.with_row_index(ROW) if activity.TABLE in work.keep else spells
    return replace(work, frames={**work.frames, activity.TABLE: spells})


def _without_spare_columns(work: Work) -> Work:
    """Without columns that are not read any more; small counts in little memory."""
    cut = {name for names in work.options.by or () for name in names}
    unread = {} if work.keep else spare(work.plan, work.fields)  # facts to keep read other tables, too
    frames = {
        name: frame.drop(unread.get(name, set()) - cut, strict=False) for name, frame in work.frames.items()
    }
    return replace(work, frames={name: _narrowed(frame) for name, frame in frames.items()})


def _with_facts(work: Work) -> Work:
    """Rows with the facts that metrics read; those to keep with every fact their columns allow."""
    rows = {name: Rows(frame) for name, frame in work.frames.items()}
    facts = {name: _facts(work, name, each.columns) for name, each in rows.items()}
    known = work.known
    if known is None:
        known = known_of(_known_by(facts), lambda name: _context(name, rows, work))
    for name in rows:
        rows[name] = _built(name, rows, facts[name], replace(work, known=known))
    return replace(
        work, frames={}, rows=rows, cuts=cuts_of(work.options, rows.get("tickets"), rows.get("customers"))
    )


def _facts(work: Work, name: str, columns: Collection[str]) -> dict[str, Fact]:
    """The facts of a table that are read, in the order they build on one another."""
    more = every_fact(name, work.fields, work.options.config) if name in work.keep else {}
    return more | facts_for(work.plan, name, columns)


def _known_by(facts: Mapping[str, Mapping[str, Fact]]) -> list[str]:
    """What the facts of all tables have to know of all rows."""
    return [name for each in facts.values() for fact in each.values() for name in fact.knows]


def _asked(work: Work, rank: int) -> list[str]:
    """What facts have to know of all rows; first that by which the rest is found."""
    facts = {name: _facts(work, name, frame.columns) for name, frame in work.frames.items()}
    names = _known_by(facts)
    return names if rank else [KNOWLEDGE[name].named for name in names if KNOWLEDGE[name].named]


def _aggregated(work: Work) -> Work:
    """Figures of every job, window and cut."""
    way = Way.ROUNDED if work.options.config.quantiles == "fast" else Way.SORTED
    return replace(work, figures=aggregate_all(work.rows, work.plan.jobs, work.cuts, work.windows, way))


def _with_notices(work: Work) -> Work:
    """With what the facts found odd."""
    return replace(work, notices=(*work.notices, *oddities(work)))


def _with_grids(work: Work) -> Work:
    """With the charts that no metric holds."""
    if work.windows is None or not work.options.exhibits:
        return work
    return replace(work, grids=make_grids(work.rows, work.plan, work.windows, work.options.metrics))


def _with_days(work: Work) -> Work:
    """With what rows bring day by day."""
    if work.windows is None:
        return work
    jobs = [job for job in work.plan.jobs if not (job.aside or job.metric.internal)]
    found = day_sums(work.rows, jobs, work.windows)[WHOLE]
    return replace(work, daily={key: segments.get(WHOLE, {}) for key, segments in found.items()})


def _without_spent_ids(work: Work) -> Work:
    """The rows without ids that only facts read, unless all of them are kept."""
    return work if work.keep else replace(work, rows=without_spent_ids(work.rows, work.plan))


STANDING: tuple[Callable[[Work], Work], ...] = (_as_they_stood, _with_activity, _without_spare_columns)
PREPARING: tuple[Callable[[Work], Work], ...] = (*STANDING, _with_facts, within_bounds)
STEPS: tuple[Callable[[Work], Work], ...] = (
    _aggregated,
    bounded,
    reconciled,
    without_times,
    without_unmeasured,
    _with_notices,
    _with_grids,
    _with_days,
)


def _narrowed(frame: pl.DataFrame) -> pl.DataFrame:
    """Small counts in Int16, to save memory; polars adds those up in Int64, which it does not for Int32."""
    small = [
        name
        for name in frame.select(cs.signed_integer()).columns
        if _latest(frame[name]) <= _SMALL and int(frame[name].min() or 0) >= -_SMALL  # type: ignore[arg-type]
    ]
    return frame.with_columns(frame[name].cast(pl.Int16) for name in small)


def _latest(column: pl.Series) -> int:
    latest = column.to_physical().max()
    return int(latest) if isinstance(latest, int) else -(2**63)


def _known_spans(tables: Mapping[str, pl.DataFrame], spans: Mapping[str, Span]) -> dict[str, Span]:
    """The first and last date of each table that has dates."""
    order = [name for name in SPANS if name in tables]
    return {name: span for name in order if (span := spans.get(name) or date_range(name, tables[name]))}


def _windows(
    tables: Mapping[str, pl.DataFrame], options: Options, spans: Mapping[str, Span]
) -> Windows | None:
    """Windows over the span of the data; some tables say how far it reaches only where no other does, or it is asked."""
    known = _known_spans(tables, spans)
    found = [known[name] for name in known if TABLES[name].spans_report] or [*known.values()]
    if not found:
        return None
    latest = [last for _, last in found]
    if options.until:
        end = midnight(options.until, ZoneInfo(options.timezone))
        latest += [last for _, last in known.values() if last < end]
    return make_windows(min(first for first, _ in found), max(latest), options)


def _context(name: str, tables: Mapping[str, Rows], work: Work) -> Context | None:
    """What the facts of a table may look at."""
    as_of = work.windows.as_of if work.windows else _NO_DATES
    config, known = work.options.config, work.known or {}
    return Context(tables[name], tables, as_of, config, known) if name in tables else None


def _built(name: str, tables: Mapping[str, Rows], facts: Mapping[str, Fact], work: Work) -> Rows:
    """The rows of a table with its facts, which may look at the tables so far."""
    for column, fact in facts.items():
        context = _context(name, tables, work)
        assert context is not None  # noqa: S101 - the table is there
        tables = {**tables, name: tables[name].add(column, fact.build(context))}
    return tables[name].worked_out() if are_few(tables[name].height) else tables[name]


def cuts_of(options: Options, tickets: Rows | None, customers: Rows | None = None) -> tuple[Cut, ...]:
    """The cuts asked for, else by channel, or where there is none by the first of few values; of customers alone theirs."""
    if options.by is not None:
        return options.by
    if tickets is None:
        return _first_of_few(OF_CUSTOMERS, customers) if customers is not None else ()
    return (("channel",),) if "channel" in tickets.columns else _first_of_few(INSTEAD, tickets)


def _first_of_few(names: Iterable[str], rows: Rows) -> tuple[Cut, ...]:
    """The first of these columns that tells rows apart and has few values, as a cut."""
    known = (name for name in names if name in rows.columns)
    return next((((name,),) for name in known if 1 < rows.series(name).n_unique() <= FEW), ())

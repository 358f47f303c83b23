"""From canonical tables to figures, step by step: as they stood, facts, aggregation, guards."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl
import polars.selectors as cs

from cx_kpi.engine.aggregation.aggregate import aggregate_all
from cx_kpi.engine.aggregation.cuts import Cut
from cx_kpi.engine.aggregation.daily import WHOLE, day_sums
from cx_kpi.engine.chart_grids import make_grids
from cx_kpi.engine.drilldown.contributions import ROW
from cx_kpi.engine.facts.as_it_stood import as_it_stood
from cx_kpi.engine.facts.fact import Context, Fact, Rows
from cx_kpi.engine.facts.of_customers import activity
from cx_kpi.engine.guards.backlog_reconciliation import reconciled
from cx_kpi.engine.guards.ends_to_come import ends_to_come
from cx_kpi.engine.guards.missing_dates import without_times
from cx_kpi.engine.guards.oddities import oddities
from cx_kpi.engine.guards.segment_bounds import bounded as within_bounds
from cx_kpi.engine.guards.truncated_export import bounded
from cx_kpi.engine.planning.plan import every_fact, facts_for, make_plan, spare
from cx_kpi.engine.results import Results, Work
from cx_kpi.engine.time.windows import Windows, make_windows, midnight
from cx_kpi.model.options import Options
from cx_kpi.model.schema import SPANS, TABLES
from cx_kpi.normalise.vocabulary.date_range import Span, date_range
from cx_kpi.wording.language import Language

_SMALL = 2**15 - 1
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
    windows = _windows(tables, options, spans or {})
    known = fields if windows is None else activity.with_fields(fields)
    plan = make_plan(known, options.metrics, options.config)
    frames = {name: frame.with_row_index(ROW) if name in keep else frame for name, frame in tables.items()}
    heights = {name: frame.height for name, frame in frames.items()}
    to_come = tuple(ends_to_come(tables, windows, Language(options.language)))
    del tables  # memory: columns that nothing reads from here on are freed
    work = Work(options, fields, keep, windows, plan, frames, notices=to_come)
    del frames
    for step in STEPS:
        work = step(work)
    kept = {name: work.rows[name] for name in keep if name in work.rows}
    return Results(
        work.plan,
        windows,
        work.figures,
        work.cuts,
        work.notices,
        kept,
        heights,
        work.grids,
        work.daily,
        work.rows,
    )


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
    frames = {
        name: frame
        if work.keep  # facts read other tables, too
        else frame.drop(spare(work.plan, work.fields, name) - cut, strict=False)
        for name, frame in work.frames.items()
    }
    return replace(work, frames={name: _narrowed(frame) for name, frame in frames.items()})


def _with_facts(work: Work) -> Work:
    """Rows with the facts that metrics read; those to keep with every fact their columns allow."""
    rows = {name: Rows(frame) for name, frame in work.frames.items()}
    for name, each in rows.items():
        more = every_fact(name, work.fields, work.options.config) if name in work.keep else {}
        rows[name] = _built(name, rows, more | facts_for(work.plan, name, each.columns), work)
    return replace(work, frames={}, rows=rows, cuts=_cuts(work))


def _aggregated(work: Work) -> Work:
    """Figures of every job, window and cut."""
    return replace(work, figures=aggregate_all(work.rows, work.plan.jobs, work.cuts, work.windows))


def _with_notices(work: Work) -> Work:
    """With what the facts found odd."""
    return replace(work, notices=(*work.notices, *oddities(work)))


def _with_grids(work: Work) -> Work:
    """With the charts that no metric holds."""
    if work.windows is None:
        return work
    return replace(work, grids=make_grids(work.rows, work.plan, work.windows, work.options.metrics))


def _with_days(work: Work) -> Work:
    """With what rows bring day by day."""
    if work.windows is None:
        return work
    jobs = [job for job in work.plan.jobs if not (job.aside or job.metric.internal)]
    found = day_sums(work.rows, jobs, work.windows)[WHOLE]
    return replace(work, daily={key: segments.get(WHOLE, {}) for key, segments in found.items()})


STEPS: tuple[Callable[[Work], Work], ...] = (
    _as_they_stood,
    _with_activity,
    _without_spare_columns,
    _with_facts,
    within_bounds,
    _aggregated,
    bounded,
    reconciled,
    without_times,
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
    return frame.with_columns(pl.col(small).cast(pl.Int16)) if small else frame


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


def _built(name: str, tables: Mapping[str, Rows], facts: Mapping[str, Fact], work: Work) -> Rows:
    """The rows of a table with its facts, which may look at the tables so far."""
    rows = tables[name]
    as_of = work.windows.as_of if work.windows else _NO_DATES
    for column, fact in facts.items():
        rows = rows.add(column, fact.build(Context(rows, tables, as_of, work.options.config)))
    return rows


def _cuts(work: Work) -> tuple[Cut, ...]:
    """The cuts asked for, else by channel where there is one."""
    if work.options.by is not None:
        return work.options.by
    tickets = work.frames.get("tickets")
    return (("channel",),) if tickets is not None and "channel" in tickets.columns else ()

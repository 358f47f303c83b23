"""From canonical tables to figures: the moment of the report, its windows, the facts, the fold."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

import polars as pl
import polars.selectors as cs

from cx_kpi.engine.aggregation.aggregate import aggregate_all
from cx_kpi.engine.aggregation.cells import Figures
from cx_kpi.engine.aggregation.cuts import Cut
from cx_kpi.engine.chart_grids import Grids, make_grids
from cx_kpi.engine.drilldown.contributions import ROW
from cx_kpi.engine.ends_to_come import ends_to_come
from cx_kpi.engine.facts.activity import activity
from cx_kpi.engine.facts.fact import Context, Fact, Rows, moment
from cx_kpi.engine.facts.row_targets import PAUSES
from cx_kpi.engine.guards.backlog_reconciliation import with_flow
from cx_kpi.engine.guards.missing_dates import suppress_times
from cx_kpi.engine.guards.truncated_export import bound
from cx_kpi.engine.planning.plan import Plan, every_fact, facts_for, make_plan, spare
from cx_kpi.engine.time.windows import Windows, make_windows, microseconds, midnight
from cx_kpi.model.options import Options
from cx_kpi.model.report import Notice
from cx_kpi.model.schema import SPANS
from cx_kpi.normalise.vocabulary.date_range import Span, date_range
from cx_kpi.normalise.vocabulary.notices import notice
from cx_kpi.wording.language import Language

EVENTS: dict[str, tuple[str, ...]] = {  # what may come after the moment of the report, and what goes with it
    "first_response_at": ("first_response_seconds",),
    "solved_at": ("resolution_seconds",),
    "first_solved_at": (),
    "closed_at": (),
    "ended_at": (),
    "answered_at": ("wait_seconds", "disposition"),
    "sent_at": (),
    "responded_at": ("score", "comment"),
}
TO_THE_SOLUTION = ("resolution_judged_seconds", "complaint_judged_seconds")
OF_CUSTOMERS = ("customers", "customer_counts")
ENDS = ("solved_at", "closed_at")
_SMALL = 2**15 - 1


@dataclass(frozen=True, slots=True)
class Results:
    """Figures, the windows they stand in (None: the data has no dates), and what could not be computed."""

    plan: Plan
    windows: Windows | None
    figures: Figures
    cuts: tuple[Cut, ...]
    notices: tuple[Notice, ...] = ()
    rows: Mapping[str, Rows] = field(default_factory=dict)  # of the tables that were to be kept
    heights: Mapping[str, int] = field(default_factory=dict)  # rows of each table, later ones too
    grids: Grids = field(default_factory=dict)
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)  # of each table, facts too

    @property
    def days(self) -> tuple[date, date] | None:
        """The first day of the window, and the first after it."""
        return (self.windows.overall.start, self.windows.overall.end) if self.windows else None


def compute(
    tables: Mapping[str, pl.DataFrame],
    fields: Mapping[str, frozenset[str]],
    options: Options,
    spans: Mapping[str, Span] | None = None,
    keep: Collection[str] = (),
) -> Results:
    """Compute all metrics the tables allow; `fields` are the canonical fields of each.

    `spans` say how far a table reached, first date and last, before rows of it were filtered out. The tables to
    `keep` come back with every fact their columns allow, and each row with its place.
    """
    windows = _windows(tables, options, spans or {})
    plan = _plan(fields, options, dated=windows is not None)
    frames = {name: frame.with_row_index(ROW) if name in keep else frame for name, frame in tables.items()}
    heights = {name: frame.height for name, frame in frames.items()}
    to_come = ends_to_come(tables, windows, Language(options.language))
    del tables  # the caller may have let go of them, and of the columns that nobody reads from here on
    if windows:
        for name in list(frames):
            if options.as_of or name == "customers":  # contracts may end on dates to come
                frames[name] = _until(name, frames[name], windows.as_of)
    if windows and any(job.method.clock.table == "activity" for job in plan.jobs):
        spells = activity(frames["orders"], options.config.inactivity_days, windows.as_of)
        frames["activity"] = spells.with_row_index(ROW) if "activity" in keep else spells
    cut = {name for names in options.by or () for name in names}
    frames = {
        name: frame
        if keep
        else frame.drop(spare(plan, fields, name) - cut, strict=False)  # facts read others, too
        for name, frame in frames.items()
    }
    frames = {name: _narrowed(frame) for name, frame in frames.items()}
    rows = {name: Rows(frame) for name, frame in frames.items()}
    for name, each in rows.items():
        more = every_fact(name, fields, options.config) if name in keep else {}
        facts = more | facts_for(plan, name, each.columns)
        rows[name] = _with_facts(name, rows, facts, windows, options)
    cuts = _cuts(frames, options)
    figures = aggregate_all(rows, plan.jobs, cuts, windows)
    least: list[Notice] = []
    if windows and "tickets" in rows:
        plan, figures, least = bound(plan, figures, rows["tickets"], windows, options)
        figures = with_flow(figures, rows["tickets"], windows)
    said: list[Notice] = []
    if "tickets" in rows:
        plan, said = suppress_times(plan, rows["tickets"], Language(options.language))
    kept = {name: rows[name] for name in keep if name in rows}
    grids = make_grids(rows, plan, windows, options.metrics) if windows else {}
    return Results(
        plan,
        windows,
        figures,
        cuts,
        (*said, *least, *to_come, *_odd(rows, options), *_lone(windows, options), *_unpaused(rows, options)),
        kept,
        heights,
        grids,
        {name: frozenset(each.columns) for name, each in rows.items()},
    )


def _narrowed(frame: pl.DataFrame) -> pl.DataFrame:
    """Small counts in Int16, to save memory; polars adds those up in Int64, which it does not for Int32."""
    small = [
        name
        for name in frame.select(cs.signed_integer()).columns
        if _latest(frame[name]) <= _SMALL and int(frame[name].min() or 0) >= -_SMALL  # type: ignore[arg-type]
    ]
    return frame.with_columns(pl.col(small).cast(pl.Int16)) if small else frame


def _plan(fields: Mapping[str, frozenset[str]], options: Options, *, dated: bool) -> Plan:
    available = dict(fields)
    if dated and "orders" in available:
        available["activity"] = frozenset({"customer_id", "started_at", "ended_at"})
    return make_plan(available, options.metrics, options.config)


def _odd(rows: Mapping[str, Rows], options: Options) -> tuple[Notice, ...]:
    """What the facts found odd: answers that lie outside their scale."""
    surveys = rows.get("surveys")
    if surveys is None or "answer" not in surveys.columns:
        return ()
    slips = pl.col("score").is_not_null() & pl.col("answer").is_null()
    n = int(surveys.lazy().select(slips.sum()).collect().item())
    said = notice("off_scale", Language(options.language), table="surveys", field="score", rows=n)
    return (said,) if n else ()


def _lone(windows: Windows | None, options: Options) -> tuple[Notice, ...]:
    """Says that there is no year before, where it was asked for."""
    lone = windows is not None and windows.yearly and windows.compared() is None
    return (notice("not_compared", Language(options.language)),) if lone else ()


def _unpaused(rows: Mapping[str, Rows], options: Options) -> tuple[Notice, ...]:
    """Says that no pause is known, where targets that judge tickets leave pauses out."""
    judged = "tickets" in rows and any(name in rows["tickets"].columns for name in TO_THE_SOLUTION)
    asked = any(rule.pauses == "subtract" for rule in options.config.target)
    lacks = judged and asked and rows["tickets"].columns.isdisjoint(PAUSES)
    return (notice("no_pauses", Language(options.language), table="tickets"),) if lacks else ()


def _windows(
    tables: Mapping[str, pl.DataFrame], options: Options, spans: Mapping[str, Span]
) -> Windows | None:
    """Windows over the span of the data; customers say how far it reaches where nothing else does, or it is asked."""
    order = [name for name in SPANS if name in tables]
    known = {name: span for name in order if (span := spans.get(name) or date_range(name, tables[name]))}
    found = [known[name] for name in known if name not in OF_CUSTOMERS] or [*known.values()]
    if not found:
        return None
    latest = [last for _, last in found]
    if options.until:
        end = midnight(options.until, ZoneInfo(options.timezone))
        latest += [last for _, last in known.values() if last < end]
    return make_windows(min(first for first, _ in found), max(latest), options)


def _until(name: str, frame: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """The table as it stood at the moment of the report: later rows and events have not happened yet."""
    clock = SPANS[name][0] if name in SPANS else None
    later = moment(as_of)
    masks: list[pl.Expr] = []
    ends = [name for name in ENDS if name in frame.columns]
    if ends and "is_solved" in frame.columns:
        masks.append(pl.col("is_solved") & (pl.coalesce(ends) <= later).fill_null(value=True))
    for event, companions in EVENTS.items():
        if event in frame.columns and microseconds(as_of) < _latest(frame[event]):
            happened = (pl.col(event) <= later) | pl.col(event).is_null()
            present = [column for column in (event, *companions) if column in frame.columns]
            masks += [pl.when(happened).then(pl.col(column)).alias(column) for column in present]
    frame = frame.with_columns(masks) if masks else frame
    if clock in frame.columns and microseconds(as_of) < _latest(frame[clock]):
        frame = frame.filter((pl.col(clock) <= later) | pl.col(clock).is_null())
    return frame


def _latest(column: pl.Series) -> int:
    latest = column.to_physical().max()
    return int(latest) if isinstance(latest, int) else -(2**63)


def _with_facts(
    name: str,
    tables: Mapping[str, Rows],
    facts: Mapping[str, Fact],
    windows: Windows | None,
    options: Options,
) -> Rows:
    rows = tables[name]
    as_of = windows.as_of if windows else datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC"))
    for column, fact in facts.items():
        rows = rows.add(column, fact.build(Context(rows, tables, as_of, options.config)))
    return rows


def _cuts(frames: Mapping[str, pl.DataFrame], options: Options) -> tuple[Cut, ...]:
    if options.by is not None:
        return options.by
    tickets = frames.get("tickets")
    return (("channel",),) if tickets is not None and "channel" in tickets.columns else ()

"""Whether an export reaches back far enough to know the backlog.

An export of tickets created inside a span holds no older ones, so its backlog is at least what is open in it until as
much time has passed as tickets live: here, until nine in ten are solved (Kaplan–Meier). An export of solved tickets
alone has no backlog at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl

from cx_kpi.engine.aggregation.apart import order_statistics
from cx_kpi.engine.aggregation.cells import OVERALL, Cell, Figures
from cx_kpi.engine.facts.fact import Rows, moment, seconds
from cx_kpi.engine.planning.plan import Job, Plan, Unavailable
from cx_kpi.engine.results import Work
from cx_kpi.engine.time.windows import Windows, midnight
from cx_kpi.metrics.definition.clocks import OPEN
from cx_kpi.model.figures import LOWER_BOUND, Figure
from cx_kpi.model.options import Options
from cx_kpi.model.report import Notice
from cx_kpi.model.values import Unit
from cx_kpi.normalise.vocabulary.notices import notice
from cx_kpi.wording.language import Language, mark

FEWEST_SOLVED = 20  # so many solved tickets and no open one are no accident
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TIME = pl.Datetime("us", "UTC")
GROWS = (Unit.COUNT, Unit.SECONDS)  # units whose figures older open tickets could only raise
ONLY_SOLVED = mark(
    "not computable from this export: it holds no open ticket, so it seems to hold solved ones only"
)
Bounded = tuple[Plan, Figures, list[Notice]]


def bounded(work: Work) -> Work:
    """The stock figures that the export cannot know marked as lower bounds, or taken away."""
    if work.windows is None or "tickets" not in work.rows:
        return work
    tickets = work.rows["tickets"]
    plan, figures, said = bound(work.plan, work.figures, tickets, work.windows, work.options)
    return replace(work, plan=plan, figures=figures, notices=(*work.notices, *said))


def bound(plan: Plan, figures: Figures, tickets: Rows, windows: Windows, options: Options) -> Bounded:
    """The figures of the stock, marked as lower bounds where older tickets may be missing, and the notice."""
    stocks = [job for job in plan.jobs if job.method.clock == OPEN]
    if not stocks or not tickets.height:
        return plan, figures, []
    complete = options.config.tickets.complete
    is_solved = not complete and _holds_no_open(tickets)
    if is_solved and tickets.height >= FEWEST_SOLVED:
        return _without(plan, stocks), figures, []
    since = EPOCH if complete else _known_from(tickets, windows.as_of, _ninth(figures, windows))
    since = None if is_solved else since  # an export may hold solved tickets only
    since = since and _told_from(since, tickets, windows.as_of)
    marked = {job.metric.id: _marked(job, figures, windows, since) for job in stocks}
    if complete or not any(map(_is_at_least, marked.values())):
        return plan, figures | marked, []
    said = notice("backlog_at_least", Language(options.language), table="tickets")
    return plan, figures | marked, [said]


def _told_from(since: datetime, tickets: Rows, as_of: datetime) -> datetime:
    """Since when the stock is known; only now where earlier tickets have no date of solution."""
    return since if "solved_at" in tickets.columns else max(since, as_of)


def _without(plan: Plan, stocks: Sequence[Job]) -> Plan:
    """The plan without a stock that cannot be known."""
    missing = tuple(Unavailable(job.metric, (), ONLY_SOLVED) for job in stocks)
    rest = tuple(job for job in plan.jobs if job not in stocks)
    return replace(plan, jobs=rest, missing=plan.missing + missing)


def _is_at_least(found: Mapping[Cell, Figure]) -> bool:
    """Whether the figure of the window is a lower bound."""
    return OVERALL in found and LOWER_BOUND in found[OVERALL].details


def _marked(job: Job, figures: Figures, windows: Windows, since: datetime | None) -> dict[Cell, Figure]:
    """The figures of a metric, those of windows that end before the backlog is known as lower bounds."""
    found = figures[job.metric.id]
    if job.metric.unit not in GROWS:
        return found
    return {
        cell: replace(figure, details={**figure.details, LOWER_BOUND: True})
        if figure.value is not None and _ends_before(since, cell, windows)
        else figure
        for cell, figure in found.items()
    }


def _ends_before(since: datetime | None, cell: Cell, windows: Windows) -> bool:
    """Whether the window of a cell ends before a moment that may never come."""
    return since is None or midnight(windows.group(cell.group)[cell.window].end, windows.zone) < since


def _holds_no_open(tickets: Rows) -> bool:
    """Whether every ticket is solved."""
    return not tickets.lazy().select(_open().any()).collect().item()


def _open() -> pl.Expr:
    return pl.col("ended_at").is_null() & pl.col("opened_at").is_not_null()


def _ninth(figures: Figures, windows: Windows) -> float | None:
    """How long nine in ten tickets are open, where that was already aggregated."""
    whole = figures.get("resolution_survival", {}).get(OVERALL)
    return whole.details["p90"] if whole and not windows.rolling else None


def _known_from(tickets: Rows, as_of: datetime, ninth: float | None) -> datetime | None:
    """The instant from which the backlog is known; None where it never is."""
    if ninth is None:
        age = pl.when(_open()).then(seconds(moment(as_of) - pl.col("opened_at")))
        solved = pl.col("solved_at") if "solved_at" in tickets.columns else pl.lit(None, TIME)
        life = seconds(solved - pl.col("created_at"))
        frame = tickets.lazy()
        whole = frame.select(
            life=order_statistics.milliseconds(life), age=order_statistics.milliseconds(age)
        ).collect()
        ninth = order_statistics.order_statistics_of(
            order_statistics.packed(whole["life"]), order_statistics.packed(whole["age"]), 1
        )[0].censored_p90
    first = tickets.series("opened_at").min()
    return first + timedelta(seconds=ninth) if ninth is not None and isinstance(first, datetime) else None

"""Whether an export reaches back far enough to know the backlog.

An export of tickets created inside a span holds no older ones, so its backlog is too small until as much
time has passed as tickets live: here, until nine in ten are solved (Kaplan–Meier). An export of solved
tickets alone has no backlog at all.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl

from cx_kpi.engine.aggregation import order_statistics
from cx_kpi.engine.aggregation.cells import OVERALL, Figures
from cx_kpi.engine.facts.fact import Rows, moment, seconds
from cx_kpi.engine.planning.plan import Plan, Unavailable
from cx_kpi.engine.time.windows import Windows, midnight
from cx_kpi.metrics.definition.clocks import OPEN
from cx_kpi.model.figures import Figure
from cx_kpi.wording.language import mark

FEWEST = 50  # below so many tickets nothing can be told of how far the export reaches back
FEWEST_SOLVED = 20  # so many solved tickets and no open one are no accident
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ONLY_SOLVED = mark(
    "not computable from this export: it holds no open ticket, so it seems to hold solved ones only"
)
TOO_SHORT = mark(
    "not computable from this export: it does not reach back as far as tickets live, "
    "so tickets older than the export may be missing"
)


def suppress_unknown_stocks(
    plan: Plan, figures: Figures, tickets: Rows, windows: Windows
) -> tuple[Plan, Figures]:
    """Take away the stock figures that the export cannot know, whole metrics with their reason."""
    stocks = [job for job in plan.jobs if job.method.clock == OPEN]
    if not stocks or tickets.base.height < FEWEST_SOLVED:
        return plan, figures
    since, why = _known_from(tickets, windows.as_of, _ninth(figures, windows))
    if since is None or midnight(windows.overall.end, windows.zone) < since:
        missing = tuple(Unavailable(job.metric, (), why) for job in stocks)
        rest = tuple(job for job in plan.jobs if job not in stocks)
        return replace(plan, jobs=rest, missing=plan.missing + missing), figures
    known = dict(figures)
    for job in stocks:
        known[job.metric.id] = {
            cell: figure
            if midnight(windows.group(cell.group)[cell.window].end, windows.zone) >= since
            else Figure(None, 0)
            for cell, figure in figures[job.metric.id].items()
        }
    return plan, known


def _ninth(figures: Figures, windows: Windows) -> float | None:
    """How long nine in ten tickets live, where that was already folded over all tickets."""
    whole = figures.get("resolution_survival", {}).get(OVERALL)
    return whole.details["p90"] if whole and not windows.rolling else None


def _known_from(tickets: Rows, as_of: datetime, ninth: float | None) -> tuple[datetime | None, str]:
    """The instant from which the backlog is known, or None and why."""
    lives = tickets.lazy()
    open_now = pl.col("ended_at").is_null() & pl.col("opened_at").is_not_null()
    if not lives.select(open_now.any()).collect().item():
        return None, ONLY_SOLVED
    if tickets.base.height < FEWEST:
        return _EPOCH, ""
    if ninth is None:
        age = pl.when(open_now).then(seconds(moment(as_of) - pl.col("opened_at")))
        life = seconds(pl.col("solved_at") - pl.col("created_at"))
        whole = lives.select(
            life=order_statistics.milliseconds(life), age=order_statistics.milliseconds(age)
        ).collect()
        ninth = order_statistics.order_statistics_of(
            order_statistics.packed(whole["life"]), order_statistics.packed(whole["age"]), 1
        )[0].censored_p90
    first = tickets.series("opened_at").min()
    if ninth is None or not isinstance(first, datetime):
        return None, TOO_SHORT
    return first + timedelta(seconds=ninth), TOO_SHORT

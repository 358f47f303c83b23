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
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Options
from cx_kpi.model.report import Notice
from cx_kpi.model.values import Unit
from cx_kpi.normalise.vocabulary.derived import OTHERS_OPEN, SPELLS
from cx_kpi.normalise.vocabulary.notices import notice
from cx_kpi.wording.language import Language, mark

SURVIVAL = "resolution_survival"  # the metric that tells how long tickets are open
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TIME = pl.Datetime("us", "UTC")
GROWS = (Unit.COUNT, Unit.SECONDS)  # units whose figures older open tickets could only raise
ONLY_SOLVED = mark(
    "not computable from this export: it holds no open ticket, so it seems to hold solved ones only"
)
Bounded = tuple[Plan, Figures, list[Notice]]


@dataclass(frozen=True, slots=True)
class Stock:
    """What tells since when the stock of tickets is known: how many there are, whether all are solved, when the first was opened.

    `dated`: whether solutions have dates; `ninth`: within how many seconds nine in ten are solved.
    """

    tickets: int
    only_solved: bool = False
    first: datetime | None = None
    dated: bool = True
    ninth: float | None = None

    def since(self, as_of: datetime) -> datetime | None:
        """The instant from which the stock is known; None where it never is."""
        if self.only_solved or self.ninth is None or self.first is None:
            return None  # an export may hold solved tickets only
        known = self.first + timedelta(seconds=self.ninth)
        return known if self.dated else max(known, as_of)


def bounded(work: Work) -> Work:
    """The stock figures that the export cannot know marked as lower bounds, or taken away."""
    if work.windows is None or "tickets" not in work.rows or not stocks_of(work.plan):
        return work
    tickets = work.rows["tickets"]
    if work.options.config.tickets.complete:
        stock = Stock(tickets.height, dated="solved_at" in tickets.columns)
    else:
        stock = stock_of(tickets, work.windows.as_of, ninth_of(work.figures, work.windows))
    plan, figures, said = bound(work.plan, work.figures, stock, work.windows, work.options)
    return replace(work, plan=plan, figures=figures, notices=(*work.notices, *said))


def stocks_of(plan: Plan) -> list[Job]:
    """The jobs that count open tickets."""
    return [job for job in plan.jobs if job.method.clock == OPEN]


def bound(plan: Plan, figures: Figures, stock: Stock, windows: Windows, options: Options) -> Bounded:
    """The figures of the stock, marked as lower bounds where older tickets may be missing, and the notice."""
    stocks = stocks_of(plan)
    if not stocks or not stock.tickets:
        return plan, figures, []
    complete = options.config.tickets.complete
    if not complete and stock.only_solved:
        return _without(plan, stocks), figures, []
    whole = EPOCH if stock.dated else windows.as_of
    since = whole if complete else stock.since(windows.as_of)
    marked = {job.metric.id: _marked(job, figures, windows, since) for job in stocks}
    if complete or not any(map(_is_at_least, marked.values())):
        return plan, figures | marked, []
    said = notice("backlog_at_least", Language(options.language), table="tickets")
    return plan, figures | marked, [said]


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
    """Whether every ticket is solved, those left out by the user's condition too."""
    others = pl.col(OTHERS_OPEN) if OTHERS_OPEN in tickets.columns else pl.lit(value=False)
    return not tickets.lazy().select((_open() | others).any()).collect().item()


def _open() -> pl.Expr:
    return pl.col("ended_at").is_null() & pl.col("opened_at").is_not_null()


def ninth_of(figures: Figures, windows: Windows) -> float | None:
    """How long nine in ten tickets are open, where that was already aggregated."""
    whole = figures.get(SURVIVAL, {}).get(OVERALL)
    return whole.details["p90"] if whole and not windows.rolling else None


def stock_of(tickets: Rows, as_of: datetime, ninth: float | None) -> Stock:
    """What tells since when the stock is known; `ninth` where it was already aggregated."""
    logged = SPELLS in tickets.columns  # a log tells what was open meanwhile, whatever came of it
    only_solved = bool(tickets.height) and not logged and _holds_no_open(tickets)
    dated = "solved_at" in tickets.columns
    if ninth is None and not only_solved:
        ninth = _life(tickets, as_of, dated=dated)
    first = tickets.series("opened_at").min()
    return Stock(tickets.height, only_solved, first if isinstance(first, datetime) else None, dated, ninth)


def _life(tickets: Rows, as_of: datetime, *, dated: bool) -> float | None:
    """Within how many seconds nine in ten tickets are solved."""
    age = pl.when(_open()).then(seconds(moment(as_of) - pl.col("opened_at")))
    solved = pl.col("solved_at") if dated else pl.lit(None, TIME)
    life = seconds(solved - pl.col("created_at"))
    whole = tickets.lazy().select(
        life=order_statistics.milliseconds(life), age=order_statistics.milliseconds(age)
    )
    lengths = whole.collect()
    found = order_statistics.order_statistics_of(
        order_statistics.packed(lengths["life"]), order_statistics.packed(lengths["age"]), 1
    )
    return found[0].censored_p90

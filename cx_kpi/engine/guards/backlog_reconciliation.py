"""The self-check of the backlog: open at start + created + reopened − solved = open at end."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from cx_kpi.engine.aggregation.binning import by_spell
from cx_kpi.engine.aggregation.cells import OVERALL, Figures
from cx_kpi.engine.facts.fact import Rows, moment
from cx_kpi.engine.results import Work
from cx_kpi.engine.time.windows import Windows, midnight
from cx_kpi.metrics.definition.clocks import OPEN
from cx_kpi.model.figures import Worked

BACKLOG = "backlog"
_TERMS = "{open_start} + {created} + {reopened} − {solved}"


def reconciled(work: Work) -> Work:
    """The figures with the backlog reconciled: open at start + created + reopened − solved."""
    if work.windows is None or "tickets" not in work.rows:
        return work
    whole = work.figures.get(BACKLOG, {}).get(OVERALL)
    known = whole is not None and whole.value is not None
    flow = flow_of(work.rows["tickets"], work.windows) if known else {}
    return replace(work, figures=with_flow(work.figures, flow))


def with_flow(figures: Figures, flow: Mapping[str, int]) -> Figures:
    """The figures with the flow of tickets next to the backlog, where it is known; what does not add up is the residual.

    Without the events of a ticket a reopened one simply counts as never solved, and not as `reopened`. A residual
    is the number of tickets that are marked as solved and have no date of it.
    """
    whole = figures.get(BACKLOG, {}).get(OVERALL)
    if whole is None or whole.value is None or not flow:
        return figures
    rest = flow["open_start"] + flow["created"] + flow["reopened"] - flow["solved"] - flow["open_end"]
    flow = {**flow, "residual": rest}
    told = replace(whole, details={**whole.details, "flow": flow}, worked=_working(flow))
    return {**figures, BACKLOG: {**figures[BACKLOG], OVERALL: told}}


def _working(flow: Mapping[str, int]) -> Worked:
    """The worked formula of the backlog, with the residual where there is one."""
    rest = flow["residual"]
    unexplained = f" {'−' if rest > 0 else '+'} {{rest}}" if rest else ""
    return Worked(_TERMS + unexplained, {**flow, "rest": abs(rest)})


def flow_of(tickets: Rows, windows: Windows) -> dict[str, int]:
    """How many tickets were open at the start and the end of the window, and came and went; nothing without the dates."""
    if not {"opened_at", "solved_at"} <= tickets.columns:
        return {}
    start, end = (moment(midnight(day, windows.zone)) for day in (windows.overall.start, windows.overall.end))
    rows, opened, ended = by_spell(tickets.lazy().with_row_index("nr"), OPEN)
    solved = by_spell(tickets.lazy(), replace(OPEN, until="solved_at"))[-1]
    again = (pl.col("nr") == pl.col("nr").shift()).fill_null(
        value=False
    )  # another spell of the ticket before
    lives = rows.with_columns(opened=opened, ended=ended, solved=solved, again=again)
    counts = lives.select(
        open_start=_open_at(start).sum(),
        created=(_inside("created_at", start, end) & ~pl.col("again")).sum(),
        reopened=(_inside("opened", start, end) & pl.col("again")).sum(),
        solved=_inside("solved", start, end).sum(),
        open_end=_open_at(end).sum(),
    )
    return {name: int(n) for name, n in counts.collect().row(0, named=True).items()}


def _inside(name: str, start: pl.Expr, end: pl.Expr) -> pl.Expr:
    return pl.col(name).is_between(start, end, closed="left")


def _open_at(instant: pl.Expr) -> pl.Expr:
    ended = pl.col("ended")
    return (pl.col("opened") < instant) & (ended.is_null() | (ended >= instant))

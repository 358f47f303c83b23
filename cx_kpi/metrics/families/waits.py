"""Who waited for whom while a ticket was open, by its states."""

from typing import Any

import polars as pl

from cx_kpi.metrics.definition.aggregations import only
from cx_kpi.metrics.definition.clocks import SOLVED, WRITTEN
from cx_kpi.metrics.definition.metric import Aggregation, Contribution, Measured, Method, Metric, Sum
from cx_kpi.metrics.definition.wait_aggregations import duration, within
from cx_kpi.metrics.families.speed import BY_CLOCK
from cx_kpi.model.figures import Figure, Worked
from cx_kpi.model.options import Config
from cx_kpi.model.values import Better, Target, Unit
from cx_kpi.wording.language import mark

ON_HOLD = pl.col("on_hold_seconds")
REPLY, AWAITS = pl.col("next_response_seconds"), pl.col("awaits_response")
REPLY_GOAL = pl.col("next_response_target")
JUDGED_REPLY, JUDGED_AGE = pl.col("next_response_judged_seconds"), pl.col("next_response_judged_age")
STATES = {  # statuses of open tickets, by the column that holds the time in each
    "new": "new_seconds",
    "open": "open_seconds",
    "pending": "agent_wait_seconds",
    "on_hold": "on_hold_seconds",
}


def _time_in(states: dict[str, str]) -> Aggregation:
    """How the time of rows spreads over states, most first; the value is the share of the first."""
    known = pl.all_horizontal(pl.col(column).is_not_null() for column in states.values())

    def finish(parts: Measured) -> Figure:
        n, sums = int(parts["n"]), {name: float(parts[name]) for name in states}
        total = sum(sums.values())
        if not total:
            return Figure(None, n)
        spent = sorted(sums.items(), key=lambda pair: -pair[1])
        table: list[dict[str, Any]] = [
            {"name": name, "mean_seconds": each / n, "share": each / total} for name, each in spent
        ]
        top, most = spent[0]
        working = Worked("{most} ÷ {total}", {"most": float(most), "total": float(total)}, unit=Unit.SECONDS)
        return Figure(most / total, n, None, {"top": top, "table": table}, working)

    sums = {name: Sum(only(pl.col(column), known)) for name, column in states.items()}
    whole = pl.sum_horizontal(pl.col(column) for column in states.values())
    return Aggregation({"n": Sum(known), **sums}, finish, contribution=Contribution(known, whole))


def _has_goal(config: Config) -> bool:
    """Whether there is a target for answers to further messages."""
    said = {*config.targets, *(rule.metric for rule in config.target)}
    return not said.isdisjoint({"next_response_time", "next_response_time_business"})


METRICS = (
    Metric(
        id="requester_wait_time",
        title=mark("Customers' wait for us"),
        group="speed",
        about=mark(
            "How long solved tickets were in our hands: new, open or on hold. Time pending, when we wait for the "
            "customer, is left out, and so is the time between a solve and a reopening."
        ),
        formula=mark("Σ time new, open or on hold ÷ solved tickets"),
        unit=Unit.SECONDS,
        better=Better.LOWER,
        methods=(Method(SOLVED, duration(pl.col("requester_wait_seconds"))),),
    ),
    Metric(
        id="agent_wait_time",
        title=mark("Our wait for customers"),
        group="speed",
        about=mark("How long solved tickets were pending: the team was waiting for the customer."),
        formula=mark("Σ time pending ÷ solved tickets"),
        unit=Unit.SECONDS,
        better=Better.NEITHER,
        methods=(Method(SOLVED, duration(pl.col("agent_wait_seconds"))),),
    ),
    Metric(
        id="hold_time",
        title=mark("Time on hold"),
        group="speed",
        about=mark("How long tickets that were put on hold stayed so, for instance for a supplier."),
        formula=mark("Σ time on hold ÷ solved tickets that were ever on hold"),
        unit=Unit.SECONDS,
        better=Better.LOWER,
        methods=(Method(SOLVED, duration(only(ON_HOLD, ON_HOLD > 0))),),
    ),
    Metric(
        id="time_in_status",
        title=mark("Time in the main status"),
        group="speed",
        about=mark(
            "How the open time of solved tickets spreads over new, open, pending and on hold; the value is the share "
            "of the longest."
        ),
        formula=mark("time of solved tickets in a status ÷ all their open time"),
        unit=Unit.SHARE,
        better=Better.NEITHER,
        methods=(Method(SOLVED, _time_in(STATES)),),
        not_by=frozenset({"status"}),
    ),
    Metric(
        id="next_response_time",
        title=mark("Next response time"),
        group="speed",
        about=mark(
            "How long customers wait for each further answer: from the first message that is not answered yet to the "
            "next public reply by a person. The first answer is counted apart."
        ),
        formula=mark("Σ (next reply − customer's message) ÷ messages answered"),
        unit=Unit.SECONDS,
        better=Better.LOWER,
        methods=(Method(WRITTEN, duration(REPLY, censored=only(pl.col("age_seconds"), AWAITS))),),
    ),
    Metric(
        id="next_response_within_target",
        title=mark("Next responses within target"),
        group="speed",
        about=mark(
            "Share of customers' further messages answered within the target set for the next response time. A message "
            "that waits longer than its target is a miss; a younger one is left out as pending."
        ),
        formula=mark("answered in time ÷ (answered + overdue)"),
        unit=Unit.SHARE,
        better=Better.HIGHER,
        target=Target(">=", 0.90),
        methods=(
            Method(WRITTEN, within(JUDGED_REPLY, REPLY_GOAL, AWAITS, JUDGED_AGE), BY_CLOCK),
            Method(WRITTEN, within(REPLY, REPLY_GOAL, AWAITS, pl.col("age_seconds"))),
        ),
        setting=_has_goal,
    ),
)

"""How a ticket was handled: handed on, begun by a bot, written to again, followed up."""

import polars as pl

from cx_kpi.metrics.definition.aggregations import EVERY, only, share
from cx_kpi.metrics.definition.clocks import CREATED
from cx_kpi.metrics.definition.metric import Method, Metric, Sum
from cx_kpi.model.values import Better, Unit
from cx_kpi.wording.language import mark

ASSIGNED = pl.col("assignment_count")
BY_BOT = pl.col("bot_began")
BY_HUMAN = pl.col("human_replied")

METRICS = (
    Metric(
        id="reassignment_rate",
        title=mark("Reassigned"),
        group="flow",
        about=mark("Share of assigned tickets that were handed on to another agent or team."),
        formula=mark("assigned more than once ÷ assigned"),
        unit=Unit.SHARE,
        better=Better.LOWER,
        methods=(
            Method(
                CREATED, share(ASSIGNED > 1, of=ASSIGNED > 0, assignments=Sum(only(ASSIGNED, ASSIGNED > 0)))
            ),
        ),
    ),
    Metric(
        id="bot_handoff_rate",
        title=mark("Handed over by the bot"),
        group="flow",
        about=mark("Share of the conversations a bot answered first in which a person had to answer, too."),
        formula=mark("begun by a bot and answered by a person ÷ begun by a bot"),
        unit=Unit.SHARE,
        better=Better.LOWER,
        methods=(Method(CREATED, share(BY_HUMAN, of=BY_BOT)),),
    ),
    Metric(
        id="bot_resolution_rate",
        title=mark("Solved by the bot"),
        group="flow",
        about=mark(
            "Share of the conversations a bot answered first that were solved without an answer by a person."
        ),
        formula=mark("begun by a bot and solved without a person's answer ÷ begun by a bot"),
        unit=Unit.SHARE,
        better=Better.HIGHER,
        methods=(Method(CREATED, share(~BY_HUMAN & pl.col("finished"), of=BY_BOT)),),
    ),
    Metric(
        id="reply_after_solve_rate",
        title=mark("Customers who wrote after the solve"),
        group="flow",
        about=mark(
            "Share of tickets solved at least once to which the customer wrote again after the first solve, be it "
            "thanks or a problem that came back."
        ),
        formula=mark("customer wrote after the first solve ÷ solved at least once"),
        unit=Unit.SHARE,
        better=Better.LOWER,
        methods=(Method(CREATED, share(pl.col("customer_returned"), of=pl.col("ever_solved"))),),
    ),
    Metric(
        id="follow_up_rate",
        title=mark("Follow-up tickets"),
        group="flow",
        about=mark(
            "Share of tickets that follow up another one, solved before they came: by the link to it."
        ),
        formula=mark("tickets linked to one solved before ÷ tickets"),
        unit=Unit.SHARE,
        better=Better.LOWER,
        methods=(Method(CREATED, share(pl.col("follow_up"), of=EVERY)),),
    ),
)

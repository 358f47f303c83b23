"""How fast customers are answered and their tickets solved."""

import polars as pl

from cx_kpi.language import mark
from cx_kpi.metrics.clocks import CREATED, SOLVED
from cx_kpi.metrics.formulas import count, duration, only, survival, within
from cx_kpi.metrics.metric import Beside, Headline, Metric, Out, Way, helper
from cx_kpi.report import Better, Goal, Unit

WAIT = pl.col("first_response_seconds")
WORK = pl.col("resolution_seconds")
AGE = pl.col("age_seconds")
JUDGED_WAIT, JUDGED_WAIT_AGE = pl.col("first_response_judged_seconds"), pl.col("first_response_judged_age")
JUDGED_WORK, JUDGED_WORK_AGE = pl.col("resolution_judged_seconds"), pl.col("resolution_judged_age")
ANSWERED = pl.col("answerable") & WAIT.is_not_null()
WAITING = pl.col("answerable") & WAIT.is_null() & ~pl.col("finished") & ~pl.col("response_untold")
UNSOLVED = WORK.is_null() & pl.col("unsolved")
ANSWER_GOAL = pl.col("first_response_target")
SOLVE_GOAL = pl.col("resolution_target")
BY_US = Out(mark("opened by an agent or a bot"), ~pl.col("answerable"))
UNTOLD = Out(mark("from a file that does not tell first responses"), pl.col("response_untold"))
UNTOLD_SOLVE = Out(mark("from a file that does not tell solutions"), pl.col("solution_untold"))
UNDATED_SOLVE = Out(mark("solved without a date"), pl.col("finished") & WORK.is_null())
STILL_OPEN = Out(mark("still open"), UNSOLVED)
ENDLESS = (UNTOLD_SOLVE, UNDATED_SOLVE, STILL_OPEN)
BY_CLOCK = mark("each ticket by the clock of its target")

METRICS = (
    Metric(
        id="tickets_created",
        title=mark("Tickets created"),
        group="flow",
        about=mark("How many tickets were opened, by customers, agents and bots: the demand on the team."),
        formula=mark("tickets by date created"),
        unit=Unit.COUNT,
        better=Better.NEITHER,
        ways=(Way(CREATED, count()),),
    ),
    Metric(
        id="tickets_solved",
        title=mark("Tickets solved"),
        group="flow",
        about=mark("How many tickets the team finished; below the number created, the backlog grows."),
        formula=mark("tickets by date of the last solve"),
        unit=Unit.COUNT,
        better=Better.NEITHER,
        ways=(Way(SOLVED, count()),),
    ),
    Metric(
        id="first_response_time",
        title=mark("First response time"),
        group="speed",
        about=mark(
            "How long customers wait for the first answer. Tickets opened by agents or bots are left out."
        ),
        formula=mark("Σ (first response − created) ÷ first responses"),
        unit=Unit.SECONDS,
        better=Better.LOWER,
        headline=Headline("speed", 4),
        ways=(
            Way(CREATED, duration(only(WAIT, ANSWERED), censored=only(AGE, WAITING)), outs=(BY_US, UNTOLD)),
        ),
    ),
    Metric(
        id="first_response_within_target",
        title=mark("Answered within target"),
        group="speed",
        about=mark(
            "Share of customers who got their first answer within the target of their channel. "
            "An unanswered ticket older than its target is a miss; a younger one is left out as pending."
        ),
        formula=mark("answered in time ÷ (answered + overdue)"),
        unit=Unit.SHARE,
        better=Better.HIGHER,
        headline=Headline("speed", 1),
        target=Goal(">=", 0.90),
        ways=(
            Way(
                CREATED,
                within(only(JUDGED_WAIT, ANSWERED), ANSWER_GOAL, WAITING, JUDGED_WAIT_AGE),
                BY_CLOCK,
                outs=(BY_US, UNTOLD),
            ),
            Way(
                CREATED,
                within(only(WAIT, ANSWERED), ANSWER_GOAL, WAITING, AGE),
                outs=(BY_US, UNTOLD),
            ),
        ),
    ),
    Metric(
        id="resolution_time",
        title=mark("Resolution time"),
        group="speed",
        about=mark("How long it takes from the customer's question to the last solve, in calendar time."),
        formula=mark("Σ (solved − created) ÷ solved"),
        unit=Unit.SECONDS,
        better=Better.LOWER,
        headline=Headline("speed", 2),
        target=Goal("<=", 86_400.0),
        ways=(Way(SOLVED, duration(WORK), outs=ENDLESS),),
        beside=(
            Beside("pending", "resolution_survival", "pending"),
            Beside("censored_median", "resolution_survival"),
            Beside("first_solve", "first_solve_time"),
        ),
    ),
    helper("resolution_survival", Unit.SECONDS, Way(CREATED, survival(WORK, censored=only(AGE, UNSOLVED)))),
    helper("first_solve_time", Unit.SECONDS, Way(SOLVED, duration(pl.col("first_solve_seconds")))),
    Metric(
        id="resolution_within_target",
        title=mark("Solved within target"),
        group="speed",
        about=mark(
            "Share of tickets solved within the target. An unsolved ticket older than the target is a miss; "
            "a younger one is left out as pending."
        ),
        formula=mark("solved in time ÷ (solved + overdue)"),
        unit=Unit.SHARE,
        better=Better.HIGHER,
        headline=Headline("speed", 5),
        target=Goal(">=", 0.90),
        ways=(
            Way(
                CREATED,
                within(JUDGED_WORK, SOLVE_GOAL, UNSOLVED, JUDGED_WORK_AGE),
                BY_CLOCK,
                outs=(UNTOLD_SOLVE, UNDATED_SOLVE),
            ),
            Way(
                CREATED,
                within(WORK, SOLVE_GOAL, UNSOLVED, AGE),
                outs=(UNTOLD_SOLVE, UNDATED_SOLVE),
            ),
        ),
    ),
)

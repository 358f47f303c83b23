"""How fast customers are answered and their tickets solved."""

import polars as pl

from cx_kpi.metrics.definition.aggregations import count, only
from cx_kpi.metrics.definition.clocks import CREATED, SOLVED
from cx_kpi.metrics.definition.metric import Companion, Exclusion, Headline, Method, Metric, helper
from cx_kpi.metrics.definition.wait_aggregations import duration, survival, within
from cx_kpi.model.values import Better, Target, Unit
from cx_kpi.wording.language import mark

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
BY_US = Exclusion(mark("opened by an agent or a bot"), ~pl.col("answerable"))
UNTOLD = Exclusion(mark("from a file that does not tell first responses"), pl.col("response_untold"))
UNTOLD_SOLVE = Exclusion(mark("from a file that does not tell solutions"), pl.col("solution_untold"))
UNDATED_SOLVE = Exclusion(mark("solved without a date"), pl.col("finished") & WORK.is_null())
STILL_OPEN = Exclusion(mark("still open"), UNSOLVED)
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
        foreseen=True,
        methods=(Method(CREATED, count()),),
    ),
    Metric(
        id="tickets_solved",
        title=mark("Tickets solved"),
        group="flow",
        about=mark("How many tickets the team finished; below the number created, the backlog grows."),
        formula=mark("tickets by date of the last solve"),
        unit=Unit.COUNT,
        better=Better.NEITHER,
        measured=(pl.col("solved_at").count() > 0)
        | ~pl.col("is_solved").fill_null(value=True).any(),  # all known to be open
        methods=(Method(SOLVED, count()),),
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
        same_as="first_response_within_target",
        headline=Headline("speed", 4),
        methods=(
            Method(
                CREATED,
                duration(only(WAIT, ANSWERED), censored=only(AGE, WAITING)),
                exclusions=(BY_US, UNTOLD),
            ),
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
        target=Target(">=", 0.90),
        methods=(
            Method(
                CREATED,
                within(only(JUDGED_WAIT, ANSWERED), ANSWER_GOAL, WAITING, JUDGED_WAIT_AGE),
                BY_CLOCK,
                exclusions=(BY_US, UNTOLD),
            ),
            Method(
                CREATED,
                within(only(WAIT, ANSWERED), ANSWER_GOAL, WAITING, AGE),
                exclusions=(BY_US, UNTOLD),
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
        same_as="resolution_within_target",
        headline=Headline("speed", 2),
        target=Target("<=", 86_400.0),
        methods=(Method(SOLVED, duration(WORK), exclusions=ENDLESS),),
        companions=(
            Companion("pending", "resolution_survival", "pending"),
            Companion("censored_median", "resolution_survival"),
            Companion("first_solve", "first_solve_time"),
        ),
    ),
    helper(
        "resolution_survival", Unit.SECONDS, Method(CREATED, survival(WORK, censored=only(AGE, UNSOLVED)))
    ),
    helper("first_solve_time", Unit.SECONDS, Method(SOLVED, duration(pl.col("first_solve_seconds")))),
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
        target=Target(">=", 0.90),
        methods=(
            Method(
                CREATED,
                within(JUDGED_WORK, SOLVE_GOAL, UNSOLVED, JUDGED_WORK_AGE),
                BY_CLOCK,
                exclusions=(UNTOLD_SOLVE, UNDATED_SOLVE),
            ),
            Method(
                CREATED,
                within(WORK, SOLVE_GOAL, UNSOLVED, AGE),
                exclusions=(UNTOLD_SOLVE, UNDATED_SOLVE),
            ),
        ),
    ),
)

"""Complaints: how many, how fast, how well, how often again, and what they cost."""

import polars as pl

from cx_kpi.metrics.definition.aggregations import at_one_age, breakdown, count, only, score, share
from cx_kpi.metrics.definition.clocks import CREATED, RATED, SOLVED
from cx_kpi.metrics.definition.complaint_aggregations import (
    COMPLAINT,
    cost_allocated,
    cost_of_known,
    density,
    density_by,
)
from cx_kpi.metrics.definition.metric import Companion, Exclusion, Headline, Method, Metric, helper
from cx_kpi.metrics.definition.wait_aggregations import duration, survival, within
from cx_kpi.metrics.families.speed import BY_CLOCK, ENDLESS, UNDATED_SOLVE, UNTOLD_SOLVE
from cx_kpi.model.values import Better, Target, Unit
from cx_kpi.wording.language import mark

WORK = pl.col("resolution_seconds")
AGE = pl.col("age_seconds")
JUDGED_WORK, JUDGED_AGE = pl.col("complaint_judged_seconds"), pl.col("complaint_judged_age")
UNSOLVED = COMPLAINT & WORK.is_null() & pl.col("unsolved")
GOAL = pl.col("complaint_target")
SCORE = pl.col("answer")
OTHER = Exclusion(mark("not a complaint"), ~COMPLAINT.fill_null(value=False))
UNLINKED = Exclusion(mark("not about a complaint"), ~pl.col("rates_complaint"))
UNLINKED_SOLVED = Exclusion(mark("not about a solved complaint"), ~pl.col("rates_solved_complaint"))
ISSUELESS = mark("without a customer and an issue, or without a full look-back")

METRICS = (
    Metric(
        id="complaints",
        title=mark("Complaints"),
        group="complaints",
        about=mark("Complaints received in the window."),
        formula=mark("tickets marked as complaints, by date created"),
        unit=Unit.COUNT,
        better=Better.LOWER,
        headline=Headline("cost", 3),
        methods=(Method(CREATED, count(COMPLAINT), exclusions=(OTHER,)),),
        companions=(
            Companion("share_of_tickets", "tickets_created", per=1.0),
            Companion("per_1000_customers", "customers_active", per=1000.0),
        ),
    ),
    Metric(
        id="complaint_density",
        title=mark("Complaints per 100 contacts"),
        group="complaints",
        about=mark(
            "How dense complaints are among all contacts, and in which channel: where problems gather."
        ),
        formula=mark("100 × complaints ÷ contacts"),
        unit=Unit.RATIO,
        better=Better.LOWER,
        same_as="complaints",
        methods=(Method(CREATED, density()),),
        companions=(Companion("table", "complaint_density_by_channel", "table"),),
    ),
    helper("complaint_density_by_channel", Unit.RATIO, Method(CREATED, density_by("channel"))),
    Metric(
        id="complaint_processing_time",
        title=mark("Complaint processing time"),
        group="complaints",
        about=mark("From the complaint received to its last solve, in calendar time."),
        formula=mark("Σ (solved − received) ÷ complaints solved"),
        unit=Unit.SECONDS,
        better=Better.LOWER,
        same_as="complaint_within_target",
        headline=Headline("cost", 4),
        target=Target("<=", 86_400.0),
        methods=(Method(SOLVED, duration(only(WORK, COMPLAINT)), exclusions=(OTHER, *ENDLESS)),),
        companions=(
            Companion("pending", "complaint_survival", "pending"),
            Companion("censored_median", "complaint_survival"),
        ),
    ),
    helper(
        "complaint_survival",
        Unit.SECONDS,
        Method(CREATED, survival(only(WORK, COMPLAINT), censored=only(AGE, UNSOLVED))),
    ),
    Metric(
        id="complaint_within_target",
        title=mark("Complaints solved within target"),
        group="complaints",
        about=mark(
            "Share of complaints solved within the target; overdue open ones are misses, younger ones pending."
        ),
        formula=mark("solved in time ÷ (solved + overdue)"),
        unit=Unit.SHARE,
        better=Better.HIGHER,
        headline=Headline("cost", 1),
        target=Target(">=", 0.90),
        methods=(
            Method(
                CREATED,
                within(only(JUDGED_WORK, COMPLAINT), GOAL, UNSOLVED, JUDGED_AGE),
                BY_CLOCK,
                exclusions=(OTHER, UNTOLD_SOLVE, UNDATED_SOLVE),
            ),
            Method(
                CREATED,
                within(only(WORK, COMPLAINT), GOAL, UNSOLVED, AGE),
                exclusions=(OTHER, UNTOLD_SOLVE, UNDATED_SOLVE),
            ),
        ),
    ),
    Metric(
        id="complaint_resolution_rate",
        title=mark("Complaints solved"),
        group="complaints",
        about=mark("Share of the complaints received in the window that are solved by now."),
        formula=mark("received and solved ÷ received"),
        unit=Unit.SHARE,
        better=Better.HIGHER,
        headline=Headline("cost", 5),
        target=Target(">=", 0.95),
        methods=(
            Method(
                CREATED,
                at_one_age(share(pl.col("is_solved"), of=COMPLAINT), "solved_at"),
                exclusions=(OTHER,),
            ),
        ),
    ),
    Metric(
        id="complaint_satisfaction",
        title=mark("Satisfaction after a complaint"),
        group="complaints",
        about=mark("Mean score, 1 to 5, that customers gave after a complaint."),
        formula=mark("Σ scores ÷ answers linked to complaints"),
        unit=Unit.SCORE,
        better=Better.HIGHER,
        target=Target(">=", 4.0),
        methods=(
            Method(
                RATED,
                score(
                    only(
                        SCORE, pl.col("rates_complaint") & (pl.col("kind") == "csat") & pl.col("one_to_five")
                    ),
                    pl.col("scale_low"),
                    pl.col("scale_high"),
                ),
                exclusions=(UNLINKED,),
            ),
        ),
    ),
    Metric(
        id="complaint_recommend_rate",
        title=mark("Would recommend after a solved complaint"),
        group="complaints",
        about=mark("Share of promoters, 9 or 10, among customers whose complaint was solved."),
        formula=mark("answers of 9–10 ÷ answers linked to solved complaints"),
        unit=Unit.SHARE,
        better=Better.HIGHER,
        methods=(
            Method(
                RATED,
                share(
                    SCORE >= 9,
                    of=pl.col("rates_solved_complaint") & (pl.col("kind") == "nps") & pl.col("zero_to_ten"),
                ),
                exclusions=(UNLINKED_SOLVED,),
            ),
        ),
    ),
    Metric(
        id="complaint_repeat_rate",
        title=mark("Repeated complaints"),
        group="complaints",
        about=mark(
            "Share of complaints whose customer had already complained about the same issue in the 90 days before. "
            "Complaints without a known customer and issue, or without a full look-back in the data, are left out."
        ),
        formula=mark("complaints repeated within 90 days ÷ complaints with a known customer and issue"),
        unit=Unit.SHARE,
        better=Better.LOWER,
        headline=Headline("cost", 6),
        target=Target("<=", 0.05),
        methods=(
            Method(
                CREATED,
                share(pl.col("complaint_repeated"), of=COMPLAINT & pl.col("complaint_repeat_known")),
                exclusions=(
                    OTHER,
                    Exclusion(ISSUELESS, ~pl.col("complaint_repeat_known").fill_null(value=False)),
                ),
            ),
        ),
    ),
    Metric(
        id="cost_per_complaint",
        title=mark("Cost per complaint"),
        group="complaints",
        about=mark(
            "What one complaint costs: agent hours at the loaded rate plus direct cost; without hours, the period's "
            "cost allocated by the share of complaints. Refused where less than half of the complaints have a cost."
        ),
        formula=mark("(handling hours × rate + direct cost) ÷ complaints closed"),
        unit=Unit.CURRENCY,
        better=Better.LOWER,
        headline=Headline("cost", 2),
        methods=(
            Method(SOLVED, cost_of_known(pl.col("complaint_cost")), mark("of complaints closed"), (OTHER,)),
            Method(
                CREATED,
                cost_of_known(pl.col("complaint_cost")),
                mark("of complaints received: no closing dates"),
                (OTHER,),
            ),
            Method(
                CREATED,
                cost_allocated(pl.col("allocated_cost")),
                mark("allocated by share of tickets"),
                (OTHER,),
            ),
        ),
    ),
    Metric(
        id="complaints_without_management",
        title=mark("Solved without management"),
        group="complaints",
        about=mark(
            "Share of solved complaints that never had to go to management; a breached target is no escalation."
        ),
        formula=mark("solved complaints not escalated to management ÷ solved complaints with a known flag"),
        unit=Unit.SHARE,
        better=Better.HIGHER,
        methods=(Method(SOLVED, share(~pl.col("to_management"), of=COMPLAINT), exclusions=(OTHER,)),),
    ),
    Metric(
        id="complaints_by_product",
        title=mark("Complaints about the top product"),
        group="complaints",
        about=mark("How complaints spread over products, most first; the value is the share of the first."),
        formula=mark("complaints of a product ÷ all complaints"),
        unit=Unit.SHARE,
        better=Better.NEITHER,
        methods=(Method(CREATED, breakdown("product", COMPLAINT, pareto=True), exclusions=(OTHER,)),),
        companions=(Companion("per_1000_customers", "customers_active", per=1000.0, rows=True),),
        not_by=frozenset({"product"}),
    ),
)

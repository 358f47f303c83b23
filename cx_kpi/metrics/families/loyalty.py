"""Who buys again: after an answer, after a complaint, and without any contact."""

from dataclasses import replace

import polars as pl

from cx_kpi.metrics.definition.aggregations import share
from cx_kpi.metrics.definition.clocks import CREATED, ORDERED, RATED
from cx_kpi.metrics.definition.metric import (
    Aggregation,
    Companion,
    Exclusion,
    Measured,
    Method,
    Metric,
    Sum,
    helper,
)
from cx_kpi.metrics.definition.survey_aggregations import SCORE
from cx_kpi.metrics.families.surveys import RATES_CSAT, UPPER_HALF
from cx_kpi.model.figures import Figure
from cx_kpi.model.values import Better, Unit
from cx_kpi.wording.language import mark

BACK = pl.col("came_back")
KNOWN = BACK.is_not_null()
TOO_EARLY = Exclusion(mark("without a known customer, or not yet old enough to tell"), ~KNOWN)
COMPLAINT = pl.col("is_complaint").fill_null(value=False)
RATED_SO = {"satisfied": UPPER_HALF, "dissatisfied": ~UPPER_HALF}


def _after_answers() -> Aggregation:
    """Share of the customers who came back after their latest answer, satisfied and dissatisfied ones in a table."""
    answered = RATES_CSAT & SCORE.is_not_null() & KNOWN
    groups = {name: answered & rated for name, rated in RATED_SO.items()}
    back = {f"{name}_back": Sum(rated & BACK) for name, rated in groups.items()}
    counts = {name: Sum(rated) for name, rated in groups.items()}
    found = share(BACK, answered, "return_turn", **counts, **back)

    def finish(parts: Measured) -> Figure:
        figure = found.finish(parts)
        if not figure.n:
            return Figure(None, 0)
        table = [
            {"name": name, "n": n, "share": parts[f"{name}_back"] / n}
            for name in RATED_SO
            if (n := int(parts[name]))
        ]
        return replace(figure, details={"hits": figure.details["hits"], "table": table})

    return Aggregation(found.measures, finish, latest=found.latest, contribution=found.contribution)


METRICS = (
    Metric(
        id="repurchase_rate",
        title=mark("Customers who bought again"),
        group="customers",
        about=mark(
            "Share of customers with an order, or where there are no orders still customers, within 90 days after "
            "their latest answer; beside it after a complaint and after an order without any contact."
        ),
        formula=mark("customers who ordered again in time ÷ customers whose time is over"),
        unit=Unit.SHARE,
        better=Better.HIGHER,
        methods=(
            Method(
                RATED,
                _after_answers(),
                mark("after an answer"),
                exclusions=(
                    Exclusion(mark("another kind of survey"), ~RATES_CSAT.fill_null(value=False)),
                    TOO_EARLY,
                ),
            ),
            Method(
                CREATED,
                share(BACK, COMPLAINT & KNOWN, "return_turn"),
                mark("after a complaint"),
                exclusions=(Exclusion(mark("not a complaint"), ~COMPLAINT), TOO_EARLY),
            ),
        ),
        companions=(
            Companion("after_complaint", "repurchase_after_complaint"),
            Companion("without_contact", "repurchase_without_contact"),
        ),
    ),
    helper(
        "repurchase_after_complaint",
        Unit.SHARE,
        Method(CREATED, share(BACK, COMPLAINT & KNOWN, "return_turn")),
    ),
    helper(
        "repurchase_without_contact",
        Unit.SHARE,
        Method(ORDERED, share(BACK, pl.col("uncontacted") & KNOWN, "return_turn")),
    ),
)

"""Waits in business hours: each is a variant of the metric that counts the same by the calendar."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from cx_kpi.metrics.definition.aggregations import only
from cx_kpi.metrics.definition.clocks import CREATED, OPEN, SOLVED, WRITTEN
from cx_kpi.metrics.definition.complaint_aggregations import COMPLAINT
from cx_kpi.metrics.definition.metric import Companion, Method, Metric, helper
from cx_kpi.metrics.definition.wait_aggregations import age, duration, survival
from cx_kpi.metrics.families.complaints import OTHER
from cx_kpi.metrics.families.complaints import UNSOLVED as UNSOLVED_COMPLAINT
from cx_kpi.metrics.families.speed import BY_US, UNSOLVED, UNTOLD, WAITING
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.values import Unit
from cx_kpi.wording.language import mark

WAIT = pl.col("first_response_business_seconds")
WORK = pl.col("resolution_business_seconds")
REPLY = pl.col("next_response_business_seconds")
AGE = pl.col("age_business_seconds")


@dataclass(frozen=True, slots=True)
class Twin:
    """What differs from the metric by the calendar; `pending` is the wait with those who still wait."""

    title: str
    about: str
    formula: str
    method: Method
    pending: Method | None = None


TWINS = {
    "first_response_time": Twin(
        title=mark("First response time, business hours"),
        about=mark(
            "How long customers wait for the first answer while the desk is open; a day is 24 open hours."
        ),
        formula=mark("Σ open hours from created to first response ÷ first responses"),
        method=Method(
            CREATED,
            duration(only(WAIT, pl.col("answerable")), censored=only(AGE, WAITING)),
            exclusions=(BY_US, UNTOLD),
        ),
    ),
    "resolution_time": Twin(
        title=mark("Resolution time, business hours"),
        about=mark("How long it takes to the last solve while the desk is open; a day is 24 open hours."),
        formula=mark("Σ open hours from created to solved ÷ solved"),
        method=Method(SOLVED, duration(WORK)),
        pending=Method(CREATED, survival(WORK, censored=only(AGE, UNSOLVED))),
    ),
    "next_response_time": Twin(
        title=mark("Next response time, business hours"),
        about=mark(
            "How long customers wait for each further answer while the desk is open; a day is 24 open hours."
        ),
        formula=mark("Σ open hours from customer's message to next reply ÷ messages answered"),
        method=Method(WRITTEN, duration(REPLY, censored=only(AGE, pl.col("awaits_response")))),
    ),
    "backlog_age": Twin(
        title=mark("Age of the backlog, business hours"),
        about=mark(
            "How long the open tickets have been waiting while the desk was open; a day is 24 open hours."
        ),
        formula=mark("median open hours from created to the end of the window, over open tickets"),
        method=Method(OPEN, age(AGE, {})),
    ),
    "complaint_processing_time": Twin(
        title=mark("Complaint processing time, business hours"),
        about=mark(
            "From the complaint received to its last solve while the desk is open; a day is 24 open hours."
        ),
        formula=mark("Σ open hours from received to solved ÷ complaints solved"),
        method=Method(SOLVED, duration(only(WORK, COMPLAINT)), exclusions=(OTHER,)),
        pending=Method(CREATED, survival(only(WORK, COMPLAINT), censored=only(AGE, UNSOLVED_COMPLAINT))),
    ),
}


def with_twin(metric: Metric) -> Iterator[Metric]:
    """The metric, its twin in business hours where it has one, and what the twin needs."""
    yield metric
    if metric.id not in TWINS:
        return
    twin, name = TWINS[metric.id], f"{metric.id}_business"
    pending = f"{name}_pending"
    yield replace(
        metric,
        id=name,
        title=twin.title,
        about=twin.about,
        formula=twin.formula,
        methods=(twin.method,),
        companions=(Companion("pending", pending, "pending"), Companion("censored_median", pending))
        if twin.pending
        else (),
        target=None,  # the default ones are meant by the calendar
        twin_of=metric.id,
        by_calendar=True,
        setting=lambda config: bool(config.calendar),
    )
    if twin.pending:
        yield helper(pending, Unit.SECONDS, twin.pending)

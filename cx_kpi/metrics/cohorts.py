"""Other cohorts a metric may be computed by, where the user asks for one: the same shape by another clock."""

from collections.abc import Mapping
from dataclasses import replace

from cx_kpi.metrics.definition.aggregations import only
from cx_kpi.metrics.definition.clocks import ANSWERED, CREATED, FIRST_SOLVED, SOLVED
from cx_kpi.metrics.definition.metric import Aggregation, Clock, Metric
from cx_kpi.metrics.definition.wait_aggregations import duration
from cx_kpi.metrics.families import speed
from cx_kpi.metrics.registry import METRICS, metric
from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Config
from cx_kpi.wording.language import mark

CREATED_ROWS = mark("tickets created in the window")
SOLVED_ROWS = mark("tickets solved in the window")
ANSWERED_ROWS = mark("tickets first answered in the window")


@dataclass(frozen=True, slots=True)
class Choice:
    """A clock, the formula by it, which rows those are, and what is not the metric's own: a shape, a description."""

    clock: Clock
    formula: str
    rows: str
    aggregation: Aggregation | None = None
    about: str = ""


CHOICES: dict[str, dict[str, Choice]] = {
    "first_response_time": {
        "answered": Choice(
            ANSWERED,
            mark("Σ (first response − created) ÷ first responses given in the window"),
            ANSWERED_ROWS,
            duration(only(speed.WAIT, speed.ANSWERED)),
        ),
    },
    "resolution_time": {
        "created": Choice(
            CREATED,
            mark("Σ (solved − created) ÷ tickets created in the window and solved by now"),
            CREATED_ROWS,
        ),
        "first_solve": Choice(
            FIRST_SOLVED,
            mark("Σ (first solve − created) ÷ tickets first solved in the window"),
            mark("tickets first solved in the window"),
            METRICS["first_solve_time"].methods[0].aggregation,
            mark("How long it takes from the customer's question to the first solve, in calendar time."),
        ),
    },
    "reopen_rate": {
        "solved": Choice(
            SOLVED, mark("reopened at least once ÷ tickets whose last solve is in the window"), SOLVED_ROWS
        ),
    },
    "escalation_rate": {
        "solved": Choice(
            SOLVED, mark("escalation level 1 or above ÷ solved tickets with a known level"), SOLVED_ROWS
        ),
    },
    "complaint_processing_time": {
        "created": Choice(
            CREATED,
            mark("Σ (solved − received) ÷ complaints received in the window and solved by now"),
            mark("complaints received in the window"),
        ),
    },
}


def cohorts(of: Metric) -> list[str]:
    """The cohorts a metric may be computed by, the usual one first."""
    return [str(of.methods[0].clock.cohort), *CHOICES.get(of.id, {})]


def by_cohort(of: Metric, chosen: Mapping[str, str]) -> Metric:
    """The metric by the cohort chosen for it, or as it is."""
    choice = CHOICES.get(of.id, {}).get(chosen.get(of.id, ""))
    if choice is None:
        return of
    methods = [
        replace(
            method, clock=choice.clock, aggregation=choice.aggregation or method.aggregation, name=choice.rows
        )
        for method in of.methods
    ]
    return replace(
        of,
        methods=tuple(methods),
        formula=choice.formula,
        about=choice.about or of.about,
        companions=() if choice.about else of.companions,
    )


def check(config: Config) -> None:
    """Raises `UsageProblem` for an unknown metric, or a cohort it cannot be computed by."""
    for name, cohort in config.cohorts.items():
        known = cohorts(metric(name, config))
        if cohort in known:
            continue
        if len(known) == 1:
            raise UsageProblem(
                f"cohort of {name}: it has {known[0]} alone; a cohort can be chosen for {', '.join(CHOICES)}"
            )
        raise UsageProblem(f"cohort of {name}: no cohort {cohort!r}; choose {' or '.join(known)}")

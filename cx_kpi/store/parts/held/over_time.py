"""Which metrics add up over time: their sums by weeks are those of a month, and days tell what is judged."""

from cx_kpi.engine.planning.plan import Job
from cx_kpi.metrics.definition.metric import Distinct, Mode


def adds_over_time(job: Job) -> bool:
    """Whether the sums of several spans are those of the whole: not where it goes by a key, or by who is there at an end."""
    clock, aggregation = job.method.clock, job.method.aggregation
    keyed = any(isinstance(each, Distinct | Mode) for each in aggregation.measures.values())
    return not (keyed or aggregation.latest or clock.until)


def by_period(job: Job) -> bool:
    """Whether what a day brings depends on the periods: of several rows the latest counts, or a hit takes time."""
    return job.method.aggregation.latest is not None or takes_time(job)


def takes_time(job: Job) -> bool:
    """Whether rows become hits later, so that periods are compared at one age."""
    contribution = job.method.aggregation.contribution
    return contribution is not None and contribution.happened is not None

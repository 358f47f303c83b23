"""A wait by the calendar and its business-hours variant: which comes first, and which is shown under it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cx_kpi.engine.planning.plan import Job
from cx_kpi.metrics.registry import TWINS, known_metrics
from cx_kpi.model.options import Config
from cx_kpi.model.report import Reading


def in_order(jobs: Sequence[Job], config: Config) -> list[Job]:
    """The jobs in the order of the report: of two twins first the one by the clock of the headline."""
    business = config.headline_clock == "business"
    places = {name: place for place, name in enumerate(known_metrics(config))}

    def place(job: Job) -> tuple[int, bool]:
        base = job.metric.twin_of or job.metric.id
        return places[base], (job.metric.twin_of is None) == business

    return sorted(jobs, key=place)


def paired(metrics: Mapping[str, Reading]) -> dict[str, Reading]:
    """The readings in their order; the second of two variants names the first."""
    order = {name: place for place, name in enumerate(metrics)}
    first: dict[str, str] = {}
    for base, twin in TWINS.items():
        if base in order and twin in order:
            head, under = sorted((base, twin), key=order.__getitem__)
            first[under] = head
    return {name: replace(reading, twin_of=first.get(name)) for name, reading in metrics.items()}

"""All metrics, in the order of the report, and the titles of their groups."""

from cx_kpi.metrics.definition.metric import Metric
from cx_kpi.metrics.families import (
    backlog,
    business,
    calls,
    channels,
    complaints,
    concentration,
    customers,
    handling,
    loyalty,
    speed,
    surveys,
    waits,
)
from cx_kpi.metrics.meant import meant
from cx_kpi.model.errors import UsageProblem, nearest
from cx_kpi.wording.language import mark

GROUPS = {
    "speed": mark("Speed"),
    "flow": mark("Backlog and flow"),
    "channels": mark("Channels"),
    "complaints": mark("Complaints"),
    "calls": mark("Calls"),
    "satisfaction": mark("Satisfaction and loyalty"),
    "customers": mark("Customers"),
}

HEADLINES = {
    "customers": mark("Customers"),
    "speed": mark("Speed"),
    "cost": mark("Complaints and cost"),
}

METRICS: dict[str, Metric] = {
    each.id: each
    for family in (
        speed,
        waits,
        backlog,
        handling,
        channels,
        concentration,
        complaints,
        calls,
        surveys,
        customers,
        loyalty,
    )
    for metric in family.METRICS
    for each in business.with_twin(metric)
}

TWINS = {metric.twin_of: name for name, metric in METRICS.items() if metric.twin_of}  # in business hours

PUBLIC: dict[str, Metric] = {name: metric for name, metric in METRICS.items() if not metric.internal}


def metric(name: str) -> Metric:
    """The metric of this id; raises `UsageProblem` with the nearest right ones."""
    if name not in PUBLIC:
        ids = " or ".join(meant(name, PUBLIC))
        hint = f"; did you mean {ids}?" if ids else nearest(name, PUBLIC)
        raise UsageProblem(f"no metric {name!r}{hint or '; see: cxkpi metrics'}")
    return PUBLIC[name]

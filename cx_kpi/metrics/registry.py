"""All metrics, in the order of the report, and the titles of their groups: ours, installed ones and the user's own."""

from collections.abc import Collection

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
from cx_kpi.metrics.installed_metrics import installed_metrics
from cx_kpi.metrics.meant import meant
from cx_kpi.metrics.own_metrics import own_groups, own_metrics
from cx_kpi.model.errors import MetricProblem, UsageProblem, nearest
from cx_kpi.model.options import Config
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


def known_metrics(config: Config) -> dict[str, Metric]:
    """Ours, those of installed packages and those of the configuration, by id; `UsageProblem` for one that is wrong."""
    found = dict(METRICS)
    for each in (*installed_metrics(), *own_metrics(config, GROUPS)):
        if each.id in found:
            raise MetricProblem(
                f"metric {each.id}: there is one of this id already; choose another id", each.id, "id"
            )
        found[each.id] = each
    return found


def public_metrics(config: Config) -> dict[str, Metric]:
    """The same without those that only serve others."""
    return {name: each for name, each in known_metrics(config).items() if not each.internal}


def known_groups(config: Config) -> dict[str, str]:
    """The titles of all groups, in the order of the report."""
    return {**GROUPS, **own_groups(config, GROUPS)}


def metric(name: str, config: Config) -> Metric:
    """The metric of this id; raises `UsageProblem` with the nearest right ones."""
    return metrics_of([name], config)[0]


def metrics_of(names: Collection[str], config: Config) -> list[Metric]:
    """The metrics of these ids; raises `UsageProblem` for the first that is none."""
    public = public_metrics(config) if names else {}  # those of a configuration are made anew each time
    for name in names:
        if name not in public:
            ids = " or ".join(meant(name, public))
            hint = f"; did you mean {ids}?" if ids else nearest(name, public)
            raise UsageProblem(f"no metric {name!r}{hint or '; see: cxkpi metrics'}")
    return [public[name] for name in names]

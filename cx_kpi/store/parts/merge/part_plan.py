"""Which metrics several parts tell together, and which they do not, and why."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from cx_kpi.engine.facts.of_customers import activity
from cx_kpi.engine.planning.plan import Job, Plan, Unavailable, make_plan
from cx_kpi.metrics.cohorts import by_cohort
from cx_kpi.metrics.definition.metric import Metric
from cx_kpi.metrics.registry import known_metrics
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Options
from cx_kpi.store.parts.held.summed import Summed
from cx_kpi.store.parts.merge.part_figures import Place, Share, shares_of
from cx_kpi.wording.language import mark

NEEDS_ROWS = mark("parts hold no rows, and this needs them: make the report of the exports")
NO_SPAN = mark("the parts do not tell it for this span: it does not add up, or they end on different days")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Each metric with what the parts hold of it, those that were counted otherwise in some, and those that are missing."""

    jobs: Mapping[str, tuple[Job, Sequence[Share]]]
    otherwise: Sequence[Metric]
    missing: tuple[Unavailable, ...]

    def without(self, untold: Sequence[Job]) -> Plan:
        """The plan without metrics of which there is no figure."""
        keys = {job.key for job in untold}
        jobs = tuple(job for key, (job, _) in self.jobs.items() if key not in keys)
        lost = tuple(
            Unavailable(job.metric, (), NO_SPAN) for job in untold if not (job.aside or job.metric.internal)
        )
        return Plan(jobs, (*self.missing, *lost))


def chosen(parts: Sequence[Summed], options: Options) -> Chosen:
    """The metrics of all parts, each by the method that most of them could use."""
    known = known_metrics(options.config)
    places: dict[str, dict[Place, list[Share]]] = defaultdict(dict)
    for place, shares in shares_of(parts).items():
        places[place[0]][place] = shares
    jobs: dict[str, tuple[Job, Sequence[Share]]] = {}
    otherwise: list[Metric] = []
    for name in [each for each in known if each in places]:
        metric, of = by_cohort(known[name], options.config.cohorts), places[name]
        main = max(of, key=lambda place: (len(of[place]), -place[1]))
        jobs |= _ways(metric, of, main)
        everywhere = {share.part.path for shares in of.values() for share in shares}
        if everywhere != {share.part.path for share in of[main]}:
            otherwise.append(metric)
    return Chosen(
        jobs, otherwise, tuple(_missing(parts, {job.metric.id for job, _ in jobs.values()}, options))
    )


def _ways(
    metric: Metric, of: Mapping[Place, Sequence[Share]], main: Place
) -> dict[str, tuple[Job, Sequence[Share]]]:
    """The metric by its main method, and by the others where it shows all."""
    shown = [main, *(place for place in of if metric.all_methods and place[1] > main[1])]
    ways = [(_job(metric, place, aside=place != main), of[place]) for place in shown]
    return {job.key: (job, shares) for job, shares in ways}


def _job(metric: Metric, place: Place, *, aside: bool) -> Job:
    _, number, undated = place
    method = metric.methods[number]
    if undated:
        method = replace(method, clock=replace(method.clock, undated=True))
    return Job(metric, method, aside)


def _missing(parts: Sequence[Summed], there: set[str], options: Options) -> Sequence[Unavailable]:
    """What no part tells: for want of a field, or because it needs rows."""
    fields: dict[str, set[str]] = defaultdict(set)
    for part in parts:
        for name, table in part.account.tables.items():
            fields[name].update(table.fields)
    every = activity.with_fields({name: frozenset(each) for name, each in fields.items()})
    plan = make_plan(every, options.metrics, options.config)
    possible = {job.metric.id: job.metric for job in plan.jobs if not job.metric.internal}
    missing = [each for each in plan.missing if each.metric.id not in there]
    return [
        *missing,
        *(Unavailable(possible[name], (), NEEDS_ROWS) for name in possible if name not in there),
    ]

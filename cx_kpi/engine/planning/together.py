"""What has to be at hand together for the parts of a job to add up: all rows of a customer, or of a ticket."""

from cx_kpi.engine.planning.plan import FACTS, Job, facts_behind
from cx_kpi.metrics.definition.metric import Distinct, Foremost, Measure, Mode


def together(job: Job) -> frozenset[str]:
    """The keys of which all rows have to be in one part; none where any split of the rows will do."""
    aggregation, clock = job.method.aggregation, job.method.clock
    keys = {fact.together for fact in facts_behind(job).values()}
    keys |= {key for measure in aggregation.measures.values() for key in _keys(measure)}
    latest = FACTS[clock.table].get(aggregation.latest or "")
    keys |= {latest.together if latest else aggregation.latest or "", clock.who or ""}
    return frozenset(keys - {""})


def _keys(measure: Measure) -> set[str]:
    """The keys that a measure counts by."""
    match measure:
        case Distinct(expr):
            return set(expr.meta.root_names())
        case Mode(per=key) | Foremost(key=key):
            return {key}
        case _:
            return set()

"""Which metrics a column of a file moves, read off the plan: no list of metrics is kept by hand."""

from collections.abc import Collection, Mapping

from cx_kpi.engine.planning.plan import Job, Plan, read_by
from cx_kpi.metrics.definition.metric import Metric
from cx_kpi.metrics.registry import METRICS
from cx_kpi.model.frozen import dataclass
from cx_kpi.normalise.mapping.available import RATED, events_behind, origins
from cx_kpi.normalise.tables.combine import Loaded

Fields = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Affected:
    """The fields of files, by table, that each metric depends on, in the order of the report."""

    reads: Mapping[str, Fields]

    def of_field(self, table: str, field: str) -> list[str]:
        """The metrics that read this field."""
        return [name for name, fields in self.reads.items() if field in fields.get(table, ())]

    def of_table(self, table: str) -> list[str]:
        """The metrics that read any field of this table."""
        return [name for name, fields in self.reads.items() if fields.get(table)]


def affected(plan: Plan, loaded: Mapping[str, Loaded], without: Collection[str]) -> Affected:
    """What the metrics of a plan read from these tables; not those `without` a figure."""
    available = {name: table.fields for name, table in loaded.items()}
    read: dict[str, dict[str, set[str]]] = {}
    for job in plan.jobs:
        fields = _of_files(job, available, loaded)
        for metric in _shown(job.metric):
            for table, names in fields.items():
                read.setdefault(metric, {}).setdefault(table, set()).update(names)
    return Affected(
        {
            name: {table: frozenset(names) for table, names in read[name].items()}
            for name in dict.fromkeys((*METRICS, *read))
            if name in read and name not in without
        }
    )


def _shown(metric: Metric) -> list[str]:
    """The metric itself, and those that show it as a companion."""
    others = [
        name for name, each in METRICS.items() if any(one.metric == metric.id for one in each.companions)
    ]
    return others if metric.internal else [metric.id, *others]


def _of_files(job: Job, available: Fields, loaded: Mapping[str, Loaded]) -> dict[str, frozenset[str]]:
    """The columns of the files that what the job reads follows from."""
    found: dict[str, frozenset[str]] = {}
    wanted, clock = read_by(job, available), job.method.clock
    wanted.setdefault(clock.table, set()).update({clock.at} & available.get(clock.table, frozenset()))
    for table, names in wanted.items():
        mapped = columns(loaded, table)
        found[table] = frozenset().union(*(origins(table, name, mapped) for name in names))
    if "score" in wanted["surveys"]:
        rated = {"satisfaction_score", *wanted["surveys"].intersection(RATED)} & columns(loaded, "tickets")
        found["tickets"] |= rated if "satisfaction_score" in rated else frozenset()
    told = events_behind(wanted["tickets"]) & columns(loaded, "ticket_events")
    return {**found, "ticket_events": found.get("ticket_events", frozenset()) | told}


def columns(loaded: Mapping[str, Loaded], table: str) -> frozenset[str]:
    """The fields that were read from any file of a table."""
    tallies = loaded[table].tallies if table in loaded else ()
    asked = {"kind", "score"} if any(tally.plan.mapped.questions for tally in tallies) else set()
    return frozenset(asked.union(*(tally.cells for tally in tallies)))

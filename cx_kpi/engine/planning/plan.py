"""The plan: which metrics the columns allow, by which method, and which columns have to be read."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from cx_kpi.engine.facts import event_facts, other_facts, ticket_facts
from cx_kpi.engine.facts.fact import Fact
from cx_kpi.engine.facts.of_customers import activity
from cx_kpi.metrics.charts import CHARTS
from cx_kpi.metrics.cohorts import by_cohort
from cx_kpi.metrics.definition.metric import Clock, Method, Metric, Terms
from cx_kpi.metrics.registry import known_metrics
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Config
from cx_kpi.model.schema import SPANS, TABLES
from cx_kpi.normalise.mapping.reading_plan import SPELT

FACTS: dict[str, dict[str, Fact]] = {
    "tickets": ticket_facts.FACTS,
    "surveys": other_facts.SURVEYS,
    "calls": other_facts.CALLS,
    "customers": {},
    "customer_counts": other_facts.CUSTOMER_COUNTS,
    activity.TABLE: {},
    "orders": other_facts.ORDERS,
    "ticket_events": event_facts.FACTS,
}
FROM_THE_CLOCK = {"kept"}  # columns a clock adds as it places rows
NO_FILE = "file:"
Available = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Job:
    """One metric and the method that the columns allow; `aside`: another method, shown next to the first."""

    metric: Metric
    method: Method
    aside: bool = False

    @property
    def key(self) -> str:
        """What its figures are found by."""
        return f"{self.metric.id} {self.method.name}" if self.aside else self.metric.id


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A metric that cannot be computed: the fields or settings it would need, or another reason."""

    metric: Metric
    needs: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to compute and what is left out."""

    jobs: tuple[Job, ...]
    missing: tuple[Unavailable, ...]


def make_plan(available: Available, metrics: Iterable[str], config: Config) -> Plan:
    """Choose a method for each metric (all when none are named); `available` is the fields of each table."""
    known = known_metrics(config)
    asked = set(metrics) or _usual(known, config)
    computed = asked | _helpers(known, asked)
    jobs: list[Job] = []
    missing: list[Unavailable] = []
    for name in known:
        if name in computed:
            metric = by_cohort(known[name], config.cohorts)
            lacks = [_lacks(method, available, config) for method in metric.methods]
            if all(lacks) and name in asked:
                missing.append(Unavailable(metric, min(lacks, key=len)))
            jobs += _jobs(metric, lacks, available)
    return Plan(tuple(jobs), tuple(missing))


def _helpers(known: Mapping[str, Metric], asked: Iterable[str]) -> set[str]:
    """The metrics that those asked for, or their charts, show beside their own figures."""
    beside = {other.metric for name in asked for other in known[name].companions}
    return beside.union(*(chart.uses for chart in CHARTS if chart.metric in asked))


def _jobs(metric: Metric, lacks: Iterable[tuple[str, ...]], available: Available) -> list[Job]:
    """The first method that lacks nothing, and the others aside where the metric shows all."""
    possible = [
        _dated(method, available) for method, lack in zip(metric.methods, lacks, strict=True) if not lack
    ]
    shown = possible if metric.all_methods else possible[:1]
    return [Job(metric, method, aside=place > 0) for place, method in enumerate(shown)]


def _usual(known: Mapping[str, Metric], config: Config) -> set[str]:
    """The metrics of a report by default: all but those that need a setting first."""
    return {name for name, metric in known.items() if not metric.internal and metric.setting(config)}


def _dated(method: Method, available: Available) -> Method:
    """A survey without any dates is counted once, over the whole file."""
    if (
        method.clock.at in available.get(method.clock.table, frozenset())
        or method.clock.at in FACTS[method.clock.table]
    ):
        return method
    return replace(method, clock=replace(method.clock, undated=True))


def clock_columns(clock: Clock) -> set[str]:
    """The columns that place a row in time."""
    optional = clock.undated or (clock.table == "surveys" and clock.at == "responded_at")
    return {column for column in (None if optional else clock.at, clock.until) if column}


def _lacks(method: Method, available: Available, config: Config) -> tuple[str, ...]:
    """The fields that a method needs and the files lack; the table itself where there is no such file."""
    table = method.clock.table
    source = activity.SOURCE if table == activity.TABLE else table
    if source not in available:
        return (NO_FILE + source,)
    columns = method.aggregation.columns | clock_columns(method.clock)
    return tuple(
        dict.fromkeys(
            field for column in sorted(columns) for field in _unmet(table, column, available, config)
        )
    )


def _unmet(table: str, column: str, available: Available, config: Config) -> list[str]:
    if "." in column:
        table, column = column.split(".")
    if column in available.get(table, ()) or column in FROM_THE_CLOCK:
        return []
    fact = FACTS[table].get(column)
    if fact is None:
        return [column if table in available else f"{table}.{column}"]
    unmet = [] if fact.setting(config) else [fact.setting_name]
    for need in fact.needs:
        unmet += _unmet_of_any(table, need if isinstance(need, tuple) else (need,), available, config)
    return unmet


def _unmet_of_any(table: str, either: tuple[str, ...], available: Available, config: Config) -> list[str]:
    """The columns of which one would be enough; nothing where one is there."""
    options = [_unmet(table, name, available, config) for name in either]
    if not all(options):
        return []
    return options[0] if len(either) == 1 else [" or ".join(map(" and ".join, options))]


OF_TICKETS = (
    "channel",
    "category",
    "product",
    "reopen_count",
    "escalation_level",
)  # what answers may go with


def wanted(plan: Plan, available: Available) -> dict[str, set[str]]:
    """The fields to read from each table: what the jobs need, and the dates that span the report."""
    fields: dict[str, set[str]] = {
        table: {name for name in (*TABLES[table].required, *SPANS[table]) if name in columns}
        for table, columns in available.items()
        if table in TABLES
    }
    for job in plan.jobs:
        _collect_job(job, available, fields)
    for table, names in _linked(plan).items():
        known = available.get(table, ())
        fields.get(table, set()).update(name for name in names if name.removesuffix(SPELT) in known)
    return fields


def _linked(plan: Plan) -> dict[str, set[str]]:
    """What tells which answers are about which tickets, and which rows are of which customers."""
    found: dict[str, set[str]] = {}
    if any(job.metric.kind for job in plan.jobs):
        found = {"surveys": {"ticket_id"}, "tickets": {"ticket_id", *OF_TICKETS}}
    if any(job.method.clock.opening and job.method.clock.table == "customers" for job in plan.jobs):
        for table in ("customers", "tickets", "surveys"):
            found.setdefault(table, set()).add("customer_id")
    for job in plan.jobs:
        found.setdefault(job.method.clock.table, set()).update(_to_read(job))
    return found


def _to_read(job: Job) -> set[str]:
    measures = job.method.aggregation.measures.values()
    return {name + SPELT for each in measures if isinstance(each, Terms) for name in each.ids}


def blamed(plan: Plan, whole: Plan, available: Available, reasons: Mapping[str, str]) -> Plan:
    """The plan with the reason of its table for each metric that only the `whole` plan can compute."""
    read = {job.metric.id: read_by(job, available) for job in whole.jobs if not job.aside}
    missing = [
        replace(each, needs=(), why=why) if (why := _reason(read.get(each.metric.id, {}), reasons)) else each
        for each in plan.missing
    ]
    return replace(plan, missing=tuple(missing))


def _reason(read: Mapping[str, set[str]], reasons: Mapping[str, str]) -> str:
    """The reason of the first table that is read and has one."""
    return next((why for table, why in reasons.items() if read.get(table)), "")


def spare(plan: Plan, available: Available) -> dict[str, set[str]]:
    """The columns of each table that are not needed any more: ids, and last dates; first dates are still needed."""
    linked = _linked(plan)
    needed = {table: {each.clock} | linked.get(table, set()) for table, each in TABLES.items()}
    for job in plan.jobs:
        for table, names in read_by(job, available).items():
            needed[table] |= names
        for name in (job.method.clock.at, _happened(job)):
            needed.get(job.method.clock.table, set()).add(name or "")
    return {table: {*each.required, *SPANS[table]} - needed[table] for table, each in TABLES.items()}


def _happened(job: Job) -> str | None:
    """The date of a hit that takes time."""
    contribution = job.method.aggregation.contribution
    return contribution.happened if contribution else None


def read_by(job: Job, available: Available) -> dict[str, set[str]]:
    """The fields of each table that one metric reads."""
    fields: dict[str, set[str]] = {table: set() for table in TABLES}
    _collect_job(job, available, fields)
    return fields


def _collect_job(job: Job, available: Available, fields: dict[str, set[str]]) -> None:
    if job.method.clock.table == activity.TABLE:
        fields[activity.SOURCE] |= {"customer_id", "ordered_at"}
        return
    for column in job.method.aggregation.columns | clock_columns(job.method.clock):
        _collect(job.method.clock.table, column, available, fields)


def _collect(table: str, column: str, available: Available, fields: dict[str, set[str]]) -> None:
    if "." in column:
        table, column = column.split(".")
    if column in available.get(table, ()):
        fields[table].add(column)
    elif (fact := FACTS.get(table, {}).get(column)) is not None:
        for need in fact.needs:
            for name in need if isinstance(need, tuple) else (need,):
                _collect(table, name, available, fields)
        for name in fact.optional:
            _collect(table, name, available, fields)
        fields[table].update(name + SPELT for name in fact.spelt if name in available.get(table, ()))


def methods(metric: Metric, available: Available, config: Config) -> list[tuple[Method, tuple[str, ...]]]:
    """Each method of a metric and what it lacks; the first that lacks nothing is used."""
    return [(_dated(method, available), _lacks(method, available, config)) for method in metric.methods]


def every_fact(table: str, available: Available, config: Config) -> dict[str, Fact]:
    """The facts of a table that its columns allow, in the order they build on one another."""
    known = available.get(table, frozenset())
    return _behind(table, known, (n for n in FACTS[table] if not _unmet(table, n, available, config)))


def facts_for(plan: Plan, table: str, columns: Iterable[str]) -> dict[str, Fact]:
    """The facts of a table that the jobs read, in the order they build on one another."""
    methods = [job.method for job in plan.jobs if job.method.clock.table == table]
    read = (
        column for method in methods for column in method.aggregation.columns | clock_columns(method.clock)
    )
    return _behind(table, columns, read)


def facts_behind(job: Job) -> dict[str, Fact]:
    """Every fact that a metric may read, whatever the files hold."""
    clock, aggregation = job.method.clock, job.method.aggregation
    return _behind(clock.table, (), aggregation.columns | clock_columns(clock))


def _behind(table: str, columns: Iterable[str], read: Iterable[str]) -> dict[str, Fact]:
    """The facts that are read, and those that they are built from, without what is among the columns."""
    present = set(columns)
    needed: set[str] = set()

    def visit(name: str) -> None:
        fact = FACTS[table].get(name)
        if name not in present and fact is not None and name not in needed:
            needed.add(name)
            for need in (*fact.needs, *fact.optional):
                for option in need if isinstance(need, tuple) else (need,):
                    visit(option)

    for column in read:
        visit(column)
    return {name: fact for name, fact in FACTS[table].items() if name in needed}

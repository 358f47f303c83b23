"""How a figure was counted, in plain values: figures that agree in all of them may be set against one another."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from cx_kpi.engine.facts.target_rules import row_rules
from cx_kpi.engine.planning.plan import Job, facts_behind
from cx_kpi.metrics.definition.metric import Quantiles, Ranked
from cx_kpi.model.figures import Figure
from cx_kpi.model.options import Config, Options, TargetRule

_BY_FIELD = {"is_complaint": "complaints"}  # fields that a key of the configuration may make
_BY_TABLE = {"activity": "inactivity_days"}
_OWN = ("kind", "where", "value", "hit", "miss", "of", "quantile")
_TARGET = "target."
EXACT = ("quantiles", "exact")  # as they were before there was a choice


def definition(job: Job, whole: Figure | None, options: Options, *, apart: bool = False) -> dict[str, Any]:
    """What the figures of a job depend on: version, method, clock, scale, time zone, condition, and the settings read.

    `apart` says that it was counted within each of several parts.
    """
    metric, clock = job.metric, job.method.clock
    scale = whole.details.get("scale") if whole else None
    said = {
        "version": metric.version,
        "unit": metric.unit.value,
        "method": job.method.name,
        "clock": f"{clock.table}.{clock.at}",
        "cohort": clock.cohort.value,
        "scale": [float(bound) for bound in scale] if scale and None not in scale else None,
        "timezone": options.timezone,
        "where": options.where,
        "expressions": _expressions(metric.id, options.config),
        "quantiles": options.config.quantiles if _ranks(job) else "exact",
        "within": "each part" if apart else None,
    }
    settings = {key: _setting(options.config, key) for key in sorted(set(_read(job)))}
    told = (said | settings).items()
    return {name: value for name, value in told if value not in (None, "", [], {}) and (name, value) != EXACT}


def _ranks(job: Job) -> bool:
    """Whether a metric has quantiles."""
    return any(isinstance(each, (Quantiles, Ranked)) for each in job.method.aggregation.measures.values())


def _expressions(metric: str, config: Config) -> dict[str, Any]:
    """What a metric of the user's own is made of."""
    own = next((each for each in config.metric if each.id == metric), None)
    said = {name: getattr(own, name) for name in _OWN} if own else {}
    return {name: value for name, value in said.items() if value is not None}


def _read(job: Job) -> Iterable[str]:
    """The keys of the configuration that say what the columns of a metric mean."""
    clock, columns = job.method.clock, job.method.aggregation.columns
    for name, fact in facts_behind(job).items():
        yield from fact.reads
        columns |= {name, *(need for need in fact.needs if isinstance(need, str))}
    yield from (key for field, key in _BY_FIELD.items() if field in columns)
    yield from (key for table, key in _BY_TABLE.items() if table == clock.table)


def _setting(config: Config, key: str) -> Any:
    if key.startswith(_TARGET):
        return [_plain(rule) for rule in row_rules(key.removeprefix(_TARGET), config)]
    found = getattr(config, key)
    if isinstance(found, list):
        return [_plain(each) for each in found]
    return asdict(found) if hasattr(found, "__dataclass_fields__") else found


def _plain(rule: Any) -> dict[str, Any]:
    """A rule without what it does not say; for the rows of any metric, for they are its own."""
    empty = asdict(TargetRule("")) if isinstance(rule, TargetRule) else {}
    said = {name: value for name, value in asdict(rule).items() if value != empty.get(name)}
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in said.items() if value
    }

"""The usual targets, as lines of a configuration to take up or change."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cx_kpi.engine.planning.plan import Plan
    from cx_kpi.wording.language import Language


def targets(plan: "Plan", language: "Language") -> Iterator[str]:
    """The usual targets of the metrics computed, as comments."""
    from cx_kpi.engine.facts.target_rules import rules
    from cx_kpi.model.options import Config
    from cx_kpi.model.values import Unit
    from cx_kpi.normalise.config import toml

    metrics = {job.metric.id: job.metric for job in plan.jobs if not job.metric.internal}
    known = [(metric, rule) for metric in metrics.values() for rule in rules(Config(), metric)]
    spans = {metric.id for metric, _ in known if metric.unit is Unit.SECONDS}
    whole = [rule for _, rule in known if not rule.when]
    if whole:
        yield "# [targets]  # " + language(
            "the usual ones; a share from 0 to 1, a length of time such as 4 h"
        )
    for rule in whole:
        yield f"# {toml.pair(rule.metric, _length(rule.value) if rule.metric in spans else rule.value)}"
    for rule in (rule for _, rule in known if rule.when):
        value = _length(rule.value) if rule.metric in spans else rule.value
        yield ""
        yield "# [[target]]"
        yield from (
            f"# {toml.pair(*each)}"
            for each in (("metric", rule.metric), ("when", rule.when), ("value", value))
        )


def _length(seconds: float | str | None) -> float | str | None:
    """`24 h`, `4 min`, or as it is."""
    if not isinstance(seconds, (int, float)) or seconds % 60:
        return seconds
    return f"{seconds / 3600:g} h" if seconds % 3600 == 0 else f"{seconds / 60:g} min"

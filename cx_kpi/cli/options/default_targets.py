"""The default targets, as lines of a configuration to take up or change."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cx_kpi.engine.planning.plan import Plan
    from cx_kpi.model.options import TargetRule
    from cx_kpi.wording.language import Language


def targets(plan: "Plan", language: "Language") -> Iterator[str]:
    """The default targets of the metrics computed, as comments."""
    known = [*_known(plan)]
    whole = [each for each in known if not each[0].when]
    if whole:
        yield "# [targets]  # " + language(
            "the default ones; a share from 0 to 1, a length of time such as 4 h"
        )
    yield from (_line(rule.metric, value) for rule, value in whole)
    for rule, value in known:
        if rule.when:
            yield from ("", "# [[target]]", _line("metric", rule.metric), _line("when", rule.when))
            yield _line("value", value)


def _known(plan: "Plan") -> "Iterator[tuple[TargetRule, Any]]":
    """The built-in rules of the metrics computed, each with its value as the configuration writes it."""
    from cx_kpi.engine.facts.target_rules import rules
    from cx_kpi.model.options import Config
    from cx_kpi.model.values import Unit

    metrics = {job.metric.id: job.metric for job in plan.jobs if not job.metric.internal}
    for metric in metrics.values():
        for rule in rules(Config(), metric):
            yield rule, _length(rule.value) if metric.unit is Unit.SECONDS else rule.value


def _line(key: str, value: Any) -> str:
    """A key and its value as a comment."""
    from cx_kpi.normalise.config import toml

    return f"# {toml.pair(key, value)}"


def _length(seconds: float | str | None) -> float | str | None:
    """`24 h`, `4 min`, or as it is."""
    if not isinstance(seconds, (int, float)) or seconds % 60:
        return seconds
    return f"{seconds / 3600:g} h" if seconds % 3600 == 0 else f"{seconds / 60:g} min"

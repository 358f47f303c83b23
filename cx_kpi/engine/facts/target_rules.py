"""Targets for single rows and for readings: the user's rules first, then the built-in ones."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

from cx_kpi.metrics.definition.metric import Metric
from cx_kpi.metrics.own_metrics import own_target
from cx_kpi.metrics.registry import METRICS, TWINS
from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.options import Config, TargetRule, TimeOf
from cx_kpi.model.values import Better, Target, Unit

HOUR = 3600.0
BUILT_IN = (
    TargetRule("first_response_time", 4 * 60.0, {"channel": "phone"}),
    TargetRule("first_response_time", 2 * 60.0, {"channel": "chat"}),
    TargetRule("first_response_time", 24 * HOUR, {"channel": "email"}),
    TargetRule("first_response_time", 24 * HOUR, {"channel": "web"}),
    TargetRule("first_response_time", 1 * HOUR, {"channel": "social"}),
)
_UNITS = {
    "s": 1.0,
    "sec": 1.0,
    "min": 60.0,
    "m": 60.0,
    "h": HOUR,
    "d": 24 * HOUR,
    "day": 24 * HOUR,
    "w": 168 * HOUR,
}


def parse_seconds(text: str) -> float:
    """`4 min`, `24h`, `2 d` in seconds; raises `ValueError`."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+?)(?:s|ours?|utes?|ays?)?\s*", text.lower())
    if not found or found[2] not in _UNITS:
        raise ValueError(text)
    return float(found[1]) * _UNITS[found[2]]


def amount(rule: TargetRule, unit: Unit) -> float:
    """The value of a rule in the unit of its metric; raises `UsageProblem`."""
    if isinstance(rule.value, (int, float)):
        return float(rule.value)
    try:
        text = rule.value or ""
        if unit is Unit.SECONDS:
            return parse_seconds(text)
        return float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        raise UsageProblem(
            f"target of {rule.metric}: {rule.value!r} is neither a number nor a length of time such as '4 h';"
            " write it without a sign: the direction of the metric says whether it is the most or the least"
        ) from None


def clock_of(rule: TargetRule) -> TimeOf:
    """The clock in which the time of a rule runs."""
    return "business" if rule.metric in TWINS.values() else rule.clock


def _reading_of(rule: TargetRule) -> str:
    """The metric whose readings a rule judges."""
    return TWINS.get(rule.metric, rule.metric) if rule.clock == "business" else rule.metric


def _strongest(rules: Iterable[TargetRule]) -> list[TargetRule]:
    """Rules of the file, the one that wins first: most conditions, then a dated one, then the last."""
    found = [*rules][::-1]
    return sorted(found, key=lambda rule: (-len(rule.when), rule.since is None and rule.until is None))


def _default(of: Metric) -> list[TargetRule]:
    default = [TargetRule(of.id, of.target.value)] if of.target else []
    return [*(rule for rule in BUILT_IN if rule.metric == of.id), *default]


def _said(config: Config, names: Iterable[str]) -> list[TargetRule]:
    """The rules of the file for the readings of these metrics, the one that wins first."""
    listed = [name for name in names if name]
    special = _strongest(rule for rule in config.target if _reading_of(rule) in listed)
    own = {each.id: own_target(each) for each in config.metric if each.target is not None}
    targets = {**own, **config.targets}
    return [*special, *(TargetRule(name, targets[name]) for name in listed if name in targets)]


def rules(config: Config, of: Metric) -> list[TargetRule]:
    """Every rule for the readings of a metric, the one that wins first.

    A rule of the file for the same wait in the other clock replaces the default targets.
    """
    other = of.twin_of or TWINS.get(of.id, "")
    return [*_said(config, [of.id]), *_said(config, [other]), *_default(of)]


def is_default(config: Config, of: Metric) -> bool:
    """Whether nobody set a target for the readings of a metric, so that only the default can hold."""
    return not _said(config, [of.id, of.twin_of or TWINS.get(of.id, "")])


def row_rules(of: str, config: Config) -> list[TargetRule]:
    """Every rule for the rows of a wait, in whichever clock, the one that wins first."""
    return [*_said(config, [TWINS.get(of, ""), of]), *_default(METRICS[of])]


def reading_target(
    of: Metric, config: Config, by: Mapping[str, str | None], until: date | None
) -> Target | None:
    """The target of a reading over rows with these values, in force on the last day of its window."""
    return in_force(rules(config, of), of, by, until)


def _is_current(rule: TargetRule, until: date | None) -> bool:
    """Whether a rule holds on the day before `until`."""
    started = until is None or rule.since is None or rule.since < until
    return started and (until is None or rule.until is None or until <= rule.until)


def in_force(
    known: Iterable[TargetRule], of: Metric, by: Mapping[str, str | None], until: date | None
) -> Target | None:
    """The same by the rules of the metric, the one that wins first.

    A deadline is a target of rows alone, and so is one in another clock.
    """
    for rule in known:
        if _is_current(rule, until) and all(by.get(name) == value for name, value in rule.when.items()):
            sign: Literal["<=", ">="] = "<=" if of.better is Better.LOWER else ">="
            ours = rule.deadline is None and _reading_of(rule) == of.id
            return Target(sign, amount(rule, of.unit)) if ours else None
    return None

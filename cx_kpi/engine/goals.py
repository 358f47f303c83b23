"""Targets for single rows and for readings: the user's rules first, then the built-in ones."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date
from functools import reduce
from math import inf
from zoneinfo import ZoneInfo

import polars as pl

from cx_kpi.engine.windows import midnight
from cx_kpi.errors import UsageProblem
from cx_kpi.metrics.metric import Metric
from cx_kpi.metrics.registry import METRICS, metric
from cx_kpi.options import Config, TargetRule
from cx_kpi.report import Better, Goal, Unit

HOUR = 3600.0
BUILT_IN = (
    TargetRule("first_response_time", 4 * 60.0, {"channel": "phone"}),
    TargetRule("first_response_time", 2 * 60.0, {"channel": "chat"}),
    TargetRule("first_response_time", 24 * HOUR, {"channel": "email"}),
    TargetRule("first_response_time", 24 * HOUR, {"channel": "web"}),
    TargetRule("first_response_time", 1 * HOUR, {"channel": "social"}),
)
_SENSIBLE = {Unit.SHARE: (0.0, 1.0), Unit.POINTS: (-100.0, 100.0)}
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


def _amount(rule: TargetRule) -> float:
    if isinstance(rule.value, (int, float)):
        return float(rule.value)
    try:
        if metric(rule.metric).unit is Unit.SECONDS:
            return parse_seconds(rule.value)
        return float(rule.value.removesuffix("%")) / (100 if rule.value.endswith("%") else 1)
    except ValueError:
        raise UsageProblem(
            f"target of {rule.metric}: {rule.value!r} is neither a number nor a length of time such as '4 h'"
        ) from None


def rules(config: Config, of: Metric) -> list[TargetRule]:
    """Every rule for a metric, the one that wins first: most conditions, then the last in the file."""
    special = [rule for rule in reversed(config.target) if rule.metric == of.id]
    special.sort(key=lambda rule: (-len(rule.when), rule.since is None and rule.until is None))
    whole = [TargetRule(of.id, config.targets[of.id])] if of.id in config.targets else []
    built_in = [rule for rule in BUILT_IN if rule.metric == of.id]
    default = [TargetRule(of.id, of.target.value)] if of.target else []
    return [*special, *whole, *built_in, *default]


def check(config: Config) -> None:
    """Raises `UsageProblem` for a target of an unknown metric or with a value that cannot be read."""
    for rule in (*config.target, *(TargetRule(name, value) for name, value in config.targets.items())):
        low, high = _SENSIBLE.get(metric(rule.metric).unit, (0.0, inf))
        amount = _amount(rule)
        if not low <= amount <= high:
            hint = f'; write {amount / 100:g} or "{amount:g}%"' if high == 1 and amount <= 100 else ""
            raise UsageProblem(
                f"target of {rule.metric}: {rule.value} is not between {low:g} and {high:g}{hint}"
            )


def row_goal(of: str, config: Config, zone: ZoneInfo, columns: Iterable[str], created: str) -> pl.Expr:
    """Each row's target in seconds, by its values and the date it was created; null where none applies."""
    known = set(columns)
    chain = pl.lit(None, dtype=pl.Float64)
    for rule in reversed(rules(config, METRICS[of])):
        if known.issuperset(rule.when):
            chain = pl.when(_holds(rule, zone, created)).then(_amount(rule)).otherwise(chain)
    return chain


def _holds(rule: TargetRule, zone: ZoneInfo, created: str) -> pl.Expr:
    parts = [pl.col(name) == value for name, value in rule.when.items()]
    if rule.since:
        parts.append(pl.col(created) >= midnight(rule.since, zone).astimezone(UTC))
    if rule.until:
        parts.append(pl.col(created) < midnight(rule.until, zone).astimezone(UTC))
    return reduce(lambda a, b: a & b, parts, pl.lit(value=True)).fill_null(value=False)


def reading_goal(of: Metric, config: Config, by: Mapping[str, str | None], until: date | None) -> Goal | None:
    """The target of a reading over rows with these values, in force on the last day of its window."""
    for rule in rules(config, of):
        started = until is None or rule.since is None or rule.since < until
        current = until is None or rule.until is None or until <= rule.until
        if started and current and all(by.get(name) == value for name, value in rule.when.items()):
            return Goal("<=" if of.better is Better.LOWER else ">=", _amount(rule))
    return None

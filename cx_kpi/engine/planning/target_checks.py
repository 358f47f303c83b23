"""What is wrong with a target: an unknown metric, a value that cannot be read, an unknown clock."""

from cx_kpi.engine.facts.row_deadlines import FORMS, working_days
from cx_kpi.engine.facts.row_targets import WAITS
from cx_kpi.engine.facts.target_rules import amount, clock_of, parse_seconds
from cx_kpi.metrics.own_metrics import own_target
from cx_kpi.metrics.registry import metric
from cx_kpi.model.errors import KeyProblem, MetricProblem, UsageProblem
from cx_kpi.model.options import Config, OwnMetric, TargetRule
from cx_kpi.model.values import Unit

TO_THE_SOLUTION = ("resolution_time", "complaint_processing_time")
CENTURY = 36_525 * 86_400.0  # seconds; no length of time is longer
_SENSIBLE = {Unit.SHARE: (0.0, 1.0), Unit.POINTS: (-100.0, 100.0), Unit.SECONDS: (0.0, CENTURY)}
_MOST = 1e15


def check(config: Config) -> None:
    """Raises `KeyProblem` for the first target that is wrong, `MetricProblem` for one of the user's own metrics."""
    for own in config.metric:
        _check_own(own, config)
    for place, rule in enumerate(config.target):
        _check_rule(rule, config, "target", place)
    for name, value in config.targets.items():
        _check_rule(TargetRule(name, value), config, "targets", name)
    ages: dict[tuple[str, ...], str | None] = {("backlog_age",): config.backlog_age}
    ages |= {("backlog_age_by_priority", name): age for name, age in config.backlog_age_by_priority.items()}
    for key, age in ages.items():
        if age is not None and not _is_length(age):
            said = f"{'.'.join(key)}: {age!r} is no length of time up to 36525 d; write for example '48 h'"
            raise KeyProblem(said, *key)


def _check_own(own: OwnMetric, config: Config) -> None:
    """Raises `MetricProblem` where the target of a metric of the user's own is wrong."""
    try:
        if own.target is not None:
            _check_rule(TargetRule(own.id, own_target(own)), config, "metric")
    except UsageProblem as problem:
        raise MetricProblem(str(problem), own.id, "target") from None


def _check_rule(rule: TargetRule, config: Config, *key: str | int) -> None:
    """Raises `KeyProblem` where the rule under this key is wrong."""
    try:
        metric(rule.metric, config)
        problem = _wrong(rule, config)
    except MetricProblem:
        raise
    except UsageProblem as refused:
        raise KeyProblem(str(refused), *key) from None
    if problem:
        raise KeyProblem(f"target of {rule.metric}: {problem}", *key)


def _is_length(text: str) -> bool:
    try:
        return 0 < parse_seconds(text) <= CENTURY
    except ValueError:
        return False


def _wrong(rule: TargetRule, config: Config) -> str:
    """What is wrong with a rule; nothing where it is right."""
    if (rule.value is None) == (rule.deadline is None):
        return f"has to say either a value, such as '4 h', or a deadline: {FORMS}"
    return _wrong_clock(rule, config) or (
        _wrong_deadline(rule.deadline) if rule.deadline else _wrong_value(rule, config)
    )


def _wrong_clock(rule: TargetRule, config: Config) -> str:
    base = metric(rule.metric, config).twin_of or rule.metric
    business, paused = clock_of(rule) == "business", rule.pauses == "subtract"
    wrong = {
        f"clock, deadline and pauses are for {', '.join(WAITS)}": base not in WAITS
        and any((rule.clock == "business", rule.deadline, paused)),
        "pauses are subtracted from lengths of time to the solution; leave them out here": paused
        and (base not in TO_THE_SOLUTION or bool(rule.deadline)),
        "the length of pauses is known by the calendar only; leave out clock or pauses": paused and business,
        "business hours need a [[calendar]]; add one, or leave out clock and deadline": (
            bool(rule.deadline) or business
        )
        and not config.calendar,
    }
    return next((why for why, holds in wrong.items() if holds), "")


def _wrong_deadline(deadline: str) -> str:
    try:
        working_days(deadline)
    except ValueError:
        return f"no deadline {deadline!r}; write {FORMS}"
    return ""


def _wrong_value(rule: TargetRule, config: Config) -> str:
    unit = metric(rule.metric, config).unit
    low, high = _SENSIBLE.get(unit, (0.0, _MOST))
    value = amount(rule, unit)
    if low <= value <= high:
        return ""
    hint = f'; write {value / 100:g} or "{value:g}%"' if high == 1 and value <= 100 else ""
    return f"{rule.value} is not between {low:g} and {high:g}{hint}"

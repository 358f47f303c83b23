"""Facts about each ticket's own target: how much time it has, and the time that counts against it."""

from collections.abc import Callable, Mapping
from datetime import UTC
from functools import reduce
from zoneinfo import ZoneInfo

import polars as pl

from cx_kpi.engine.facts import target_rules
from cx_kpi.engine.facts.business_waits import holds
from cx_kpi.engine.facts.fact import SEEN, Context, Fact, seconds, zone_of
from cx_kpi.engine.facts.row_deadlines import seconds_until
from cx_kpi.engine.time.windows import midnight
from cx_kpi.metrics.registry import TWINS
from cx_kpi.model.options import Config, TargetRule
from cx_kpi.model.values import Unit
from cx_kpi.normalise.vocabulary.derived import PAUSED

WAITS: Mapping[str, tuple[str, str]] = {  # the columns of a wait, by the calendar and in business hours
    "first_response_time": ("first_response_seconds", "first_response_business_seconds"),
    "resolution_time": ("resolution_seconds", "resolution_business_seconds"),
    "complaint_processing_time": ("resolution_seconds", "resolution_business_seconds"),
    "next_response_time": ("next_response_seconds", "next_response_business_seconds"),
}
AGES = ("age_seconds", "age_business_seconds")
PAUSES = ("agent_wait_seconds", "on_hold_seconds")
NOTHING = pl.lit(None, dtype=pl.Float64)


CREATED = "created_at"


def target(of: str, start: str = CREATED) -> Fact:
    """Each row's target in seconds, by its values and the date it begins at; null where none applies."""

    def build(context: Context) -> pl.Expr:
        return _chosen(of, start, context, lambda rule: _amount(rule, start, context))

    optional = (*_of_tickets(start, "channel"), "calendar_number")
    return Fact(build, needs=(start,), optional=optional, reads=(f"target.{of}",))


def _of_tickets(start: str, *columns: str) -> tuple[str, ...]:
    """Columns that tickets alone may have."""
    return columns if start == CREATED else ()


def by_deadline(of: str, start: str, context: Context) -> pl.Expr:
    """Whether the rule that wins for a row sets a deadline."""
    return _chosen(of, start, context, lambda rule: pl.lit(bool(rule.deadline)), pl.lit(value=False))


def judged(of: str, start: str = CREATED) -> Fact:
    """The wait of each row in the clock of its target, where a target has another than the calendar."""
    return _judged(of, start, WAITS[of], PAUSES)


def judged_age(of: str, start: str = CREATED) -> Fact:
    """The age of each row in the clock of its target; a pause that has not ended yet lasts until now."""
    return _judged(of, start, AGES, (*PAUSES, PAUSED))


def _judged(of: str, start: str, columns: tuple[str, str], pauses: tuple[str, ...]) -> Fact:
    plain, business = columns

    def build(context: Context) -> pl.Expr:
        times = {"calendar": pl.col(plain), "business": pl.col(business)}
        paused = pl.sum_horizontal(_pause(name, context) for name in pauses)

        def time(rule: TargetRule) -> pl.Expr:
            spent = times[target_rules.clock_of(rule)]
            return (spent - paused).clip(0) if rule.pauses == "subtract" else spent

        return _chosen(of, start, context, time, otherwise=pl.col(plain))

    return Fact(
        build,
        needs=(plain,),
        optional=(business, *_of_tickets(start, "channel", *pauses), "calendar_number"),
        setting=lambda config: is_clocked(of, config),
        reads=(f"target.{of}",),
    )


def is_clocked(of: str, config: Config) -> bool:
    """Whether a target of a metric has another clock than the calendar, or leaves out pauses."""
    named = [rule for rule in config.target if rule.metric in {of, TWINS.get(of)}]
    return TWINS.get(of) in config.targets or any(
        target_rules.clock_of(rule) == "business" or rule.pauses == "subtract" for rule in named
    )


def _pause(name: str, context: Context) -> pl.Expr:
    """Seconds of one kind of pause, as far as they are known."""
    if not context.has(name):
        return pl.lit(0.0)
    length = seconds(pl.col(SEEN) - pl.col(name)) if name == PAUSED else pl.col(name)
    return length.fill_null(0)


def _amount(rule: TargetRule, start: str, context: Context) -> pl.Expr:
    return (
        seconds_until(rule.deadline, start, context)
        if rule.deadline
        else pl.lit(target_rules.amount(rule, Unit.SECONDS))
    )


def _chosen(
    of: str, start: str, context: Context, what: Callable[[TargetRule], pl.Expr], otherwise: pl.Expr = NOTHING
) -> pl.Expr:
    """The value of the rule that wins for each row; rules with conditions on missing columns do not apply."""
    chain = otherwise
    for rule in reversed(target_rules.row_rules(of, context.config)):
        if context.rows.columns.issuperset(rule.when):
            chain = pl.when(_in_force(rule, start, zone_of(context))).then(what(rule)).otherwise(chain)
    return chain


def _in_force(rule: TargetRule, start: str, zone: ZoneInfo) -> pl.Expr:
    parts = [holds(rule.when.items())]
    if rule.since:
        parts.append(pl.col(start) >= midnight(rule.since, zone).astimezone(UTC))
    if rule.until:
        parts.append(pl.col(start) < midnight(rule.until, zone).astimezone(UTC))
    return reduce(lambda a, b: a & b, parts)

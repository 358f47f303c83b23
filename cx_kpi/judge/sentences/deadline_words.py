"""Targets of single rows by working days and in business hours: which rows they are for, in words."""

import polars as pl

from cx_kpi.engine.facts.fact import Context
from cx_kpi.engine.facts.row_deadlines import working_days
from cx_kpi.engine.facts.row_targets import by_deadline
from cx_kpi.engine.facts.target_rules import amount, clock_of, row_rules
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.results import Results
from cx_kpi.judge.sentences.calendar_words import Window, described
from cx_kpi.model.options import Options, TargetRule
from cx_kpi.model.values import Unit
from cx_kpi.wording.language import Language, mark
from cx_kpi.wording.units import Words

WAITS = {  # the fact that holds each row's target, and the wait it is for
    "first_response_target": "first_response_time",
    "next_response_target": "next_response_time",
    "resolution_target": "resolution_time",
    "complaint_target": "complaint_processing_time",
}
NAMED = {
    0: mark("closing time of the same day"),
    1: mark("closing time of the next working day"),
}


def rules_of(job: Job, options: Options) -> list[TargetRule]:
    """The rules for the rows of a share within target, the one that wins first; none for other metrics."""
    wait = _wait(job)
    return row_rules(wait, options.config) if wait else []


def _wait(job: Job) -> str:
    """The wait that a share within target is of; nothing of other metrics."""
    contribution = job.method.aggregation.contribution
    target = contribution.target if contribution else None
    return (
        next((WAITS[name] for name in target.meta.root_names() if name in WAITS), "")
        if target is not None
        else ""
    )


def due(job: Job, results: Results, options: Options) -> pl.Series:
    """Whether the target of each row of the metric's table is a deadline."""
    rows, windows = results.rows[job.method.clock.table], results.windows
    if windows is None or not any(rule.deadline for rule in rules_of(job, options)):
        return pl.repeat(value=False, n=rows.base.height, eager=True)
    context = Context(rows, results.rows, windows.as_of, options.config)
    chosen = by_deadline(_wait(job), job.method.clock.at, context)
    return rows.lazy().select(due=chosen).collect()["due"]


def in_words(deadline: str, language: Language) -> str:
    """`closing time, 3 working days later`."""
    days = working_days(deadline)
    if days in NAMED:
        return language(NAMED[days])
    return language.plural(
        "closing time, {n} working day later", "closing time, {n} working days later", days
    )


def told(job: Job, days: Window | None, options: Options, language: Language) -> str:
    """Targets of rows that go by business hours, and these hours; nothing where none count."""
    rules = [rule for rule in rules_of(job, options) if rule.deadline or clock_of(rule) == "business"]
    if not rules and not job.metric.by_calendar:
        return ""
    words = Words(language)
    targets = "; ".join(dict.fromkeys(said(_goal(rule, words), rule, words) for rule in rules))
    desks = "; ".join(row["words"] for row in described(options, days, language))
    lead = language("Business hours")
    return f"{targets}. {lead}: {desks}".removeprefix(". ")


def _goal(rule: TargetRule, words: Words) -> str:
    if rule.deadline:
        return in_words(rule.deadline, words.language)
    length = words.value(amount(rule, Unit.SECONDS), Unit.SECONDS, trim=True)
    return words.language("{length} in business hours", length=length)


def said(text: str, rule: TargetRule, words: Words) -> str:
    """A rule in words: its target, the rows it is for, and its dates."""
    _ = words.language
    parts = [f"{name} {value}" for name, value in rule.when.items()]
    parts += [_("from {day}", day=words.dates.moment(rule.since.isoformat()))] if rule.since else []
    parts += [_("before {day}", day=words.dates.moment(rule.until.isoformat()))] if rule.until else []
    return f"{text} ({', '.join(parts)})" if parts else text

"""Targets of single rows that are deadlines by working days: which rows they are for, and how they are said."""

import polars as pl

from cx_kpi.engine.deadlines import working_days
from cx_kpi.engine.goals import amount, row_rules
from cx_kpi.engine.plan import Job
from cx_kpi.judge.calendars import Window, described
from cx_kpi.language import Language, mark
from cx_kpi.options import Options, TargetRule

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
    single = job.way.shape.single
    goal = single.goal if single else None
    waits = [WAITS[name] for name in goal.meta.root_names() if name in WAITS] if goal is not None else []
    return [rule for wait in waits for rule in row_rules(wait, options.config)]


def has_deadline(job: Job, options: Options) -> pl.Expr:
    """Whether the `goal` of a traced row comes from a deadline: no rule says it as a length of time."""
    rules = rules_of(job, options)
    lengths = [amount(rule) for rule in rules if not rule.deadline]
    if len(lengths) == len(rules):
        return pl.lit(value=False)
    return pl.col("goal").is_not_null() & ~pl.col("goal").is_in(lengths)


def in_words(deadline: str, language: Language) -> str:
    """`closing time, 3 working days later`."""
    days = working_days(deadline)
    if days in NAMED:
        return language(NAMED[days])
    return language.plural(
        "closing time, {n} working day later", "closing time, {n} working days later", days
    )


def told(job: Job, days: Window | None, options: Options, language: Language) -> str:
    """The deadlines of rows and the calendars they go by; nothing where there are none."""
    rules = [rule for rule in rules_of(job, options) if rule.deadline]
    if not rules:
        return ""
    due = dict.fromkeys(said(in_words(str(rule.deadline), language), rule) for rule in rules)
    desks = (row["words"] for row in described(options, days, language))
    return f"{'; '.join(due)}. {language('Business hours')}: {'; '.join(desks)}"


def said(text: str, rule: TargetRule) -> str:
    """What a rule says, and the rows it says it of."""
    where = ", ".join(f"{name} {value}" for name, value in rule.when.items())
    return f"{text} ({where})" if where else text

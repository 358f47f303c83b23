"""The receipt of one metric: how it was defined, chosen, counted, worked out and judged."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import polars as pl

from cx_kpi.engine.aggregation.cells import OVERALL
from cx_kpi.engine.drilldown.contributions import ROW, trace
from cx_kpi.engine.facts.target_rules import amount, rules
from cx_kpi.engine.planning.needs import needs_of
from cx_kpi.engine.planning.plan import Available, Job, Unavailable, methods
from cx_kpi.engine.results import Results
from cx_kpi.judge.assemble import assemble
from cx_kpi.judge.receipt.drill_down import parts, row_targets, worst_rows
from cx_kpi.judge.receipt.row_waterfall import ORIGIN, row_waterfall
from cx_kpi.judge.sentences import deadline_words
from cx_kpi.judge.sentences.unavailable import SETTINGS, left_out, said
from cx_kpi.judge.statistics import change, intervals
from cx_kpi.judge.verdicts.judged import EMPTY
from cx_kpi.metrics.definition.metric import Method, Metric
from cx_kpi.metrics.registry import metric
from cx_kpi.model.documents.receipt import SCHEMA_VERSION, Choice, Receipt, Worst
from cx_kpi.model.documents.recorded_history import NO_PAST, Past
from cx_kpi.model.errors import InputProblem
from cx_kpi.model.options import Config, Options, TargetRule
from cx_kpi.model.report import Source
from cx_kpi.model.schema import TABLES, Kind
from cx_kpi.model.values import Better, Unit
from cx_kpi.normalise.config.ticket_links import ticket_link
from cx_kpi.normalise.mapping.reading_plan import SPELT
from cx_kpi.normalise.tables.combine import Loaded
from cx_kpi.normalise.tables.row_reasons import IDS
from cx_kpi.wording.language import Language, mark
from cx_kpi.wording.units import Words

BY_RULE = mark("cxkpi.toml, [[target]]")
BY_TABLE = mark("cxkpi.toml, [targets]")
BY_METRIC = mark("cxkpi.toml, [[metric]]")
BUILT_IN = mark("built in; set another in cxkpi.toml, [targets]")
CALENDAR = mark("every hour counts, day and night, also on days off")


def tables_of(name: str, config: Config) -> set[str]:
    """The tables that a metric may be computed from, and those they follow from; raises `UsageProblem`."""
    found = {method.clock.table for method in metric(name, config).methods}
    return found | {ORIGIN[table] for table in found if table in ORIGIN}


def explain(
    name: str,
    loaded: Mapping[str, Loaded],
    available: Available,
    results: Results,
    sources: Sequence[Source],
    options: Options,
    past: Past = NO_PAST,
    *,
    show_values: bool = False,
) -> Receipt:
    """The receipt of the metric of this id; raises `InputProblem` where the files do not allow it."""
    language = Language(options.language)
    job = _job(name, results, options, language)
    report = assemble(results, sources, (), options, past, name)
    traced = _traced(job, results, options)
    figure = results.figures.get(name, {}).get(OVERALL, EMPTY)
    reading = report.metrics[name]
    return Receipt(
        schema_version=SCHEMA_VERSION,
        tool=report.tool,
        as_of=report.as_of,
        timezone=report.timezone,
        language=report.language,
        window=report.window,
        metric=name,
        reading=reading,
        ways=_choices(job, available, options, language),
        steps=row_waterfall(loaded, results, job, traced, language),
        target_from=_target_from(job.metric, options, language) if reading.target else "",
        segment_targets=_segment_targets(job.metric, options, Words(language)),
        row_goals=row_targets(traced),
        time=deadline_words.told(job, results.days, options, language) or _time(job, language),
        interval_by=language(intervals.made_by(figure.sample)) if figure.sample and reading.interval else "",
        change_by=language(change.BY[type(figure.sample)]) if figure.sample and reading.compared else "",
        worst=worst_of(job, results, options, traced, show_values=show_values),
        parts=parts(results, job.metric, options.by or ()),
        where=report.where,
        history=past.path if reading.latest and reading.latest.recorded else None,
        findings=report.findings,
        uncut=[left for left in report.left_out if left.metric == name and left.by],
    )


def _job(name: str, results: Results, options: Options, language: Language) -> Job:
    """The job that computed the metric; raises `InputProblem` with the reason where there is none."""
    missing = {left.metric: left.why for left in left_out(results, options, language)}
    found = next((job for job in results.plan.jobs if job.metric.id == name and not job.aside), None)
    if found is None or name in missing:
        raise InputProblem(f"{name} cannot be computed: {missing.get(name, '')}; see: cxkpi metrics {name}")
    return found


def _traced(job: Job, results: Results, options: Options) -> pl.DataFrame:
    traced = trace(results.rows[job.method.clock.table], job, results.windows)
    return traced.with_columns(due=deadline_words.due(job, results, options))


def worst_of(
    job: Job,
    results: Results,
    options: Options,
    traced: pl.DataFrame | None = None,
    *,
    show_values: bool = False,
) -> Worst:
    """The worst rows of a metric, tickets with their addresses where the configuration names them."""
    traced = _traced(job, results, options) if traced is None else traced
    named = _named(results, job, show_values=show_values)
    found = worst_rows(traced, named, job, options.timezone, Language(options.language))
    pattern = options.config.report.ticket_link
    rows = [replace(each, link=ticket_link(pattern, each.link)) for each in found.rows]
    return replace(found, rows=rows)


def _named(results: Results, job: Job, *, show_values: bool) -> pl.DataFrame:
    """An id for each row of the metric's table, that of its ticket, and with `show_values` its other columns."""
    table = job.method.clock.table
    frame = results.rows[table].base
    id_name = IDS.get(table, "")
    ids = [
        name
        for name in (id_name + SPELT, "ticket_id" + SPELT, "customer_id" + SPELT)
        if name in frame.columns
    ]
    id_ = pl.coalesce(ids) if ids else pl.lit(None, pl.String)
    shown = _shown(table, frame) if show_values else []
    ticket = pl.col("ticket_id" + SPELT) if "ticket_id" + SPELT in ids else pl.lit(None, pl.String)
    return frame.select(ROW, id_.alias("id"), ticket.alias("ticket"), *shown)


def _shown(table: str, frame: pl.DataFrame) -> list[str]:
    """The filled fields of a row, without ids."""
    kinds = TABLES[table].fields if table in TABLES else {}
    return [name for name in kinds if name in frame.columns and kinds[name] is not Kind.KEY]


def _choices(job: Job, available: Available, options: Options, language: Language) -> list[Choice]:
    whole = {**available, "activity": frozenset({"customer_id", "started_at", "ended_at"})}
    of = whole if "orders" in available else available
    tell = partial(_choice, job=job, language=language)
    found = methods(job.metric, of, options.config)
    return [
        tell(method, lacks) for method, lacks in found if not lacks or not SETTINGS.issuperset(_roots(lacks))
    ]


def _roots(lacks: Sequence[str]) -> set[str]:
    """What a method lacks, settings without their keys: `costs.per_month` as `costs`."""
    return {name.split(".")[0] for name in lacks}


def _choice(method: Method, lacks: tuple[str, ...], *, job: Job, language: Language) -> Choice:
    table, needs = needs_of(method)
    return Choice(
        method=language(method.name),
        table=table,
        clock=language(method.clock.name),
        cohort=method.clock.cohort,
        needs=needs,
        lacks=said(Unavailable(job.metric, lacks), language) if lacks else "",
        taken=(method.name, method.clock.name) == (job.method.name, job.method.clock.name),
    )


def _target_from(of: Metric, options: Options, language: Language) -> str:
    """Where the target of the whole comes from."""
    config = options.config
    special = any(rule in config.target for rule in rules(config, of) if not rule.when)
    own = any(each.id == of.id for each in config.metric)
    usual = BY_METRIC if own else BUILT_IN
    return language(BY_RULE if special else BY_TABLE if of.id in config.targets else usual)


def _segment_targets(of: Metric, options: Options, words: Words) -> str:
    """The targets that hold for some values of a dimension alone."""
    sign = "≤" if of.better is Better.LOWER else "≥"
    return "; ".join(
        deadline_words.said(_amount(rule, sign, of.unit, words), rule, words)
        for rule in rules(options.config, of)
        if rule.when
    )


def _amount(rule: TargetRule, sign: str, unit: Unit, words: Words) -> str:
    if rule.deadline:
        return deadline_words.in_words(rule.deadline, words.language)
    return f"{sign} {words.value(amount(rule, unit), unit, trim=True)}"


def _time(job: Job, language: Language) -> str:
    """Which hours count, where a metric measures lengths of time and its method does not show it."""
    contribution = job.method.aggregation.contribution
    judged = contribution is not None and contribution.target is not None
    if job.metric.by_calendar or (judged and job.method.name):
        return ""
    if not (judged or job.metric.unit is Unit.SECONDS):
        return ""
    return language(CALENDAR)

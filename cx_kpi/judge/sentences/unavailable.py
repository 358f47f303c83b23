"""What was left out, and why."""

from collections.abc import Collection
from dataclasses import fields
from itertools import chain

import polars as pl

from cx_kpi.engine.aggregation.cells import OVERALL
from cx_kpi.engine.planning.plan import NO_FILE, Job, Unavailable
from cx_kpi.engine.results import Results
from cx_kpi.judge.sentences.lacking import columns_to_add, unavailable_columns
from cx_kpi.metrics.definition.metric import Metric
from cx_kpi.model.figures import Figure
from cx_kpi.model.options import Config, Options
from cx_kpi.model.report import LeftOut
from cx_kpi.model.schema import TABLES
from cx_kpi.normalise.vocabulary.derived import SECONDS
from cx_kpi.wording.language import Language, mark

NO_ROWS = mark("no row of the files counts for it")
NO_MATCH = mark(
    "no row of the files counts for it; texts are compared exactly, and our fields hold our words, such as channel = 'email'"
)
OTHER_SCALE = mark("the answers are on another scale than the one its formula needs")
NO_SCALE = mark("the answers do not tell their scale; say it in cxkpi.toml, [surveys.scales]")
SETTINGS = {"", *(each.name for each in fields(Config))} - TABLES.keys()
FILES = {
    "tickets": mark("no file of tickets"),
    "surveys": mark("no file of surveys"),
    "customers": mark("no file of customers"),
    "customer_counts": mark("no file of customer counts"),
    "orders": mark("no file of orders"),
    "calls": mark("no file of calls"),
    "ticket_events": mark("no file of ticket events"),
}
BRING = {
    "tickets": mark("a file of tickets"),
    "surveys": mark("a file of surveys"),
    "customers": mark("a file of customers"),
    "customer_counts": mark("a file of customer counts"),
    "orders": mark("a file of orders"),
    "calls": mark("a file of calls"),
    "ticket_events": mark("a file of ticket events"),
}
EVENTS = "ticket_events"
TOLD = (  # columns that events show, and what to say where those there are do not
    ({"bot_began", "human_replied", "customer_returned"}, mark("no ticket events that tell who wrote")),
    ({*SECONDS}, mark("no ticket events that tell the status")),
    ({"assignment_count"}, mark("no ticket events that tell to whom tickets were assigned")),
)
BEHIND = (  # columns that few exports have, and what to say where they are missing
    ({"sent_at"}, mark("the files do not tell which surveys were sent and not answered")),
    ({"calendar"}, mark("no business hours: add a [[calendar]] to cxkpi.toml")),
)

UNTOLD = tuple((names, FILES[EVENTS]) for names, _ in TOLD)  # where there are no events at all


def left_out(results: Results, options: Options, language: Language) -> list[LeftOut]:
    """Every metric that was asked for and has no figure, with the fields it needs."""
    missing = [each for each in results.plan.missing if is_asked(each.metric, options)]
    ids = {each.metric.id for each in missing}
    missing = [
        each for each in missing if each.metric.twin_of not in ids
    ]  # said once for a wait and its business-hours variant
    found = [_missing(each, language, results.heights) for each in missing]
    for job in results.plan.jobs:
        metric = job.metric
        why = _refused(results, job, options) if is_asked(metric, options) and not job.aside else None
        if why:
            found.append(LeftOut(metric.id, language(metric.title), [], language(why)))
    return found


def _refused(results: Results, job: Job, options: Options) -> str | None:
    """The same as `refusal`; where a condition of the user's own left no row, with a hint at our words."""
    why = refusal(results, job)
    own = {each.id for each in options.config.metric if each.where}
    return NO_MATCH if why == NO_ROWS and job.metric.id in own else why


def is_asked(metric: Metric, options: Options) -> bool:
    """Whether the metric is to be shown: it was named, or none was."""
    return metric.id in options.metrics if options.metrics else not metric.internal


def refusal(results: Results, job: Job) -> str | None:
    """Why a metric has no figure although its columns are there: a refusal, or no row that counts."""
    cells = results.figures.get(job.metric.id, {})
    whole = cells.get(OVERALL)
    if whole and "refused" in whole.details:
        return str(whole.details["refused"])
    if not cells or any(map(tells, cells.values())):
        return None
    return _of_scale(results, job.metric) or NO_ROWS


def _of_scale(results: Results, metric: Metric) -> str | None:
    """That nothing tells the scale of the answers of its kind of survey, or that they are on another one."""
    surveys, kind = results.tables.get("surveys"), metric.kind or metric.same_as
    if not kind or surveys is None or not {"kind", "score", "scale_low"} <= surveys.columns:
        return None
    answers = surveys.lazy().filter((pl.col("kind") == kind) & pl.col("score").is_not_null())
    lowest = answers.select("scale_low").collect()["scale_low"]  # polars 2.1 finds one among none with any()
    return NO_SCALE if lowest.null_count() else OTHER_SCALE if lowest.count() else None


def tells(figure: Figure) -> bool:
    """Whether a figure has a value, or rows that are still to come to one."""
    return figure.value is not None or figure.n > 0 or bool(figure.details.get("pending"))


def _missing(missing: Unavailable, language: Language, tables: Collection[str]) -> LeftOut:
    needs = [need.removeprefix(NO_FILE) for need in sorted(missing.needs, key=_is_column)]
    why, bring = said(missing, language, tables), _bring(missing, language, tables)
    return LeftOut(missing.metric.id, language(missing.metric.title), needs, why, bring=bring)


def _bring(missing: Unavailable, language: Language, tables: Collection[str]) -> str:
    """The file or the columns that would do; nothing where something else is in the way."""
    files = [need.removeprefix(NO_FILE) for need in missing.needs if not _is_column(need)]
    known = _behind(missing, tables)
    if known == FILES[EVENTS]:
        files = [EVENTS]
    elif known or missing.why:
        return ""
    if files:
        return language(BRING[files[0]]) if len(files) == 1 else ""
    columns = _columns(missing)
    return columns_to_add(columns, language) if columns else ""


def _is_column(need: str) -> bool:
    return not need.startswith(NO_FILE)


def _columns(missing: Unavailable) -> list[str]:
    return [need for need in missing.needs if need.split(".")[0] not in SETTINGS]


def _behind(missing: Unavailable, tables: Collection[str]) -> str | None:
    told = chain(TOLD if EVENTS in tables else UNTOLD, BEHIND)
    return next((why for names, why in told if not names.isdisjoint(missing.needs)), None)


def said(missing: Unavailable, language: Language, tables: Collection[str] = ()) -> str:
    """What the files lack for a metric, in words; `tables` are those they hold."""
    files = [need.removeprefix(NO_FILE) for need in missing.needs if not _is_column(need)]
    if missing.why:
        return language(missing.why)
    known = _behind(missing, tables)
    if known:
        return language(known)
    if files:
        return "; ".join(language(FILES[name]) for name in files)
    columns = _columns(missing)
    if not any(missing.needs):
        return language("not set in cxkpi.toml")
    if not columns:
        return language("not set in cxkpi.toml: {names}", names=", ".join(missing.needs))
    return unavailable_columns(columns, language)

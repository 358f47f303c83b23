"""Figures of other studies next to ours, where they mean the same; refused with a reason where they do not."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from cx_kpi.engine.facts.target_rules import parse_seconds, reading_target
from cx_kpi.metrics.definition.metric import Metric
from cx_kpi.metrics.registry import METRICS, public_metrics
from cx_kpi.model.errors import UsageProblem, nearest
from cx_kpi.model.options import Config, Options, Study
from cx_kpi.model.report import Notice, Reading, Report
from cx_kpi.model.values import Level, Unit
from cx_kpi.wording.language import Language, mark
from cx_kpi.wording.units import Words

CALENDAR = "calendar"  # the detail of what is counted in business hours
REFUSED = mark("{source}: not shown beside {title}: {why}")
EXAMPLE = mark("it is an example, not a study")
OTHER_UNIT = mark("it is in the unit {theirs}, ours in {ours}")
OTHER_SCALE = mark("it is on the scale {theirs}, ours on {ours}")
OTHER_COHORT = mark("it is about rows {theirs}, ours about rows {ours}")
OTHER_CHOICE = mark("{name} is {theirs}, ours {ours}")
NO_CHOICE = mark("it has to say {name}; ours is {ours}")
NO_STATISTIC = mark("of a length of time it has to say statistic: mean, median or p90")
NOT_HERE = mark("this report has no such figure of ours")
BESIDE = mark("{value} ({source}, {year})")


def check_benchmarks(studies: Iterable[Study], config: Config) -> None:
    """Raises `UsageProblem` for what cannot be meant: a metric that is none, a value that is no number."""
    known = public_metrics(config)
    for study in studies:
        if study.metric not in known:
            raise UsageProblem(
                f"benchmark of {study.source!r}: no metric {study.metric!r}{nearest(study.metric, known)}"
            )
        _value(study)


def with_benchmarks(report: Report, options: Options) -> Report:
    """The report with the studies that mean the same by a metric, and a notice for each of the others."""
    language, metrics, notices = Language(report.language), dict(report.metrics), list(report.notices)
    for study in options.benchmarks:
        reading = metrics.get(study.metric)
        if reading is None:
            continue
        ours, why = _ours(study, reading, options, language)
        if why:
            text = language(REFUSED, source=study.source, title=reading.title, why=why)
            notices.append(Notice(Level.WARNING, "benchmark_refused", text))
        else:
            metrics[study.metric] = _beside(reading, study, ours, Words(language))
    return replace(report, metrics=metrics, notices=notices)


def _ours(study: Study, reading: Reading, options: Options, language: Language) -> tuple[float | None, str]:
    """Our figure that a study is comparable with, or why none is."""
    scale = reading.details.get("scale")
    timed = reading.unit is Unit.SECONDS
    found = reading.value if study.statistic in (None, "mean") else reading.details.get(study.statistic)
    refusals = (
        (study.example, language(EXAMPLE)),
        (study.unit != reading.unit, language(OTHER_UNIT, theirs=study.unit, ours=reading.unit)),
        (
            scale is not None and (study.scale is None or [*study.scale] != [*scale]),
            language(OTHER_SCALE, theirs=_scale(study.scale), ours=_scale(scale)),
        ),
        (
            study.cohort not in (None, reading.cohort),
            language(OTHER_COHORT, theirs=study.cohort, ours=reading.cohort),
        ),
        (timed and study.statistic is None, language(NO_STATISTIC)),
        *choices_refused(study, reading, options, language),
        (not isinstance(found, int | float), language(NOT_HERE)),
    )
    why = next((said for refused, said in refusals if refused), "")
    return (float(found) if isinstance(found, int | float) else None), why


def choices_refused(
    study: Study, reading: Reading, options: Options, language: Language
) -> Iterator[tuple[bool, str]]:
    """Of each choice that a definition has to make: whether the study makes another one, or none, and that in words."""
    for name, ours in _choices(study.metric, reading, options).items():
        theirs = getattr(study, name)
        text = language(NO_CHOICE if theirs is None else OTHER_CHOICE, name=name, theirs=theirs, ours=ours)
        yield (
            (_seconds(theirs) if name == "within" else theirs)
            != (_seconds(ours) if name == "within" else ours),
            text,
        )


def _choices(name: str, reading: Reading, options: Options) -> dict[str, Any]:
    """How ours is defined where definitions differ: the clock, what counts as in time, and what as satisfied."""
    metric, scale = public_metrics(options.config)[name], reading.details.get("scale")
    found: dict[str, Any] = {}
    in_time = "overdue" in reading.details or metric.limit is not None
    if reading.unit is Unit.SECONDS or in_time:
        business = CALENDAR in reading.details or (in_time and "method" in reading.details)
        found["hours"] = "business" if business else "calendar"
    if in_time:
        found["within"] = _limit(metric, options)
    if scale and reading.unit is Unit.SHARE:
        found["satisfied_from"] = float((scale[0] + scale[1]) // 2 + 1)
    return found


def _limit(metric: Metric, options: Options) -> str:
    """The limit of a share of what is in time: `86400 s`; in words where there is none for all rows."""
    waits = (each for each in METRICS.values() if each.same_as == metric.id and each.unit is Unit.SECONDS)
    goals = (reading_target(each, options.config, {}, None) for each in waits)
    limit = metric.limit or next((goal.value for goal in goals if goal), None)
    return f"{limit:g} s" if limit is not None else "by channel"


def _seconds(text: str | None) -> float | str | None:
    try:
        return parse_seconds(text) if text else None
    except ValueError:
        return text


def _scale(scale: Any) -> str:
    return "–".join(f"{each:g}" for each in scale) if scale else "?"


def _value(study: Study) -> float:
    """The figure in the unit of the metric; raises `UsageProblem`."""
    text = study.value
    if isinstance(text, int | float):
        return float(text)
    try:
        if study.unit == Unit.SECONDS:
            return parse_seconds(text)
        return float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        raise UsageProblem(
            f"benchmark of {study.source!r}: {text!r} is neither a number nor a length of time such as '4 h'"
        ) from None


def _beside(reading: Reading, study: Study, ours: float | None, words: Words) -> Reading:
    value, currency = _value(study), reading.details.get("currency", "")
    row: dict[str, Any] = {
        "study": study.source,
        "value": value,
        "ours": ours,
        "statistic": study.statistic,
        "year": str(study.year),
        "country": study.country or None,
        "industry": study.industry or None,
        "n": study.n,
        "definition": study.definition,
    }
    rows = [*reading.details.get("benchmarks", ()), row]
    said = words.language(
        BESIDE,
        value=words.value(value, reading.unit, currency),
        source=study.source,
        year=study.year,
    )
    texts = [*filter(None, (reading.details.get("elsewhere"),)), said]
    return replace(reading, details=reading.details | {"elsewhere": "; ".join(texts), "benchmarks": rows})

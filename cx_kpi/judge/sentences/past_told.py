"""What a report says of the history that it was judged by: which periods are out of it, and which could not be used."""

from collections import defaultdict
from collections.abc import Iterator

from cx_kpi.judge.verdicts.judged import Judged
from cx_kpi.model.documents.recorded_history import Past
from cx_kpi.model.report import Notice
from cx_kpi.model.values import Level
from cx_kpi.wording.language import Language, mark
from cx_kpi.wording.units import Words

USED = mark("Earlier periods are out of the history, {period}; changes and usual ranges rest on them, too.")
OTHERWISE = mark(
    "The history holds earlier figures that were counted otherwise ({reason}), so nothing is set against them: {metrics}."
)
WHAT = {
    "version": mark("another version of the metric"),
    "method": mark("another method"),
    "clock": mark("by another date"),
    "cohort": mark("of other rows"),
    "scale": mark("on another scale"),
    "within": mark("within each part, or of all rows at once"),
    "timezone": mark("in another time zone"),
    "where": mark("with another condition"),
    "calendar": mark("by other business hours"),
    "complaints": mark("other complaints"),
    "costs": mark("other costs"),
}
TARGETS = mark("other targets of rows")
SETTING = mark("another {key}")


def told_of_past(found: Judged, past: Past, language: Language) -> Iterator[Notice]:
    """Which periods are out of the history, and what of it could not be used."""
    if found.recorded:
        first, last = found.spans[0], found.spans[found.recorded - 1]
        period = Words(language).dates.span(first.start.isoformat(), last.end.isoformat())
        message = language(USED, period=period)
        yield Notice(Level.INFO, "history_used", message, path=past.path)
    for reason, metrics in _otherwise(found, past, language).items():
        names = ", ".join(metrics)
        message = language(OTHERWISE, reason=reason, metrics=names)
        yield Notice(Level.INFO, "history_otherwise", message, example=names, path=past.path)


def _otherwise(found: Judged, past: Past, language: Language) -> dict[str, list[str]]:
    """The metrics of which nothing was used because they were counted otherwise, by what differs."""
    by: dict[str, list[str]] = defaultdict(list)
    for metric, keys in past.otherwise.items():
        if metric in found.series:
            by[", ".join(dict.fromkeys(_named(key, language) for key in keys))].append(metric)
    return by


def _named(key: str, language: Language) -> str:
    if key.startswith("target."):
        return language(TARGETS)
    return language(WHAT[key]) if key in WHAT else language(SETTING, key=key)

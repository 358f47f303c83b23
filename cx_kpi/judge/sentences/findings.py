"""Findings: the few sentences worth reading first."""

from collections.abc import Iterator, Mapping

from cx_kpi.model.report import Finding, Reading
from cx_kpi.model.values import Status, Unit, Verdict
from cx_kpi.wording.language import Language, mark
from cx_kpi.wording.units import Words

MOST = 3
MISSED = mark("{title}: {value}; the target is {goal}.")
CHANGED = {
    Verdict.IMPROVED: mark("{title}: {value} ({period}), {change} on the period before ({before}): better."),
    Verdict.WORSENED: mark("{title}: {value} ({period}), {change} on the period before ({before}): worse."),
    Verdict.ROSE: mark("{title}: {value} ({period}), {change} on the period before ({before})."),
    Verdict.FELL: mark("{title}: {value} ({period}), {change} on the period before ({before})."),
}

YEARLY = {  # where the span before is that of the year before
    Verdict.IMPROVED: mark("{title}: {value} ({period}), {change} on the year before ({before}): better."),
    Verdict.WORSENED: mark("{title}: {value} ({period}), {change} on the year before ({before}): worse."),
    Verdict.ROSE: mark("{title}: {value} ({period}), {change} on the year before ({before})."),
    Verdict.FELL: mark("{title}: {value} ({period}), {change} on the year before ({before})."),
}


def findings(metrics: Mapping[str, Reading], language: Language) -> list[Finding]:
    """At most three: missed targets and changes that can be shown, what needs a look first, largest first."""
    words = Words(language)
    every = sorted(_all(metrics, words), key=lambda found: (found[0], -found[1], found[2].metric))
    best = {found.metric: found for *_, found in reversed(every)}
    return [found for *_, found in every if best[found.metric] is found][:MOST]


def _all(metrics: Mapping[str, Reading], words: Words) -> Iterator[tuple[int, float, Finding]]:
    """Rank, size and finding; what went better ranks after what needs a look."""
    for name, reading in metrics.items():
        if reading.status is Status.MISSED and reading.target and isinstance(reading.value, (int, float)):
            size = _size(reading.value - reading.target.value, reading.target.value, reading.unit)
            yield 0, size, Finding(name, _missed(reading, words))
        judged = reading.verdict in CHANGED and reading.twin_of is None
        if judged and reading.compared and reading.change is not None:
            before = reading.compared.previous.value
            base = before if isinstance(before, (int, float)) else 0.0
            rank = int(reading.verdict is not Verdict.WORSENED)
            yield rank, _size(reading.change, base, reading.unit), Finding(name, _changed(reading, words))


def _size(difference: float, base: float, unit: Unit) -> float:
    """How large a difference is, relative to where it started; points of their scale of 100."""
    whole = 100.0 if unit is Unit.POINTS else abs(base)
    return abs(difference) / whole if whole else float("inf")


def _missed(reading: Reading, words: Words) -> str:
    currency = reading.details.get("currency", "")
    return words.language(
        MISSED,
        title=reading.title,
        value=words.value(reading.value, reading.unit, currency),
        goal=words.target(reading.target, reading.unit, currency),
    )


def _changed(reading: Reading, words: Words) -> str:
    compared, dates = reading.compared, words.dates
    assert compared is not None  # noqa: S101 - the caller has checked
    assert reading.verdict is not None  # noqa: S101
    now, before = compared.current, compared.previous
    currency = reading.details.get("currency", "")
    texts = CHANGED if before.end == now.start else YEARLY
    return words.language(
        texts[reading.verdict],
        title=reading.title,
        value=words.value(now.value, reading.unit, currency),
        change=words.change(reading.change, reading.unit, before.value, currency),
        period=dates.span(now.start, now.end),
        before=dates.span(before.start, before.end),
    )

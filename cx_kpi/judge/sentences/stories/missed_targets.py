"""Which targets the subject misses and which it meets, in a sentence each: the same rule in every report."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from cx_kpi.judge.sentences.stories.story_words import USUAL
from cx_kpi.model.report import Finding, Latest, Reading, Window
from cx_kpi.model.values import Status, Unit
from cx_kpi.wording.language import Language, mark
from cx_kpi.wording.units import Words, short

MOST = 4  # that are named
FEW = 30  # rows, which are told where one target alone is
ONE = mark("{title}, {period}: {value}; the target is {goal}.")
ONE_DEFAULT = mark("{title}, {period}: {value}; the default target is {goal}.")
SEVERAL = mark("Targets missed in {period}: {targets}.")
SEVERAL_DEFAULT = mark("Default targets missed in {period}: {targets}.")
EACH = mark("{title} {value} (target {goal})")
EACH_DEFAULT = mark("{title} {value} (default target {goal})")
EACH_ALIKE = "{title} {value} ({goal})"
MET = mark("Targets met in {period}: {titles}.")


def missed_targets(
    metrics: Mapping[str, Reading], language: Language, defaults: Collection[str] = ()
) -> list[Finding]:
    """All missed targets of the subject, the farthest first; nothing where none is.

    `defaults` are the metrics whose target nobody set.
    """
    names, words = missed_names(metrics), Words(language)
    latest = metrics[names[0]].latest if names else None
    if latest is None:
        return []
    period = words.dates.span(latest.start, latest.end)
    if len(names) == 1:
        text = ONE_DEFAULT if names[0] in defaults else ONE
        return [Finding(names[0], _said(text, metrics[names[0]], words, period=period))]
    alike = all(name in defaults for name in names)
    targets = "; ".join(
        _each(names, metrics, words, () if alike else defaults, EACH_ALIKE if alike else EACH)
    )
    text = SEVERAL_DEFAULT if alike else SEVERAL
    return [Finding(names[0], language(text, period=period, targets=targets))]


def met_targets(metrics: Mapping[str, Reading], language: Language) -> str:
    """The metrics whose subject meets its target, a few by name; nothing where none does."""
    met = [each for each in metrics.values() if each.twin_of is None and _status(each) is Status.MET]
    if not met or met[0].latest is None:
        return ""
    words, latest = Words(language), met[0].latest
    titles = [*(short(each.title) for each in met[:MOST]), *_more(met, words)]
    return language(MET, period=words.dates.span(latest.start, latest.end), titles="; ".join(titles))


def _status(reading: Reading) -> Status | None:
    return reading.latest.status if reading.latest else None


def by_window(metrics: Mapping[str, Reading], window: Window) -> dict[str, Reading]:
    """The metrics with the figure of the window where the subject has none, and so misses nothing."""
    return {name: _of_window(each, window) for name, each in metrics.items()}


def _of_window(reading: Reading, window: Window) -> Reading:
    latest = reading.latest
    if latest is None or latest.value is not None:
        return reading
    whole = replace(
        latest,
        start=window.start,
        end=window.end,
        value=reading.value,
        n=reading.n,
        target=reading.target,
        status=reading.status,
    )
    return replace(reading, latest=whole)


def _each(
    names: list[str], metrics: Mapping[str, Reading], words: Words, defaults: Collection[str], text: str
) -> Iterator[str]:
    """A few of the missed targets, those of `defaults` as such, and how many more there are."""
    for name in names[:MOST]:
        yield _said(EACH_DEFAULT if name in defaults else text, metrics[name], words)
    yield from _more(names, words)


def _more(every: Sequence[object], words: Words) -> Iterator[str]:
    """How many there are beyond those that are named."""
    if more := len(every[MOST:]):
        yield words.language("and {n} more", n=words.numerals.decimal(more))


def missed_names(metrics: Mapping[str, Reading]) -> list[str]:
    """The metrics whose subject misses its target, the farthest first."""
    missed = [
        (-_distance(reading.latest, reading.unit), name)
        for name, reading in metrics.items()
        if reading.latest and _status(reading) is Status.MISSED and reading.twin_of is None
    ]
    return [name for _, name in sorted(missed)]


def _said(text: str, reading: Reading, words: Words, period: str = "") -> str:
    latest, currency = reading.latest, reading.details.get("currency", "")
    value = words.value(latest.value if latest else None, reading.unit, currency)
    if latest and period and (usual := _as_usual(latest)):
        value = f"{value} ({words.language(USUAL, range=words.interval(usual, reading.unit, currency))})"
    if latest and latest.n < FEW and period:
        value = f"{value} ({words.language('n = {n}', n=latest.n)})"
    return words.language(
        text,
        title=reading.title,
        value=value,
        goal=words.target(latest.target if latest else None, reading.unit, currency),
        period=period,
    )


def _as_usual(latest: Latest) -> tuple[float, float] | None:
    """The usual range of a figure that lies within it; None where it tells little."""
    usual, value = latest.usual, latest.value
    if usual is None or usual.wide or usual.trial or not isinstance(value, int | float):
        return None
    return (usual.low, usual.high) if usual.low <= value <= usual.high else None


def _distance(latest: Latest, unit: Unit) -> float:
    """How far a value is from its target, relative to it; points of their scale of 100."""
    if latest.target is None or not isinstance(latest.value, (int, float)):
        return 0.0
    whole = 100.0 if unit is Unit.POINTS else abs(latest.target.value)
    away = abs(latest.value - latest.target.value)
    return away / whole if whole else float("inf")

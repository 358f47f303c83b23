"""Every full period as the subject of a page: each metric's figure in it, against its target and its usual range."""

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Point, Reading, Report
from cx_kpi.model.values import Better
from cx_kpi.render.elements.anchors import anchor
from cx_kpi.render.elements.labels import STATUS, STATUS_TONE
from cx_kpi.render.elements.reading_fields import value_of
from cx_kpi.render.elements.report_view import Cell, Tone
from cx_kpi.render.view.judgement_words import said_usual
from cx_kpi.wording.units import Words

Told = list[
    str
]  # value, interval, n, target, status, usual range, where in it, tone of that; empty ones at the end cut


@dataclass(frozen=True, slots=True)
class Chosen:
    """One period: its name, its place in the histories, and what is told of each metric, by its anchor."""

    name: str
    place: int
    metrics: dict[str, Told]


def choices(report: Report, words: Words) -> list[Chosen]:
    """The full periods, the latest first; none where there is only one."""
    told: dict[str, dict[str, Told]] = {}
    for point in report.series:
        if not point.partial and point.metric in report.metrics:
            its = _told(point, report.metrics[point.metric], words)
            told.setdefault(point.start, {})[anchor(point.metric)] = its
    if report.window is None or len(told) < 2:
        return []
    grain = report.window.grain
    every = enumerate(sorted(told))
    return [Chosen(words.dates.period(start, grain), place, told[start]) for place, start in every][::-1]


def _told(point: Point, reading: Reading, words: Words) -> Told:
    currency, where = reading.details.get("currency", ""), _where(point, reading.better, words)
    told = [
        value_of(point, reading, words),
        words.interval(point.interval, reading.unit, currency),
        words.numerals.decimal(point.n),
        words.target(point.target, reading.unit, currency),
        words.language(STATUS[point.status]) if point.status and point.value is not None else "",
        said_usual(point.usual, reading, words),
        where.text,
        "" if where.tone is Tone.PLAIN else where.tone,
    ]
    while not told[-1]:
        told.pop()
    return told


def tones(words: Words) -> dict[str, Tone]:
    """The tone of each status, by its word."""
    return {words.language(STATUS[status]): tone for status, tone in STATUS_TONE.items()}


def _where(point: Point, better: Better, words: Words) -> Cell:
    """Whether the figure is outside its usual range, and on which side."""
    if point.usual is None or not isinstance(point.value, int | float):
        return Cell("")
    if not point.outside:
        return Cell(words.language("as usual"))
    above = point.value > point.usual.middle
    text = words.language("▲ above the usual") if above else words.language("▼ below the usual")
    if better is Better.NEITHER:
        return Cell(text)
    return Cell(text, Tone.GOOD if above == (better is Better.HIGHER) else Tone.BAD)

"""Every full period as the subject of a page: each metric's figure in it, judged as if it were the latest."""

from collections import Counter
from typing import Any

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Point, Reading, Report
from cx_kpi.render.elements.anchors import anchor
from cx_kpi.render.elements.labels import STATUS, STATUS_TONE, VERDICT, VERDICT_TONE
from cx_kpi.render.elements.reading_fields import value_of
from cx_kpi.render.view.judgement_words import change_of, said_usual, sign_of, verdict_of
from cx_kpi.wording.units import SPACE, Words

Told = list[
    str
]  # value, interval, n, target, status, usual range, change, verdict; empty ones at the end cut


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


def packed(periods: list[Chosen], words: Words) -> dict[str, Any]:
    """The periods for a page: metrics named once, and texts that come again as their place in a list."""
    names = list(dict.fromkeys(name for each in periods for name in each.metrics))
    found = Counter(text for each in periods for told in each.metrics.values() for text in told)
    texts = [text for text, times in found.most_common() if times > 1]
    places: dict[str, int] = {text: place for place, text in enumerate(texts)}
    return {
        "metrics": names,
        "texts": texts,
        "tones": _tones(words),
        "periods": [
            {"name": each.name, "place": each.place, "told": _in_order(each, names, places)}
            for each in periods
        ],
    }


def _in_order(period: Chosen, names: list[str], places: dict[str, int]) -> list[list[str | int]]:
    """What is told of each metric, in this order, with the places of texts that have one."""
    every = (period.metrics.get(name, ["–"]) for name in names)
    return [[places.get(text, text) for text in told] for told in every]


def _told(point: Point, reading: Reading, words: Words) -> Told:
    currency = reading.details.get("currency", "")
    told = [
        value_of(point, reading, words),
        words.interval(point.interval, reading.unit, currency),
        words.numerals.decimal(point.n),
        words.target(point.target, reading.unit, currency),
        words.language(STATUS[point.status]) if point.status and point.value is not None else "",
        _usual(point, reading, words),
        " ".join(filter(None, (sign_of(point, reading.better), change_of(point, reading, words)))),
        verdict_of(point, words).text,
    ]
    while not told[-1]:
        told.pop()
    return told


def _tones(words: Words) -> dict[str, str]:
    """The tone of each status and verdict, by its words."""
    statuses = {words.language(STATUS[status]): str(tone) for status, tone in STATUS_TONE.items()}
    return statuses | {words.language(VERDICT[each]): str(tone) for each, tone in VERDICT_TONE.items()}


def _usual(point: Point, reading: Reading, words: Words) -> str:
    """The usual range, and where the figure is if it is outside: `81.1–91.7%, ▼ below`."""
    usual = said_usual(point.usual, reading, words)
    if point.usual is None or not point.outside or not isinstance(point.value, int | float):
        return usual
    above = point.value > point.usual.middle
    said = words.language("▲ above") if above else words.language("▼ below")
    return f"{usual}, {said.replace(' ', SPACE)}"

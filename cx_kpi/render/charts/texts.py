"""The words on a chart: labels that fit under their columns, and the text of a column."""

from collections.abc import Sequence
from datetime import date
from textwrap import wrap

from cx_kpi.model.chart_data import Axis, Chart
from cx_kpi.model.values import Unit
from cx_kpi.render.charts.scale import Scale
from cx_kpi.render.elements.chart_words import grain_of, is_over
from cx_kpi.wording.units import Words

LETTER, WIDE_LETTER = 5.8, 7.2  # pixels, about: of our font, and of the widest that readers have, on paper
SHORT = 3  # letters of names that are left out where there is no room
LINES = 2
ELLIPSIS = "…"


def named(scale: Scale, unit: Unit, words: Words, currency: str = "") -> list[str]:
    """The values at the axis."""
    return [words.value(tick, unit, currency, trim=True) for tick in scale.ticks]


def labels(exhibit: Chart, grain: str, room: float, words: Words) -> list[list[str]]:
    """The labels under the columns of a chart, in lines."""
    if exhibit.axis is Axis.NAME:
        return name_labels(exhibit.columns, room)
    return period_labels(exhibit.columns, grain_of(exhibit.columns, grain, words), room, words)


def period_labels(starts: Sequence[str], grain: str, room: float, words: Words) -> list[list[str]]:
    """Short names of periods, as many as there is room for, the year under the first of each."""
    names = [words.dates.period(start, grain, short=True) for start in starts]
    step = _step(names, room)
    labels, said = [], ""
    for place, (start, name) in enumerate(zip(starts, names, strict=True)):
        shown = place % step == 0
        year = "" if grain == "year" or not shown else _year(start, grain)
        year = "" if year == said else year
        said = year or said
        labels.append([text for text in (name if shown else "", year) if text])
    return labels


def _year(start: str, grain: str) -> str:
    """The year a period is counted in: of a week, the one that holds its Thursday."""
    return str(date.fromisoformat(start).isocalendar().year) if grain == "week" else start[:4]


def name_labels(names: Sequence[str], room: float) -> list[list[str]]:
    """Names broken into lines that fit; short ones that still do not fit are thinned out."""
    letters = max(int((room - LETTER) / WIDE_LETTER), 4)
    names = [" ".join(name.split()) for name in names]
    if all(len(name) <= SHORT for name in names):
        step = _step(names, room)
        return [[name] if place % step == 0 else [] for place, name in enumerate(names)]
    return [_broken(name, letters) for name in names]


def _broken(name: str, letters: int) -> list[str]:
    """The name in two lines at most, cropped where a word is too long."""
    lines = wrap(name, letters, max_lines=LINES, placeholder=ELLIPSIS, break_long_words=False)
    return [line if len(line) <= letters else line[: letters - 1] + ELLIPSIS for line in lines]


def _step(names: Sequence[str], room: float) -> int:
    """Every how many columns a name fits."""
    widest = (max(map(len, names), default=1) + 2) * WIDE_LETTER
    return max(1, -(-int(widest) // max(int(room), 1)))


def column_said(exhibit: Chart, names: list[str], place: int, words: Words) -> str:
    """`March 2026: E-mail 52%, Chat 21%`."""
    parts = [
        " ".join(filter(None, (row.name if len(exhibit.rows) > 1 else "", words.value(value, exhibit.unit))))
        for row in exhibit.rows
        if (value := row.values[place]) is not None
    ]
    young, over = is_young(exhibit, place), is_over(exhibit, place)
    name = words.dates.partly(names[place], over=over) if young else names[place]
    return said(name, parts or [words.language("no data")])


def said(name: str, parts: list[str]) -> str:
    """The text of one column or cell."""
    return f"{name}: {', '.join(parts)}"


def is_young(exhibit: Chart, place: int) -> bool:
    """Whether a column has not ended yet in any row."""
    return any(row.young[place] for row in exhibit.rows if row.young)

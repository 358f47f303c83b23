"""Trends in a terminal: how the metrics shown first went, with the line of their target."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from rich.cells import cell_len
from rich.text import Text

from cx_kpi.model.report import Point, Reading, Report
from cx_kpi.render.elements.report_view import Row, View
from cx_kpi.render.terminal.braille import labelled, level, plot
from cx_kpi.render.terminal.text_columns import broken, headlines
from cx_kpi.wording.units import Words, words_of

HEIGHT = 5
MOST = 8  # trends
LEAST = 3  # values that make a trend
WIDEST = 72  # cells of a plot
TARGET = "┈"
USUAL = "░"
EMPTY = "\u2800"  # of braille


def trend_lines(report: Report, shown: View, width: int) -> Iterator[Text]:
    """A plot for each metric that is shown first or spoken of and has a past; where none is, for those with a target."""
    words = words_of(report)
    rows = [row for row in _first(report, shown) if sum(value is not None for value in row.history) >= LEAST]
    if rows:
        yield from headlines(words.language("Trends"), (), width, width)
    for row in rows[:MOST]:
        yield from _trend(row, report, words, width)


def _first(report: Report, shown: View) -> list[Row]:
    rows = {row.id: row for group in shown.groups for row in group.rows}
    names = [*chain.from_iterable(headline.metrics for headline in report.headlines)]
    names += [story.metric for story in shown.stories if story.metric]
    return [rows[name] for name in dict.fromkeys(names or _with_target(rows, report)) if name in rows]


def _with_target(rows: Iterable[str], report: Report) -> list[str]:
    return [name for name in rows if report.metrics[name].target]


def _trend(row: Row, report: Report, words: Words, width: int) -> Iterator[Text]:
    reading = report.metrics[row.id]
    points = full_points(report, row.id)
    low, high = _ends(row, reading, points)
    currency = reading.details.get("currency", "")
    ends = {value: words.value(value, reading.unit, currency) for value in (high, low)}
    labels = labelled(ends, HEIGHT)
    edge = max(map(cell_len, ends.values()))
    room = min(width - edge - 3, WIDEST)
    target = words.language("target {goal}", goal=row.target) if row.target else ""
    yield Text.assemble((row.title, "bold"), (f"  {target}", "dim"))
    aim = level(reading.target.value, low, high, HEIGHT) if reading.target else None
    bands = [_band(points, column / (room - 1), low, high) for column in range(room)]
    for place, line in enumerate(plot(row.history, low, high, room, HEIGHT)):
        label = labels.get(place, "")
        text = Text(" " * (edge - cell_len(label)) + f"{label} ┤", "dim")
        yield text + _with_lines(line, [place in band for band in bands], place == aim)
    margin = " " * (edge + 2)
    yield Text(_spanned(margin, _names(report, words), room), "dim")
    yield from _key(margin, points, reading, words, width)


def full_points(report: Report, metric: str) -> list[Point | None]:
    """A metric in every full period of the series, in order of time; None where it has none."""
    found = {point.start: point for point in report.series if point.metric == metric}
    starts = sorted({point.start for point in report.series if not point.partial})
    return [found.get(start) for start in starts]


def _ends(row: Row, reading: Reading, points: Sequence[Point | None]) -> tuple[float, float]:
    """The least and the greatest value that is drawn."""
    ends = [value for value in row.history if value is not None]
    ends += [reading.target.value] if reading.target else []
    ends += [end for point in points if point and point.usual for end in (point.usual.low, point.usual.high)]
    return min(ends), max(ends)


def _band(points: Sequence[Point | None], across: float, low: float, high: float) -> range:
    """The rows of a plot that the usual range covers, so far across it."""
    point = points[round(across * (len(points) - 1))] if points else None
    if point is None or point.usual is None:
        return range(0)
    top, bottom = (level(end, low, high, HEIGHT) for end in (point.usual.high, point.usual.low))
    return range(top, bottom + 1)


def _with_lines(line: str, usual: Sequence[bool], target: bool) -> Text:
    """The line of a plot; where nothing else is drawn, that of the target, and the usual range."""
    text = Text()
    for char, inside in zip(line, usual, strict=True):
        blank = TARGET if target else USUAL if inside else " "
        text.append(blank if char == EMPTY else char, "dim" if char == EMPTY else "cyan")
    return text


def _names(report: Report, words: Words) -> tuple[str, str]:
    """The names of the first and the last full period."""
    starts = sorted({point.start for point in report.series if not point.partial})
    grain = report.window.grain if report.window else "month"
    return words.dates.period(starts[0], grain), words.dates.period(starts[-1], grain)


def _spanned(margin: str, span: Iterable[str], room: int) -> str:
    first, last = span
    return margin + first + last.rjust(room - cell_len(first))


def _key(
    margin: str, points: Sequence[Point | None], reading: Reading, words: Words, width: int
) -> Iterator[Text]:
    """What is shaded, and the points outside it by name."""
    if not any(point and point.usual for point in points):
        return
    currency = reading.details.get("currency", "")
    outside = [
        f"{words.dates.short(point.start, point.end)} {words.value(point.value, reading.unit, currency)}"
        for point in points
        if point and point.outside
    ]
    usual = words.language("the usual range")
    named = words.language("outside it: {periods}", periods=", ".join(outside)) if outside else ""
    text = "; ".join(filter(None, (f"{USUAL} {usual}", named)))
    for line in broken(text, width - len(margin)):
        yield Text(margin + line, "dim")

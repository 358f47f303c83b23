"""Trends in a terminal: how the metrics shown first went, with the line of their target."""

from collections.abc import Iterable, Iterator

from rich.cells import cell_len
from rich.text import Text

from cx_kpi.model.report import Reading, Report
from cx_kpi.render.elements.report_view import Row, View
from cx_kpi.render.terminal.braille import level, plot
from cx_kpi.render.terminal.text_columns import headlines
from cx_kpi.wording.units import Words, words_of

HEIGHT = 5
MOST = 8  # trends
LEAST = 3  # values that make a trend
WIDEST = 72  # cells of a plot
TARGET = "┈"


def trend_lines(report: Report, shown: View, width: int) -> Iterator[Text]:
    """A plot for each metric that is shown first and has a past; where none is, for those with a target."""
    words = words_of(report)
    rows = [row for row in _first(report, shown) if sum(value is not None for value in row.history) >= LEAST]
    if rows:
        yield from headlines(words.language("Trends"), (), width, width)
    for row in rows[:MOST]:
        yield from _trend(row, report.metrics[row.id], _span(report, words), words, width)


def _first(report: Report, shown: View) -> list[Row]:
    rows = {row.id: row for group in shown.groups for row in group.rows}
    names = [name for headline in report.headlines for name in headline.metrics]
    judged = [name for name in rows if report.metrics[name].target]
    return [rows[name] for name in names or judged if name in rows]


def _span(report: Report, words: Words) -> tuple[str, str]:
    """The names of the first and the last full period."""
    starts = sorted({point.start for point in report.series if not point.partial})
    grain = report.window.grain if report.window else "month"
    return words.dates.period(starts[0], grain), words.dates.period(starts[-1], grain)


def _trend(row: Row, reading: Reading, span: tuple[str, str], words: Words, width: int) -> Iterator[Text]:
    ends = [value for value in row.history if value is not None]
    ends += [reading.target.value] if reading.target else []
    low, high = min(ends), max(ends)
    labels = [words.value(value, reading.unit, reading.details.get("currency", "")) for value in (high, low)]
    edge = max(map(cell_len, labels))
    room = min(width - edge - 3, WIDEST)
    target = words.language("target {goal}", goal=row.target) if row.target else ""
    yield Text.assemble((row.title, "bold"), (f"  {target}", "dim"))
    aim = level(reading.target.value, low, high, HEIGHT) if reading.target else None
    for place, line in enumerate(plot(row.history, low, high, room, HEIGHT)):
        label = {0: labels[0], HEIGHT - 1: labels[1]}.get(place, "")
        text = Text(" " * (edge - cell_len(label)) + f"{label} ┤", "dim")
        yield text + _with_target(line, place == aim)
    yield Text(_ends(" " * (edge + 2), span, room), "dim")


def _with_target(line: str, here: bool) -> Text:
    """The line of a plot, and the target's where nothing else is drawn."""
    text = Text()
    for char in line:
        blank = char == "\u2800"
        text.append(TARGET if blank and here else " " if blank else char, "dim" if blank else "cyan")
    return text


def _ends(margin: str, span: Iterable[str], room: int) -> str:
    first, last = span
    return margin + first + last.rjust(room - cell_len(first))

"""Trends in a terminal: how the judged metrics went, with the line of their target."""

from collections.abc import Iterable, Iterator
from itertools import islice

from rich.cells import cell_len
from rich.text import Text

from cx_kpi.render.braille import level, plot
from cx_kpi.render.layout import headlines
from cx_kpi.render.view import Row, View
from cx_kpi.report import Reading, Report
from cx_kpi.words import Words, words_of

HEIGHT = 5
MOST = 8  # trends
LEAST = 3  # values that make a trend
WIDEST = 72  # cells of a plot
TARGET = "┈"


def trend_lines(report: Report, shown: View, width: int) -> Iterator[Text]:
    """A plot for each of the first metrics that have a target and a past."""
    words = words_of(report)
    rows = [row for group in shown.groups for row in group.rows if _is_worth(row, report)]
    if rows:
        yield from headlines(words.language("Trends"), (), width, width)
    for row in islice(rows, MOST):
        yield from _trend(row, report.metrics[row.id], _span(report, words), words, width)


def _is_worth(row: Row, report: Report) -> bool:
    known = [value for value in row.history if value is not None]
    return report.metrics[row.id].target is not None and len(known) >= LEAST


def _span(report: Report, words: Words) -> tuple[str, str]:
    """The names of the first and the last full period."""
    starts = sorted({point.start for point in report.series if not point.partial})
    grain = report.window.grain if report.window else "month"
    return words.dates.period(starts[0], grain), words.dates.period(starts[-1], grain)


def _trend(row: Row, reading: Reading, span: tuple[str, str], words: Words, width: int) -> Iterator[Text]:
    known = [value for value in row.history if value is not None]
    goal = reading.target.value if reading.target else known[-1]
    low, high = min(*known, goal), max(*known, goal)
    currency = reading.details.get("currency", "")
    labels = [words.value(value, reading.unit, currency) for value in (high, low)]
    edge = max(map(cell_len, labels))
    room = min(width - edge - 3, WIDEST)
    yield Text.assemble((row.title, "bold"), (f"  {words.language('target {goal}', goal=row.target)}", "dim"))
    drawn = plot(row.history, low, high, room, HEIGHT)
    aim = level(goal, low, high, HEIGHT)
    for place, line in enumerate(drawn):
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

"""Metrics by period, a row each."""

from collections.abc import Iterable

from cx_kpi.model.report import Point, Reading, Report
from cx_kpi.render.elements.reading_words import period_name
from cx_kpi.render.elements.report_view import View
from cx_kpi.render.xlsx import paper
from cx_kpi.render.xlsx.book import GREY, RIGHT, Book, Column, Shape
from cx_kpi.render.xlsx.number_formats import figure
from cx_kpi.render.xlsx.paper import Sheet
from cx_kpi.wording.units import Words, words_of

NAME, VALUE = 40, 10.8  # characters of a column: nine periods on a page that stands upright
ODD = {"bold": True, "bg_color": "#FBF0D9"}


def periods(book: Book, report: Report, _shown: View) -> None:
    """The sheet of periods; none where there is no series."""
    rows = _rows(report)
    if not rows or report.window is None:
        return
    starts = _starts(report)
    names = [period_name(point, report.window, words_of(report)) for point in starts.values()]
    columns = [Column(book.language("Metric"), NAME), *(Column(name, VALUE, RIGHT) for name in names)]
    sheet = book.sheet(_title(book))
    book.heads(sheet, 0, columns)
    sheet.freeze_panes(1, 1)
    paper.repeat(sheet, 0)
    book.fit(sheet, [column.width for column in columns])
    for row, group in _bands(report).items():
        book.band(sheet, row, report.groups.get(group, ""), len(columns))
    for row, (metric, points) in rows.items():
        _values(book, sheet, row, report.metrics[metric], points, starts)
    if any(point.outside for point in report.series):
        book.put(sheet, max(rows) + 1, 0, book.language("Shaded: outside the usual range"), {"italic": True})


def _values(
    book: Book, sheet: Sheet, row: int, reading: Reading, points: Iterable[Point], starts: Iterable[str]
) -> None:
    book.name(sheet, row, reading.title, NAME)
    words, found = Words(book.language), {point.start: point for point in points}
    for place, start in enumerate(starts, 1):
        value = figure(found[start], reading, words) if start in found else ""
        book.put(sheet, row, place, value, _shape(found[start]) if value else {})


def _shape(point: Point) -> Shape:
    early = {"italic": True, **GREY} if point.partial else {}
    return {**RIGHT, **early, **(ODD if point.outside else {})}


def _title(book: Book) -> str:
    return book.language("By period")


def _points(report: Report) -> dict[str, list[Point]]:
    """The points of each metric that has some, by group, in the order of the report."""
    points: dict[str, list[Point]] = {
        metric: []
        for group in report.groups
        for metric, reading in report.metrics.items()
        if reading.group == group
    }
    for point in report.series:
        if point.metric in points:
            points[point.metric].append(point)
    return {metric: found for metric, found in points.items() if found}


def _rows(report: Report) -> dict[int, tuple[str, list[Point]]]:
    """The metrics by the row they are in: each group begins with a row for its title."""
    rows, group, row = {}, "", 0
    for metric, points in _points(report).items():
        row += 1 + (report.metrics[metric].group != group)
        group = report.metrics[metric].group
        rows[row] = (metric, points)
    return rows


def _bands(report: Report) -> dict[int, str]:
    """The groups by the row of their title."""
    bands: dict[str, int] = {}
    for row, (metric, _) in _rows(report).items():
        bands.setdefault(report.metrics[metric].group, row - 1)
    return {row: group for group, row in bands.items()}


def _starts(report: Report) -> dict[str, Point]:
    """One point of each period, in the order of time."""
    return {point.start: point for point in sorted(report.series, key=lambda point: point.start)}

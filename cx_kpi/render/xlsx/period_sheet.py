"""Metrics by period, a row each: for people, and for the sparklines of the summary."""

from cx_kpi.model.report import Point, Reading, Report
from cx_kpi.model.values import Unit
from cx_kpi.render.elements.reading_fields import signs
from cx_kpi.render.elements.report_view import View
from cx_kpi.render.xlsx.book import NUMBERS, Book, Column, Shape
from cx_kpi.wording.units import words_of


def periods(book: Book, report: Report, _shown: View) -> None:
    """The sheet of periods; none where there is no series."""
    rows = _rows(report)
    if not rows or report.window is None:
        return
    names = [_name(book, point, report) for point in _starts(report).values()]
    sheet = book.table(_title(book), [Column(book.language("Metric"), 42), *(Column(name) for name in names)])
    sheet.freeze_panes(1, 1)
    places = {start: place for place, start in enumerate(_starts(report), 1)}
    for row, (metric, points) in enumerate(rows.items(), 1):
        reading = report.metrics[metric]
        book.put(sheet, row, 0, reading.title)
        for point in points:
            shape = {**_shape(point), **signed(point, reading.unit)}
            book.put(sheet, row, places[point.start], point.value, reading.unit, shape=shape)
    if any(point.outside for point in report.series):
        book.put(
            sheet, len(rows) + 2, 0, book.language("Shaded: outside the usual range"), shape={"italic": True}
        )


def _shape(point: Point) -> Shape:
    early = {"italic": True, "font_color": "#5A636E"} if point.partial else {}
    odd = {"bold": True, "bg_color": "#FBF0D9"} if point.outside else {}
    return {**early, **odd}


def signed(read: Point | Reading, unit: Unit) -> Shape:
    """A number with the signs of its fields: `≥ 243`."""
    lead = signs(read)
    return {"num_format": f'"{lead} "{NUMBERS.get(unit, "General")}'} if lead else {}


def history_ranges(book: Book, report: Report) -> dict[str, str]:
    """Where on that sheet the full periods of each metric are, for those with two numbers or more."""
    from xlsxwriter.utility import xl_range  # type: ignore[import-untyped]

    places = [place for place, point in enumerate(_starts(report).values(), 1) if not point.partial]
    return {
        metric: f"'{_title(book)}'!{xl_range(row, places[0], row, places[-1])}"
        for row, (metric, points) in enumerate(_rows(report).items(), 1)
        if places and sum(isinstance(point.value, int | float) for point in points) > 1
    }


def _title(book: Book) -> str:
    return book.language("By period")


def _rows(report: Report) -> dict[str, list[Point]]:
    """The points of each metric, in the order of the report."""
    rows: dict[str, list[Point]] = {metric: [] for metric in report.metrics}
    for point in report.series:
        if point.metric in rows:
            rows[point.metric].append(point)
    return {metric: points for metric, points in rows.items() if points}


def _starts(report: Report) -> dict[str, Point]:
    """One point of each period, in the order of time."""
    return {point.start: point for point in sorted(report.series, key=lambda point: point.start)}


def _name(book: Book, point: Point, report: Report) -> str:
    grain = report.window.grain if report.window else "month"
    name = words_of(report).dates.period(point.start, grain)
    return book.language("{period} (so far)", period=name) if point.partial else name

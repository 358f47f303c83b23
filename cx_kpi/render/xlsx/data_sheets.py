"""The data sheets: a line for each value of a period or a segment, in the units of the JSON."""

from collections.abc import Iterable
from typing import Any

from cx_kpi.model.report import Point, Report, Segment
from cx_kpi.render.elements.report_view import View
from cx_kpi.render.xlsx.book import Book, Column

Line = list[Any]
METRIC = (Column("metric", 28), Column("title", 36), Column("unit", 10))
READ = (
    Column("value", 14),
    Column("n", 10),
    Column("low", 12),
    Column("high", 12),
    Column("operator", 9),
    Column("target", 12),
    Column("status", 14),
)


def series(book: Book, report: Report, _shown: View) -> None:
    """Every metric in every period."""
    columns = [*METRIC, Column("start", 12), Column("end", 12), Column("partial", 9), *READ]
    points = ([*_named(report, each.metric), each.start, each.end, each.partial] for each in report.series)
    _write(book, book.language("Series"), columns, points, report.series)


def segments(book: Book, report: Report, _shown: View) -> None:
    """Every metric in every segment, a column for each dimension."""
    dimensions = list(dict.fromkeys(name for each in report.segments for name in each.by))
    columns = [*METRIC, *(Column(name, 16) for name in dimensions), *READ]
    lines = (
        [*_named(report, each.metric), *(each.by.get(name) for name in dimensions)]
        for each in report.segments
    )
    _write(book, book.language("Segments"), columns, lines, report.segments)


def _named(report: Report, metric: str) -> Line:
    reading = report.metrics.get(metric)
    return [metric, reading.title if reading else "", str(reading.unit) if reading else ""]


def _write(
    book: Book, name: str, columns: list[Column], lines: Iterable[Line], reads: Iterable[Point | Segment]
) -> None:
    sheet = book.table(name, columns)
    for row, (line, each) in enumerate(zip(lines, reads, strict=True), 1):
        for place, value in enumerate([*line, *_read(each)]):
            book.put(sheet, row, place, value)


def _read(each: Point | Segment) -> Line:
    low, high = each.interval or (None, None)
    target = [each.target.operator, each.target.value] if each.target else [None, None]
    return [each.value, each.n, low, high, *target, str(each.status) if each.status else None]

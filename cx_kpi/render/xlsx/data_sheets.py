"""The data sheets: a line for each value of a period or a segment, in the units of the JSON."""

from collections.abc import Iterable, Sequence
from typing import Any

from cx_kpi.model.report import Point, Report, Segment
from cx_kpi.render.elements.reading_columns import cells, columns
from cx_kpi.render.elements.reading_fields import Place
from cx_kpi.render.elements.report_view import View
from cx_kpi.render.xlsx.book import Book, Column

Line = list[Any]
METRIC = (Column("metric", 28), Column("title", 36), Column("unit", 10))


def series(book: Book, report: Report, _shown: View) -> None:
    """Every metric in every period."""
    lines = (_named(report, each.metric) for each in report.series)
    _write(book, book.language("Series"), METRIC, lines, report.series, Point)


def segments(book: Book, report: Report, _shown: View) -> None:
    """Every metric in every segment, a column for each dimension."""
    dimensions = list(dict.fromkeys(name for each in report.segments for name in each.by))
    heads = [*METRIC, *(Column(name, 16) for name in dimensions)]
    lines = (
        [*_named(report, each.metric), *(each.by.get(name) for name in dimensions)]
        for each in report.segments
    )
    _write(book, book.language("Segments"), heads, lines, report.segments, Segment)


def _named(report: Report, metric: str) -> Line:
    reading = report.metrics.get(metric)
    return [metric, reading.title if reading else "", str(reading.unit) if reading else ""]


def _write(
    book: Book,
    name: str,
    heads: Sequence[Column],
    lines: Iterable[Line],
    reads: Sequence[Point | Segment],
    kind: type,
) -> None:
    every = columns([kind, *map(type, reads)], Place.DATA)
    sheet = book.table(name, [*heads, *(Column(*each) for each in every.items())])
    sheet.hide()
    for row, (line, each) in enumerate(zip(lines, reads, strict=True), 1):
        found = cells(each, Place.DATA)
        for place, value in enumerate([*line, *(found.get(column) for column in every)]):
            book.put(sheet, row, place, value)

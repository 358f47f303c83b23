"""Metrics by segment, a column for each segment: for people."""

from cx_kpi.model.report import Report, Segment
from cx_kpi.model.values import Status
from cx_kpi.render.elements.report_view import View
from cx_kpi.render.view.cut_tables import Arranged, arranged, as_segment, segment_cell
from cx_kpi.render.xlsx import paper
from cx_kpi.render.xlsx.book import RIGHT, Book, Column
from cx_kpi.render.xlsx.metric_sheet import ATTENTION
from cx_kpi.render.xlsx.number_formats import figure
from cx_kpi.render.xlsx.paper import Sheet
from cx_kpi.wording.units import words_of

NAME, VALUE = 40, 14  # characters of a column


def by_segment(book: Book, report: Report, _shown: View) -> None:
    """The sheet of segments; none where nothing is cut."""
    cuts = arranged(report, words_of(report))
    if not cuts:
        return
    sheet, row = book.sheet(book.language("By segment")), 0
    for cut in cuts:
        row = _cut(book, sheet, row, report, cut)
    paper.repeat(sheet, 0)
    book.fit(sheet, [NAME, *[VALUE] * (max(len(cut.across) for cut in cuts) + 1)])
    sheet.freeze_panes(0, 1)


def _cut(book: Book, sheet: Sheet, row: int, report: Report, cut: Arranged) -> int:
    """One cut from this row on; gives the row of the next one."""
    book.heads(
        sheet,
        row,
        [
            Column(cut.title, NAME),
            *(Column(name, VALUE, RIGHT) for name in (*cut.across.values(), book.language("together"))),
        ],
    )
    for group, titles in cut.down.items():
        row += 1
        book.band(sheet, row, report.groups[group], len(cut.across) + 2)
        for metric, title in titles.items():
            row += 1
            book.name(sheet, row, title, NAME)
            for place, key in enumerate(cut.across, 1):
                _cell(book, sheet, (row, place), report, cut.found.get((metric, key)))
            whole = as_segment(report.metrics[metric], metric)
            _cell(book, sheet, (row, len(cut.across) + 1), report, whole)
    return row + 2


def _cell(book: Book, sheet: Sheet, place: tuple[int, int], report: Report, segment: Segment | None) -> None:
    if segment is None:
        return
    reading, words = report.metrics[segment.metric], words_of(report)
    value = figure(segment, reading, words) or segment_cell(segment, reading, words).text
    missed = ATTENTION if segment.status is Status.MISSED else {}
    book.put(sheet, *place, value, {**RIGHT, **missed})

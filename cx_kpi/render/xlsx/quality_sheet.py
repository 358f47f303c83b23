"""Where the figures come from: files, notices, and what was left out."""

from cx_kpi.model.report import Report
from cx_kpi.model.values import Unit
from cx_kpi.render.elements.labels import TABLE
from cx_kpi.render.elements.report_view import View
from cx_kpi.render.view.notice_order import few, in_order
from cx_kpi.render.xlsx.book import GREY, HEAD, RIGHT, WRAP, Book
from cx_kpi.render.xlsx.number_formats import Figure
from cx_kpi.render.xlsx.paper import Sheet

WIDTHS = (36, 24, 26, 16, 16, 16, 16)
LAST = len(WIDTHS) - 1
FIGURES = 3  # the first column of numbers
TEXTS = (1, LAST - 1)  # the columns of a message
WIDE = sum(WIDTHS[1:LAST])


def quality(book: Book, report: Report, shown: View) -> None:
    """The sheet of data quality."""
    _ = book.language
    sheet = book.sheet(_("Data quality"))
    for place, width in enumerate(WIDTHS):
        sheet.set_column(place, place, width)
    row = _block(book, sheet, 0, shown.sources.heads)
    for source in report.sources:
        words = [source.path, _(TABLE.get(source.table, source.table)), source.preset]
        numbers = [source.rows, source.used, source.set_aside, source.filtered]
        for place, value in enumerate([*words, *(Figure(each, Unit.COUNT) for each in numbers)]):
            book.put(sheet, row, place, value, WRAP)
        row += 1
    row = _notices(book, sheet, row, report, shown)
    if shown.left_out:
        row = _block(book, sheet, row + 1, [_("Left out"), _("Why"), *[""] * (LAST - 1)])
    for reason in shown.left_out:
        book.paragraph(sheet, row, (1, LAST), reason.why, WIDE)
        for title in reason.titles:
            book.put(sheet, row, 0, title, WRAP)
            row += 1
    said = _("The hidden sheets hold every value of a period and a segment, in the units of the JSON.")
    book.put(sheet, row + 1, 0, said, GREY)


def _notices(book: Book, sheet: Sheet, row: int, report: Report, shown: View) -> int:
    _ = book.language
    row = _block(book, sheet, row + 1, [_("Notices"), *[""] * (LAST - 1), _("Rows")])
    counts = [notice.rows for notice in few(in_order(report.notices))]
    for place, remark in enumerate(shown.remarks):
        book.put(sheet, row, 0, ", ".join(filter(None, (remark.level, remark.table))), WRAP)
        book.paragraph(sheet, row, TEXTS, remark.text, WIDE)
        rows = counts[place] if place < len(counts) else None
        if rows is not None:
            book.put(sheet, row, LAST, Figure(rows, Unit.COUNT), WRAP)
        row += 1
    return row


def _block(book: Book, sheet: Sheet, row: int, heads: list[str]) -> int:
    """A row of heads; gives the row after it."""
    for place, head in enumerate(heads):
        book.put(sheet, row, place, head, {**HEAD, **(RIGHT if place >= FIGURES else {})})
    return row + 1

"""Where the figures come from: files, notices, and what was left out."""

from cx_kpi.model.report import Report
from cx_kpi.model.values import Unit
from cx_kpi.render.elements.report_view import View
from cx_kpi.render.xlsx.book import HEAD, Book, Sheet

WIDTHS = (44, 20, 28, 14, 14, 14, 14)
WRAP = {"text_wrap": True, "valign": "top"}


def quality(book: Book, report: Report, shown: View) -> None:
    """The sheet of data quality."""
    _ = book.language
    sheet = book.sheet(_("Data quality"))
    for place, width in enumerate(WIDTHS):
        sheet.set_column(place, place, width)
    row = _block(book, sheet, 0, shown.sources.heads)
    for source in report.sources:
        words = [source.path, source.table, source.preset]
        numbers = [source.rows, source.used, source.set_aside, source.filtered]
        for place, value in enumerate([*words, *numbers]):
            book.put(sheet, row, place, value, Unit.COUNT)
        row += 1
    row = _block(book, sheet, row + 1, [_("Notices"), _("Table"), "", _("Rows")])
    for remark, notice in zip(shown.remarks, report.notices, strict=True):
        for place, text in enumerate([remark.text, remark.table, remark.level]):
            book.put(sheet, row, place, text, shape=WRAP)
        book.put(sheet, row, 3, notice.rows, Unit.COUNT)
        row += 1
    row = _block(book, sheet, row + 1, [_("Left out"), "", _("Why")])
    for reason in shown.left_out:
        for title in reason.titles:
            book.put(sheet, row, 0, title, shape=WRAP)
            book.put(sheet, row, 2, reason.why)
            row += 1


def _block(book: Book, sheet: Sheet, row: int, heads: list[str]) -> int:
    """A row of heads; gives the row after it."""
    for place, head in enumerate(heads):
        book.put(sheet, row, place, head, shape=HEAD)
    return row + 1

"""What each figure means, and the formula it was computed by."""

from cx_kpi.model.report import Reading, Report
from cx_kpi.render.elements.labels import BETTER, COHORT, UNIT
from cx_kpi.render.elements.report_view import View
from cx_kpi.render.xlsx.book import WRAP, Book, Column

PRINTED = 3  # the first columns: what a reader on paper needs


def definitions(book: Book, report: Report, _shown: View) -> None:
    """The sheet of definitions."""
    _ = book.language
    columns = [
        Column(_("Metric"), 40),
        Column(_("Definition"), 102),
        Column(_("Formula"), 70),
        Column("id", 28),
        Column(_("Here"), 36),
        Column(_("Unit"), 18),
        Column(_("Direction"), 22),
        Column(_("Counts"), 34),
    ]
    sheet = book.table(_("Definitions"), columns)
    for row, (metric, reading) in enumerate(report.metrics.items(), 1):
        words = _words(book, metric, reading)
        for place, value in enumerate(words):
            book.put(sheet, row, place, value, WRAP)
        book.high(
            sheet, row, [(text, each.width) for text, each in zip(words, columns, strict=True)][:PRINTED]
        )
    book.fit(sheet, [column.width for column in columns[:PRINTED]])
    sheet.print_area(0, 0, max(1, len(report.metrics)), PRINTED - 1)


def _words(book: Book, metric: str, reading: Reading) -> list[str]:
    _ = book.language
    return [
        reading.title,
        reading.about,
        reading.formula,
        metric,
        reading.worked or "",
        _(UNIT[reading.unit]),
        _(BETTER[reading.better]),
        _(COHORT.get(reading.cohort, reading.cohort)),
    ]

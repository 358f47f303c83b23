"""What each figure means, and the formula it was computed by."""

from cx_kpi.model.report import Reading, Report
from cx_kpi.render.elements.labels import BETTER, COHORT, UNIT
from cx_kpi.render.elements.report_view import View
from cx_kpi.render.xlsx.book import Book, Column

WRAP = {"text_wrap": True, "valign": "top"}


def definitions(book: Book, report: Report, _shown: View) -> None:
    """The sheet of definitions."""
    _ = book.language
    columns = [
        Column(_("Metric"), 34),
        Column("id", 28),
        Column(_("Definition"), 60),
        Column(_("Formula"), 44),
        Column(_("Here"), 36),
        Column(_("Unit"), 18),
        Column(_("Direction"), 22),
        Column(_("Counts"), 34),
    ]
    sheet = book.table(_("Definitions"), columns)
    for row, (metric, reading) in enumerate(report.metrics.items(), 1):
        for place, value in enumerate(_words(book, metric, reading)):
            book.put(sheet, row, place, value, shape=WRAP)


def _words(book: Book, metric: str, reading: Reading) -> list[str]:
    _ = book.language
    return [
        reading.title,
        metric,
        reading.about,
        reading.formula,
        reading.worked or "",
        _(UNIT[reading.unit]),
        _(BETTER[reading.better]),
        _(COHORT.get(reading.cohort, reading.cohort)),
    ]

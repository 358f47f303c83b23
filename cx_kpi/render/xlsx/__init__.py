"""The report as a workbook: a summary, periods, pictures with charts, and the data sheets."""

from io import BytesIO

from cx_kpi.language import Language
from cx_kpi.options import Look
from cx_kpi.render.present import view
from cx_kpi.render.safe import cleaned
from cx_kpi.render.xlsx.book import Book
from cx_kpi.render.xlsx.data import segments, series
from cx_kpi.render.xlsx.definitions import definitions
from cx_kpi.render.xlsx.exhibits import exhibits
from cx_kpi.render.xlsx.periods import periods
from cx_kpi.render.xlsx.quality import quality
from cx_kpi.render.xlsx.summary import summary
from cx_kpi.report import Report


def render(report: Report, look: Look | None = None) -> bytes:
    """The report as the bytes of an XLSX file."""
    out = BytesIO()
    shown, report = view(report, look), cleaned(report)
    book = Book(out, Language(report.language), shown.title)
    summary(book, report, shown)
    for sheet in (periods, exhibits, series, segments, quality, definitions):
        sheet(book, report, shown)
    book.close()
    return out.getvalue()

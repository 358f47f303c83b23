"""The report as a workbook: a summary, periods, pictures with charts, and the data sheets."""

from io import BytesIO

from cx_kpi.model.options import Look
from cx_kpi.model.report import Report
from cx_kpi.render.elements.sanitise import cleaned
from cx_kpi.render.view.present import view
from cx_kpi.render.xlsx.book import Book
from cx_kpi.render.xlsx.chart_sheets import exhibits
from cx_kpi.render.xlsx.data_sheets import segments, series
from cx_kpi.render.xlsx.definition_sheet import definitions
from cx_kpi.render.xlsx.period_sheet import periods
from cx_kpi.render.xlsx.quality_sheet import quality
from cx_kpi.render.xlsx.summary_sheet import summary
from cx_kpi.wording.language import Language


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

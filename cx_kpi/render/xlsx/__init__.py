"""The report as a workbook: sheets to read and to print in the order of the page, and hidden ones with the data."""

from io import BytesIO

from cx_kpi.model.options import Look
from cx_kpi.model.report import Report
from cx_kpi.render.elements.page_size import for_page
from cx_kpi.render.elements.sanitise import cleaned
from cx_kpi.render.view.present import view
from cx_kpi.render.xlsx.book import Book
from cx_kpi.render.xlsx.chart_sheets import exhibits
from cx_kpi.render.xlsx.data_sheets import segments, series
from cx_kpi.render.xlsx.definition_sheet import definitions
from cx_kpi.render.xlsx.metric_sheet import metrics
from cx_kpi.render.xlsx.period_sheet import periods
from cx_kpi.render.xlsx.quality_sheet import quality
from cx_kpi.render.xlsx.segment_sheet import by_segment
from cx_kpi.render.xlsx.summary_sheet import summary
from cx_kpi.wording.language import Language

READ = (summary, metrics, exhibits, periods, by_segment, quality, definitions)
HIDDEN = (series, segments)  # whole, for calculations: nothing to print


def render(report: Report, look: Look | None = None) -> bytes:
    """The report as the bytes of an XLSX file."""
    out = BytesIO()
    whole = cleaned(report)
    paged = for_page(whole)
    shown = view(paged, look)
    book = Book(out, Language(report.language), shown.title)
    for sheet in READ:
        sheet(book, paged, shown)
    for sheet in HIDDEN:
        sheet(book, whole, shown)
    book.close()
    return out.getvalue()

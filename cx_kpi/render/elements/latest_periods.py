"""Pages show the latest periods, as many as can be read: all of them are in the data outputs."""

from dataclasses import replace

from cx_kpi.model.report import Notice, Report
from cx_kpi.model.values import Level
from cx_kpi.wording.language import Language, mark

_POINTS = 4_000  # figures of periods on one page
_LEAST = 60  # periods, of however many metrics
FOLDED = mark(
    "Shown here are the latest {shown} of {whole} periods; all of them are in the JSON, CSV and XLSX outputs."
)


def with_latest_periods(report: Report) -> Report:
    """The report with no more periods than a page can show, and a notice of those that it leaves out."""
    starts = sorted({each.start for each in report.series})
    most = max(_LEAST, _POINTS // max(1, len(report.metrics)))
    if len(starts) <= most:
        return report
    first = starts[-most]
    message = Language(report.language)(FOLDED, shown=f"{most:,}", whole=f"{len(starts):,}")
    return replace(
        report,
        series=[each for each in report.series if each.start >= first],
        notices=[*report.notices, Notice(Level.INFO, "periods_folded", message)],
    )

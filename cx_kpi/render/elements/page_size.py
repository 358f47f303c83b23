"""Pages show the latest periods and the largest segments, as many as can be read: all are in the data outputs."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import compress

from cx_kpi.model.chart_data import Axis, Chart
from cx_kpi.model.report import Notice, Report, Segment
from cx_kpi.model.values import Level
from cx_kpi.wording.language import Language, mark

_POINTS = 4_000  # figures of periods on one page
_LEAST = 60  # periods, of however many metrics
_PARTS = 6_000  # figures of segments on one page
_FEWEST = 20  # segments of a cut, of however many metrics
FOLDED = mark(
    "Shown here are the latest {shown} of {whole} periods; all of them are in the JSON, CSV and XLSX outputs."
)
UNCUT = mark(
    "Shown here are the {shown} largest of {whole} segments of a cut; all of them are in the JSON, CSV and "
    "XLSX outputs."
)
Values = tuple[str | None, ...]


def for_page(report: Report) -> Report:
    """The report with no more periods and segments than a page can show, and a notice of what it leaves out."""
    return _with_largest_segments(_with_latest_periods(report))


def _with_latest_periods(report: Report) -> Report:
    starts = sorted({each.start for each in report.series})
    most = max(_LEAST, _POINTS // max(1, len(report.metrics)))
    if len(starts) <= most:
        return report
    first = starts[-most]
    message = Language(report.language)(FOLDED, shown=f"{most:,}", whole=f"{len(starts):,}")
    return replace(
        report,
        series=[each for each in report.series if each.start >= first],
        exhibits=[_latest(each, most) for each in report.exhibits],
        notices=[*report.notices, Notice(Level.INFO, "periods_folded", message)],
    )


def _latest(chart: Chart, most: int) -> Chart:
    if chart.axis is not Axis.PERIOD:
        return chart
    rows = [
        replace(row, values=row.values[-most:], n=row.n[-most:], young=row.young[-most:])
        for row in chart.rows
    ]
    return replace(chart, columns=chart.columns[-most:], rows=rows)


def _places(segments: Sequence[Segment]) -> list[tuple[Values, Values]]:
    """The dimensions and the values of each segment; metrics share the dicts that say them."""
    known = {id(each.by): each.by for each in segments}
    places = {key: (tuple(by), tuple(by.values())) for key, by in known.items()}
    return [places[id(each.by)] for each in segments]


def _with_largest_segments(report: Report) -> Report:
    places = _places(report.segments)
    sizes: dict[Values, Counter[Values]] = defaultdict(Counter)
    for (cut, values), each in zip(places, report.segments, strict=True):
        met = sizes[cut]
        if each.n > met.get(values, -1):
            met[values] = each.n
    most = max(_FEWEST, _PARTS // max(1, len(report.metrics) * len(sizes)))
    if all(len(met) <= most for met in sizes.values()):
        return report
    kept = {cut: {values for values, _ in met.most_common(most)} for cut, met in sizes.items()}
    whole = max(map(len, sizes.values()))
    message = Language(report.language)(UNCUT, shown=f"{most:,}", whole=f"{whole:,}")
    shown = [values in kept[cut] for cut, values in places]
    return replace(
        report,
        segments=[*compress(report.segments, shown)],
        notices=[*report.notices, Notice(Level.INFO, "segments_folded", message)],
    )

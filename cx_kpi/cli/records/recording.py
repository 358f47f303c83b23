"""What a run has to record: its readings of periods that are over, how they were counted, and their sums by day."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from cx_kpi.engine.aggregation.cells import OVERALL
from cx_kpi.engine.planning.definitions import definition
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.results import Results
from cx_kpi.engine.time.periods import name_of
from cx_kpi.engine.time.windows import Span as Dated
from cx_kpi.judge.statistics.series import Series
from cx_kpi.judge.verdicts.judged import Judged
from cx_kpi.judge.verdicts.recorded import Basis, basis_of
from cx_kpi.metrics.definition.metric import Cohort
from cx_kpi.model.documents.recorded_history import Dates
from cx_kpi.model.figures import LOWER_BOUND
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Options
from cx_kpi.model.report import Point, Reading, Report, Segment
from cx_kpi.model.sums import Sums
from cx_kpi.model.values import Value
from cx_kpi.render.files.json import rounded
from cx_kpi.render.files.readings import segment_name

DATED = (Cohort.CREATED, Cohort.EVENT)
WHOLE = ""  # the segment that is all rows
Row = tuple[Any, ...]  # of the table of readings, from the segment on


@dataclass(frozen=True, slots=True)
class Span:
    """One metric in one period: the whole first, then segments; `since` is the day from which rows are there for it."""

    start: str
    end: str
    period: str
    n: int
    since: str
    rows: list[Row]
    sums: Mapping[tuple[str, str], Sums] | None = (
        None  # by part and day, where the period is one that is judged
    )


@dataclass(frozen=True, slots=True)
class Metered:
    """A metric as it was counted, and its periods."""

    metric: str
    unit: str
    how: Mapping[str, Any]
    basis: Basis
    dated: bool  # whether its rows are dated in their period, so that those of an export that covers it are all there
    spans: list[Span]


@dataclass(frozen=True, slots=True)
class Recording:
    """All that one run records, and the moment of its data, in UTC."""

    as_of: str
    metrics: list[Metered]


def recording(
    report: Report, results: Results, own: Judged, begins: Mapping[str, datetime], options: Options
) -> Recording | None:
    """What a run records; None without dates. `own` is what the data itself says, `begins` the first date of each table."""
    windows = results.windows
    if windows is None:
        return None
    segments: dict[str, list[Segment]] = defaultdict(list)
    for each in report.segments:
        segments[each.metric].append(each)
    points: dict[str, list[Point]] = defaultdict(list)
    for point in report.series:
        points[point.metric].append(point)
    judged = own.series
    over = {(span.start.isoformat(), span.end.isoformat()) for span in own.spans}
    parts = {name: dict(_parts(each, own.spans)) for name, each in judged.items()}
    first = {table: at.astimezone(windows.zone).date() for table, at in begins.items()}
    found = []
    for job in _recorded(results, report):
        name = job.metric.id
        whole = results.figures.get(name, {}).get(OVERALL)
        dated = job.method.clock.cohort in DATED
        begin = first.get(job.method.clock.table)
        spans = _Spans(results, dated, judged.get(name), parts.get(name, {}), over, begin)
        found.append(
            Metered(
                metric=name,
                unit=report.metrics[name].unit.value,
                how=definition(job, whole, options, apart=name in results.apart),
                basis=basis_of(job, windows),
                dated=dated,
                spans=[
                    *spans.of_periods(points[name]),
                    *spans.of_window(report.metrics[name], segments[name]),
                ],
            )
        )
    moment = windows.as_of.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return Recording(moment, found)


def _recorded(results: Results, report: Report) -> Iterator[Job]:
    return (job for job in results.plan.jobs if job.metric.id in report.metrics and not job.aside)


def _parts(series: Series, spans: Sequence[Dated]) -> Iterator[tuple[tuple[str, str], Sums]]:
    """What is made of parts: the rows of each, on the first day of its period."""
    for span, named in zip(spans, series.parts, strict=False):
        yield from (((name, span.start.isoformat()), Sums(n, n, n)) for name, n in named.items())


@dataclass(frozen=True, slots=True)
class _Spans:
    """The periods of one metric that are over."""

    results: Results
    dated: bool
    series: Series | None
    parts: Mapping[tuple[str, str], Sums]
    judged: Collection[Dates]  # the periods by which changes are judged
    begin: date | None  # the first date of its table

    def of_periods(self, points: Sequence[Point]) -> Iterator[Span]:
        """Those of the series, save one that lacks what came before the data."""
        begins = self.series.begins if self.series else 0
        for point in points:
            over = not point.partial and date.fromisoformat(point.end).toordinal() > begins
            if over and not point.recorded:
                yield self._span(point.start, point.end, point.n, [_row(WHOLE, point)])

    def of_window(self, reading: Reading, segments: Sequence[Segment]) -> Iterator[Span]:
        """The window, where somebody chose it and it is over."""
        windows = self.results.windows
        if windows is None or not windows.rolling or windows.overall.partial:
            return
        start, end = windows.overall.start.isoformat(), windows.overall.end.isoformat()
        rows = [_row(segment_name(each.by), each) for each in segments]
        yield self._span(start, end, reading.n, [_row(WHOLE, reading), *rows])

    def _span(self, start: str, end: str, n: int, rows: list[Row]) -> Span:
        windows = self.results.windows
        begin = (self.begin or date.fromisoformat(start)).isoformat()
        month = windows.year_starts if windows else 1
        period = name_of(date.fromisoformat(start), date.fromisoformat(end), month)
        since = max(begin, start) if self.dated else begin
        return Span(start, end, period, n, since, rows, self._sums(start, end))

    def _sums(self, start: str, end: str) -> dict[tuple[str, str], Sums] | None:
        """What rows bring by part and day of a period; None of one that nothing is judged by."""
        if self.series is None or (start, end) not in self.judged:
            return None
        first, after = date.fromisoformat(start).toordinal(), date.fromisoformat(end).toordinal()
        inside = {place: sums for place, sums in self.parts.items() if start <= place[1] < end}
        return inside | {
            (part, date.fromordinal(day).isoformat()): sums
            for part, days in self.series.recorded().items()
            for day, sums in days.items()
            if first <= day < after
        }


def _row(segment: str, read: Reading | Point | Segment) -> Row:
    """A line of the table of readings."""
    number, text = _value(read.value)
    low, high = map(rounded, read.interval) if read.interval else (None, None)
    target = (read.target.operator, read.target.value) if read.target else (None, None)
    status = read.status.value if read.status else None
    return (segment, number, text, read.n, low, high, *target, status, bool(read.details.get(LOWER_BOUND)))


def _value(value: Value) -> tuple[float | None, str | None]:
    if isinstance(value, list):
        return None, ", ".join(value)
    if isinstance(value, str) or value is None:
        return None, value
    return (rounded(value) if isinstance(value, float) else value), None

"""Earlier periods out of a history: what judging takes of them, so that an export of a month is set against a year."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from math import floor

from cx_kpi.engine.aggregation.daily import quantity_of
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.time.judged_periods import JudgedPeriods, earlier, judged_periods
from cx_kpi.engine.time.periods import name_of
from cx_kpi.engine.time.windows import Span, Windows, midnight
from cx_kpi.judge.statistics.series import Series
from cx_kpi.model.documents.recorded_history import Dates, Past, PastMetric, Recorded
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.sums import Quantity, Sums

MOST = 60  # earlier periods, as many as a trend looks at
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Basis:
    """What sums of days rest on beside their rows: nothing, the length of periods, or also how old they are seen."""

    name: str = ""


def basis_of(job: Job, windows: Windows) -> Basis:
    """Of rows of which the latest in a period counts, or that are known by period, its length; of hits that take time, their age, too."""
    contribution, method = job.method.aggregation.contribution, job.method
    aged = contribution is not None and contribution.happened is not None
    by_period = method.aggregation.latest or method.clock.opening or quantity_of(job) is Quantity.COMPOSITION
    length = _length(windows)
    if not aged:
        return Basis(length if by_period else "")
    end = max((span.end for span in judged_periods(windows).spans), default=windows.overall.end)
    age = floor((windows.as_of - midnight(end, windows.zone)).total_seconds() / DAY)
    return Basis(f"{length} + {age} d")


def _length(windows: Windows) -> str:
    """How long the periods are by which changes are judged: `month`, or `30 d`."""
    latest = judged_periods(windows).spans[-1:]
    if not latest:
        return windows.grain
    name = name_of(latest[0].start, latest[0].end, windows.year_starts)
    return name if name != "span" else f"{(latest[0].end - latest[0].start).days} d"


def earlier_spans(windows: Windows, found: JudgedPeriods, past: Past) -> tuple[Span, ...]:
    """The periods before those of the data of which the history knows some, in order of time."""
    starts = [start for metric in past.metrics.values() for start, _ in metric.known]
    if not starts or not found.spans:
        return ()
    least = date.fromisoformat(min(starts))
    spans = [each for each in islice(earlier(windows, found), MOST) if each.start >= least]
    return tuple(reversed(spans))


def extended(series: Series, own: Span, spans: Sequence[Span], every: Past) -> Series:
    """A series that begins with what was recorded of it, as far back as no day is missing.

    `own` is its first period with data, `spans` those before it. Of what is solved, the first period of the data lacks
    what came before that, so that what was recorded of it counts; of a stock, whatever knows of more.
    """
    past = every.metrics.get(series.metric, PastMetric())
    first = max(series.begins, own.start.toordinal())
    begins = _reach(first, past)
    places = [each for each in spans if each.start.toordinal() >= begins]
    values = [_number(past.points.get(_iso(each))) for each in places]
    return replace(
        series,
        days=_joined(series.days, past.parts.get("", {}), begins, first, series.quantity),
        groups={
            name: _joined(days, past.parts.get(name or "", {}), begins, first, series.quantity)
            for name, days in series.groups.items()
        },
        values=[*[None] * (len(spans) - len(places)), *values, *series.values] if series.values else (),
        parts=[*(_parts_of(each, past) for each in spans), *series.parts] if series.parts else (),
        begins=begins if spans else series.begins,
    )


def _parts_of(span: Span, past: PastMetric) -> dict[str, int]:
    """The rows of each part of what is made of parts, in one period."""
    first = span.start.toordinal()
    return {name: int(days[first].n) for name, days in past.parts.items() if first in days}


def _reach(first: int, past: PastMetric) -> int:
    """The day from which on every day up to the `first` of the data is recorded."""
    known = [tuple(date.fromisoformat(day).toordinal() for day in each) for each in past.known]
    for start, end in sorted(known, reverse=True):
        if end >= first > start:
            first = start
    return first


def _joined(
    own: Mapping[int, Sums], recorded: Mapping[int, Sums], begins: int, first: int, quantity: Quantity
) -> dict[int, Sums]:
    """The days of a series, in order: recorded ones up to the first of the data, its own from there on."""
    found = {day: sums for day, sums in recorded.items() if begins <= day < first}
    found |= {day: sums for day, sums in own.items() if day >= first}
    if quantity is Quantity.STOCK:
        more = {day: sums for day, sums in recorded.items() if day in found and sums.total > found[day].total}
        found |= more
    return dict(sorted(found.items()))


def _number(point: Recorded | None) -> float | None:
    return point.value if point and isinstance(point.value, int | float) else None


def _iso(span: Span) -> Dates:
    return span.start.isoformat(), span.end.isoformat()

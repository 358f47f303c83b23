"""The periods by which changes are judged: those of the series, or spans as long as a window that fits none of them."""

from collections.abc import Iterator
from datetime import date

from cx_kpi.engine.time import periods
from cx_kpi.engine.time.windows import GroupName, Span, Windows
from cx_kpi.model.frozen import dataclass

MOST = 13  # the latest period and a baseline of twelve

Place = tuple[GroupName, int]  # of a window


@dataclass(frozen=True, slots=True)
class JudgedPeriods:
    """Spans that follow one another, the cells of their figures, and how many of the latest are the subject."""

    spans: tuple[Span, ...] = ()
    places: tuple[Place | None, ...] = ()
    subject: int = 0


def judged_periods(windows: Windows) -> JudgedPeriods:
    """The full periods, of which the latest is the subject, or those that a chosen window is made of."""
    over: list[tuple[Span, Place]] = [
        (span, ("series", number)) for number, span in enumerate(windows.series) if not span.partial
    ]
    spans, places = tuple(span for span, _ in over), tuple(place for _, place in over)
    if not windows.rolling:
        return JudgedPeriods(spans, places, min(1, len(spans)))
    subject = _inside(windows.overall, spans)
    return JudgedPeriods(spans, places, subject) if subject else _as_long(windows, spans)


def earlier(windows: Windows, found: JudgedPeriods) -> Iterator[Span]:
    """The periods before those, the latest first, whether there is data or not."""
    first, number = found.spans[0], 0
    while first.start.year > 1:
        number += 1
        if found.places[-1] == ("overall", 0):
            start = _earlier(windows.overall, len(found.spans) - 1 + number)
        else:
            start = periods.shift(first.start, windows.grain, -1)
        first = Span(start, first.start, 0, 0)
        yield first


def _inside(window: Span, spans: tuple[Span, ...]) -> int:
    """How many of the latest periods the window is; 0 where it does not end and begin with periods."""
    inside = [span for span in spans if window.start <= span.start and span.end <= window.end]
    whole = inside and inside[0].start == window.start and inside[-1].end == window.end
    return len(inside) if whole and inside[-1] == spans[-1] else 0


def _as_long(windows: Windows, spans: tuple[Span, ...]) -> JudgedPeriods:
    """The window after spans of its length, as far back as there is data; nothing where the window has not ended."""
    window, previous = windows.overall, windows.previous
    if window.partial:
        return JudgedPeriods()
    begin = min([window.start, *(span.start for span in spans[:1]), *([previous.start] if previous else [])])
    found: list[tuple[Span, Place | None]] = [(window, ("overall", 0))]
    while len(found) < MOST and (start := _earlier(window, len(found))) >= begin:
        end = found[-1][0].start
        is_previous = previous is not None and (previous.start, previous.end) == (start, end)
        found.append((Span(start, end, 0, 0), ("previous", 0) if is_previous else None))
    found.reverse()
    return JudgedPeriods(tuple(span for span, _ in found), tuple(place for _, place in found), 1)


def _earlier(window: Span, times: int) -> date:
    """The start of the Nth span of its length before a window; for whole months, counted in months."""
    start, end = window.start, window.end
    months = (end.year - start.year) * 12 + end.month - start.month
    if start.day == end.day == 1 and months:
        return periods.shift(start, "month", -months * times)
    return start - times * (end - start)

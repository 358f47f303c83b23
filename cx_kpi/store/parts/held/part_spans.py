"""The spans by which a part holds its sums: the pieces between the starts of weeks and of months, weeks, months, the whole."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from cx_kpi.engine.time.periods import between, shift
from cx_kpi.engine.time.windows import Span, Windows
from cx_kpi.model.options import Grain

GRAINS: tuple[Grain, ...] = ("week", "month")


def is_edge(day: date) -> bool:
    """Whether a week or a month starts on that day."""
    return day.weekday() == 0 or day.day == 1


def reach_of(windows: Windows, first: date | None) -> date:
    """The first day of weeks and months that a part holds: that of its first row, at most a year before the part."""
    begin = windows.overall.start
    return min(begin, max(first or begin, shift(begin, "year", -1)))


def in_pieces(windows: Windows, reach: date) -> Windows:
    """The whole window, and all pieces from a day on as its series."""
    end = windows.overall.end
    return _with_series(windows, sorted({day for grain in GRAINS for day in between(reach, end, grain)}))


def in_periods(windows: Windows, reach: date, grain: Grain) -> Windows:
    """The whole window, and whole weeks or months from a day on as its series."""
    return _with_series(windows, [*between(reach, windows.overall.end, grain)])


def over(windows: Windows, start: date, end: date) -> Windows:
    """Windows of one span alone."""
    return _with_series(replace(windows, overall=replace(windows.overall, start=start, end=end)), ())


def _with_series(windows: Windows, marks: Sequence[date]) -> Windows:
    start, end = windows.overall.start, windows.overall.end
    edges = tuple(sorted({*marks, start, end}))
    number = {day: place for place, day in enumerate(edges)}
    series = tuple(Span(a, b, number[a], number[b]) for a, b in pairwise(marks))
    return replace(
        windows,
        edges=edges,
        overall=Span(start, end, number[start], number[end]),
        series=series,
        previous=None,
        rolling=False,
    )

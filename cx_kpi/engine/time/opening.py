"""When a desk is open, as spans of absolute time: the hours on its wall, through every change of the clock."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from cx_kpi.normalise.calendar.calendars import Calendar
from cx_kpi.normalise.calendar.hours import DAY

Span = tuple[int, int]  # half-open, in seconds since 1970-01-01 UTC
EPOCH = date(1970, 1, 1)
ONE = timedelta(days=1)
MINUTE = 60  # clocks of a century ago went by seconds too


def open_spans(calendar: Calendar, first: int, last: int) -> list[Span]:
    """The spans within `[first, last)` in which the clock on the wall shows opening hours, in order."""
    local = local_shifts(calendar, first, last)
    found: list[Span] = []
    for begin, over, offset in _offsets(ZoneInfo(calendar.zone), first, last):
        earliest = bisect_left(local, (begin + offset - 2 * DAY, 0))
        for start, end in local[earliest : bisect_left(local, (over + offset, 0))]:
            if (opens := max(start - offset, begin)) < (closes := min(end - offset, over)):
                found.append((opens, closes))
    return _joined(sorted(found))


def local_shifts(calendar: Calendar, first: int, last: int) -> list[Span]:
    """The shifts of the days around `[first, last)`, in seconds by the clock on the wall."""
    days = calendar.shifts(day_of(first) - 2 * ONE, day_of(last) + 2 * ONE)
    return [(_midnight(day) + start, _midnight(day) + end) for day, shifts in days for start, end in shifts]


def _midnight(day: date) -> int:
    return (day - EPOCH).days * DAY


def day_of(seconds: int) -> date:
    """The day in UTC of a moment."""
    return EPOCH + timedelta(days=seconds // DAY)


def _offsets(zone: ZoneInfo, first: int, last: int) -> Iterator[tuple[int, int, int]]:
    """Spans that together are `[first, last)`, with the seconds by which the zone's clock is ahead of UTC."""
    marks = [*range(first, last, DAY), last]
    edges = [first, *(edge for pair in pairwise(marks) for edge in _turn(zone, *pair)), last]
    for begin, over in pairwise(edges):
        yield begin, over, offset(zone, begin)


def _turn(zone: ZoneInfo, begin: int, over: int) -> list[int]:
    """The moment within a day at which the clock changes, where it does."""
    before = offset(zone, begin)
    if offset(zone, over) == before:
        return []
    place = bisect_left(range(begin, over), True, key=lambda moment: offset(zone, moment) != before)
    return [begin + place]


def offset(zone: ZoneInfo, moment: int) -> int:
    """Seconds by which the clock of a zone is ahead of UTC at a moment, in whole minutes."""
    ahead = datetime.fromtimestamp(moment, UTC).astimezone(zone).utcoffset()
    return round(ahead.total_seconds() / MINUTE) * MINUTE if ahead else 0


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Spans that touch or overlap as one."""
    found: list[Span] = []
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found

"""Opening hours in words: `mon-fri` and `09:00-17:00`, as seconds of the day a shift begins."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from cx_kpi.model.errors import UsageProblem, nearest

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOSED = "closed"
DAY = 86_400
WEEK = 7 * DAY
Interval = tuple[
    int, int
]  # seconds from the midnight of the day it begins on; a night shift ends after 86,400
Shifts = tuple[Interval, ...]
_TIMES = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s*")


def week_of(hours: Mapping[str, str | Sequence[str]]) -> tuple[Shifts, ...]:
    """The shifts of each weekday, Monday first; raises `UsageProblem`."""
    week: list[Shifts] = [()] * 7
    for words, said in hours.items():
        shifts = shifts_of(said)
        for day in _weekdays(words):
            if week[day]:
                raise UsageProblem(f"hours: {WEEKDAYS[day]} is said twice; say each weekday once")
            week[day] = shifts
    _check_nights(week)
    return tuple(week)


def shifts_of(said: str | Sequence[str]) -> Shifts:
    """The shifts of one day, in order; none where it is `closed`. Raises `UsageProblem`."""
    texts = [said] if isinstance(said, str) else [*said]
    if texts == [CLOSED]:
        return ()
    shifts = tuple(sorted(_interval(text) for text in texts))
    _check_apart(shifts)
    return shifts


def _interval(text: str) -> Interval:
    found = _TIMES.fullmatch(text)
    if not found:
        raise UsageProblem(f"{text!r} is no span of time; write for example 09:00-17:00")
    first, last, *_ = (_seconds(*found.groups()[place : place + 2]) for place in (0, 2))
    if first in {last, DAY}:
        raise UsageProblem(f"{text!r} ends where it starts; a whole day is 00:00-24:00")
    return first, last if last > first else last + DAY


def _seconds(hour: str, minute: str) -> int:
    seconds = int(hour) * 3600 + int(minute) * 60
    if seconds > DAY or int(minute) > 59:
        raise UsageProblem(f"{hour}:{minute} is no time of day; write 00:00 to 24:00")
    return seconds


def _weekdays(words: str) -> Iterator[int]:
    """`mon-fri`, `sat`, `mon, wed`, as places from Monday on."""
    for part in words.lower().split(","):
        first, *last = (_weekday(word) for word in part.split("-", 1))
        length = (last[0] - first) % 7 if last else 0
        yield from ((first + step) % 7 for step in range(length + 1))


def _weekday(word: str) -> int:
    name = word.strip()
    if name not in WEEKDAYS:
        raise UsageProblem(f"hours: no weekday {name!r}{nearest(name, WEEKDAYS)}")
    return WEEKDAYS.index(name)


def _check_apart(shifts: Iterable[Interval]) -> None:
    for (_, end), (start, _) in pairwise(shifts):
        if start < end:
            raise UsageProblem(
                f"{clock(start % DAY)} lies within another shift; let the shifts follow one another"
            )


def _check_nights(week: Sequence[Shifts]) -> None:
    """Raises `UsageProblem` where a shift begins before that of the day before is over."""
    every = [(day * DAY + start, day * DAY + end) for day in range(7) for start, end in week[day]]
    if every:
        first = every[0]
        _check_apart([*every, (first[0] + WEEK, first[1] + WEEK)])


def clock(seconds: int) -> str:
    """`09:00`; the end of a night shift by the clock of the day after, midnight at the end as `24:00`."""
    of_day = seconds if seconds <= DAY else seconds - DAY
    return f"{of_day // 3600 % 25:02}:{of_day // 60 % 60:02}"

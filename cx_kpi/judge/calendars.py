"""What the business hours are, in words: `Mon–Fri 09:00–17:00, Sat 10:00–14:00`."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from cx_kpi.dates import Dates
from cx_kpi.language import Language
from cx_kpi.normalise.calendars import Calendar, Version, calendars
from cx_kpi.normalise.hours import Shifts, clock
from cx_kpi.options import Options
from cx_kpi.words import DASH

Row = dict[str, Any]


def described(options: Options, end: date | None, language: Language) -> list[Row]:
    """A row for each calendar as it is on the last day of the window, those for some rows only first."""
    known = calendars(options.config.calendar, options.timezone)
    return [_row(each, _in_force(each, end), language) for each in known]


def _in_force(calendar: Calendar, day: date | None) -> Version:
    holding = [each for each in calendar.versions if day is None or each.holds(day)]
    return (holding or [*calendar.versions])[-1]


def _row(calendar: Calendar, version: Version, language: Language) -> Row:
    return {
        "name": language(calendar.name),
        "hours": _week(version.week, Dates(language)) or language("closed"),
        "timezone": version.zone,
        "holidays": ", ".join(version.holidays) or None,
        "when": ", ".join(f"{name} = {value}" for name, value in calendar.when) or None,
    }


def _week(week: Sequence[Shifts], dates: Dates) -> str:
    """The hours of a week; days on end with the same hours together."""
    runs = ((shifts, [*days]) for shifts, days in groupby(range(7), lambda day: week[day]))
    return ", ".join(" ".join(_run(days, shifts, dates)) for shifts, days in runs if shifts)


def _run(days: Sequence[int], shifts: Shifts, dates: Dates) -> Iterator[str]:
    first, last = dates.weekday(days[0]), dates.weekday(days[-1])
    yield first if first == last else f"{first}{DASH}{last}"
    yield " + ".join(f"{clock(start)}{DASH}{clock(end)}" for start, end in shifts)

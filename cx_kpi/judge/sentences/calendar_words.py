"""What the business hours are, in words: `Mon–Fri 09:00–17:00, Sat 10:00–14:00 (Europe/London, GB-ENG)`."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from cx_kpi.model.options import Options
from cx_kpi.normalise.calendar.calendars import Calendar, Version, calendars
from cx_kpi.normalise.calendar.hours import Shifts, clock
from cx_kpi.wording.dates import Dates
from cx_kpi.wording.language import Language
from cx_kpi.wording.units import DASH

Row = dict[str, Any]
Window = tuple[date, date]  # half-open
ONE_DAY = timedelta(days=1)
ALWAYS = (date.min, date.max)


def described(options: Options, window: Window | None, language: Language) -> list[Row]:
    """A row for each version of each calendar in force in the window, those for some rows only first.

    Without a window, the last version of each.
    """
    known = calendars(options.config.calendar, options.timezone)
    return [
        _row(each, version, held, window or held, language)
        for each in known
        for version, held in (_runs(each, *window) if window else [(each.versions[-1], ALWAYS)])
    ]


def _runs(calendar: Calendar, first: date, after: date) -> Iterator[tuple[Version, Window]]:
    """The versions in force in a window, one after another, and the days on which each is."""
    days = (first + number * ONE_DAY for number in range((after - first).days))
    for version, held in groupby(days, calendar.in_force):
        each = list(held)
        if version:
            yield version, (each[0], each[-1] + ONE_DAY)


def _row(calendar: Calendar, version: Version, held: Window, window: Window, language: Language) -> Row:
    row = {
        "name": language(calendar.name),
        "hours": _week(version.week, Dates(language)) or language("closed"),
        "timezone": version.zone,
        "holidays": ", ".join(version.holidays) or None,
        "when": ", ".join(f"{name} = {value}" for name, value in calendar.when) or None,
        "since": held[0].isoformat() if held[0] > window[0] else None,
        "until": held[1].isoformat() if held[1] < window[1] else None,
        "special_days": sum(held[0] <= day < held[1] for day, _ in version.days),
    }
    return {**row, "words": _words(row, Dates(language))}


def _words(row: Row, dates: Dates) -> str:
    _, more = dates.language, [row["timezone"], row["holidays"]]
    if row["special_days"]:
        more.append(_.plural("{n} special day", "{n} special days", row["special_days"]))
    if row["since"]:
        more.append(_("from {day}", day=dates.moment(row["since"])))
    if row["until"]:
        more.append(_("before {day}", day=dates.moment(row["until"])))
    named = f"{row['when']}: " if row["when"] else ""
    return f"{named}{row['hours']} ({', '.join(filter(None, more))})"


def _week(week: Sequence[Shifts], dates: Dates) -> str:
    """The hours of a week; days on end with the same hours together."""
    runs = ((shifts, [*days]) for shifts, days in groupby(range(7), lambda day: week[day]))
    return ", ".join(" ".join(_run(days, shifts, dates)) for shifts, days in runs if shifts)


def _run(days: Sequence[int], shifts: Shifts, dates: Dates) -> Iterator[str]:
    first, last = dates.weekday(days[0]), dates.weekday(days[-1])
    yield first if first == last else f"{first}{DASH}{last}"
    yield " + ".join(f"{clock(start)}{DASH}{clock(end)}" for start, end in shifts)

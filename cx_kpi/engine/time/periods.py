"""Calendar periods: where a day, week, month, quarter or year starts, and how far the next one is."""

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.options import Grain
from cx_kpi.wording.period_names import names

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_SPOKEN: dict[Grain, str] = {
    "day": "d day days д день дня дней",
    "week": "w week weeks н нед неделя недели недель",
    "month": "m month months м мес месяц месяца месяцев",
    "quarter": "q quarter quarters кв квартал квартала кварталов",
    "year": "y year years г год года лет",
}
_WORDS: dict[str, Grain] = {word: grain for grain, words in _SPOKEN.items() for word in words.split()}
GRAINS = tuple(_SPOKEN)
WEEKS_OF_YEAR = 52  # so that weekdays match
LANGUAGES = ("en", "ru")


def year_start(said: int | str) -> int:
    """The number of the month in which years start: 4, `april`, `Apr` or `апрель`; raises `UsageProblem`."""
    word = str(said).strip().lower().removesuffix(".")
    known = {str(number): number for number in range(1, 13)}
    for code in LANGUAGES:
        for letters in ("LLLL", "MMMM", "MMM"):
            found = enumerate(names(code)[letters], 1)
            known |= {name.lower().removesuffix("."): number for number, name in found}
    if word not in known:
        raise UsageProblem(f"fiscal_year_starts {said!r} is no month; write for example april, or 4")
    return known[word]


def floor(day: date, grain: Grain, first_month: int = 1) -> date:
    """First day of the period that holds the day; weeks start on Monday (ISO 8601), years in `first_month`."""
    if grain == "day":
        return day
    if grain == "week":
        return day - timedelta(days=day.weekday())
    return shift(day.replace(day=1), "month", -((day.month - first_month) % _MONTHS[grain]))


def shift(day: date, grain: Grain, periods: int) -> date:
    """The day N periods later (earlier when negative); 31 January + 1 month is 28 or 29 February."""
    if grain in ("day", "week"):
        return day + timedelta(days=periods * (7 if grain == "week" else 1))
    month = day.year * 12 + day.month - 1 + periods * _MONTHS[grain]
    year, month = divmod(month, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def name_of(start: date, end: date, first_month: int = 1) -> Grain | Literal["span"]:
    """Which period `[start, end)` is: `day`, `week`, `month`, `quarter` or `year`, else `span`."""
    fits = (
        each for each in GRAINS if floor(start, each, first_month) == start and shift(start, each, 1) == end
    )
    return next(fits, "span")


def year_before(day: date, *, whole: bool) -> date:
    """The same day of the year before: of whole months by the calendar, else 52 weeks earlier."""
    return shift(day, "year", -1) if whole else shift(day, "week", -WEEKS_OF_YEAR)


def between(start: date, end: date, grain: Grain, first_month: int = 1) -> Iterator[date]:
    """First days of the periods that touch `[start, end)`, and the first day after the last of them."""
    day = floor(start, grain, first_month)
    while day < end:
        yield day
        day = shift(day, grain, 1)
    yield day


def count(start: date, end: date, grain: Grain) -> int:
    """About how many periods there are in `[start, end)`, at once however many; at most two too few."""
    if grain in ("day", "week"):
        return (end - start).days // (7 if grain == "week" else 1)
    return ((end.year - start.year) * 12 + end.month - start.month) // _MONTHS[grain]


def fitting(start: date, end: date) -> Grain:
    """The period to show a span by: months from a quarter on, weeks from three, else days."""
    days = (end - start).days
    return "month" if days >= 89 else "week" if days >= 21 else "day"


def parse_length(text: str) -> tuple[int, Grain]:
    """`3m`, `12 weeks`, `1 quarter`, `3 месяца` → number and period; raises `UsageProblem`."""
    found = re.fullmatch(r"(\d{1,4})\s*([a-zа-я]+)\.?", text.strip().lower())
    grain = found and _WORDS.get(found[2])
    if not found or not grain or not int(found[1]):
        raise UsageProblem(f"--last {text!r} is no span of time; write for example 3m, 12w, 1q, 30d or 1y")
    return int(found[1]), grain

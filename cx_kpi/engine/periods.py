"""Calendar periods: where a day, week, month, quarter or year starts, and how far the next one is."""

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta

from cx_kpi.errors import UsageProblem
from cx_kpi.options import Grain

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_LETTERS: dict[str, Grain] = {"d": "day", "w": "week", "m": "month", "q": "quarter", "y": "year"}
_WORDS: dict[str, Grain] = {f"{grain}{end}": grain for grain in _LETTERS.values() for end in ("", "s")}


def floor(day: date, grain: Grain) -> date:
    """First day of the period that holds the day; weeks start on Monday (ISO 8601)."""
    if grain == "day":
        return day
    if grain == "week":
        return day - timedelta(days=day.weekday())
    length = _MONTHS[grain]
    return date(day.year, (day.month - 1) // length * length + 1, 1)


def shift(day: date, grain: Grain, periods: int) -> date:
    """The day so many periods later (earlier when negative); 31 January + 1 month is 28 or 29 February."""
    if grain in ("day", "week"):
        return day + timedelta(days=periods * (7 if grain == "week" else 1))
    month = day.year * 12 + day.month - 1 + periods * _MONTHS[grain]
    year, month = divmod(month, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def between(start: date, end: date, grain: Grain) -> Iterator[date]:
    """First days of the periods that touch `[start, end)`, and the first day after the last of them."""
    day = floor(start, grain)
    while day < end:
        yield day
        day = shift(day, grain, 1)
    yield day


def fitting(start: date, end: date) -> Grain:
    """The period to show a span by: months from a quarter on, weeks from three, else days."""
    days = (end - start).days
    return "month" if days >= 89 else "week" if days >= 21 else "day"


def parse_length(text: str) -> tuple[int, Grain]:
    """`3m`, `12 weeks`, `1 quarter` → number and period; raises `UsageProblem`."""
    found = re.fullmatch(r"(\d{1,4})\s*([a-z]+)", text.strip().lower())
    grain = found and (_LETTERS.get(found[2]) or _WORDS.get(found[2]))
    if not found or not grain or not int(found[1]):
        raise UsageProblem(f"--last {text!r} is no span of time; write for example 3m, 12w, 1q, 30d or 1y")
    return int(found[1]), grain

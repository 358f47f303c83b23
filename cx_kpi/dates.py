"""Days and periods as people name them: `March 2026`, `Q1 2026`, `5 March – 17 April 2026`."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cx_kpi.language import Language

DAY = timedelta(days=1)
MONTHS_OF_QUARTER = 3
SHORT = {"month": "LLL", "quarter": "QQQ", "year": "y", "day": "d MMM"}
FULL = {"month": "LLLL y", "quarter": "QQQ y", "year": "y", "day": "d MMMM y"}


@dataclass(frozen=True)
class Dates:
    """Names of days and periods in one language."""

    language: Language

    def write(self, day: date, pattern: str) -> str:
        """The day by a CLDR pattern."""
        from babel.dates import format_date

        return format_date(day, pattern, locale=self.language.code)

    def weekday(self, number: int) -> str:
        """The short name of a day of the week, Monday 0: `Mon`."""
        return self.write(date(2024, 1, 1) + number * DAY, "ccc")

    def moment(self, iso: str) -> str:
        """An ISO day or instant: `31 March 2026`, or `31 March 2026, 18:00`."""
        at = _parse(iso)
        day = self.write(at.date(), FULL["day"])
        return f"{day}, {at:%H:%M}" if "T" in iso else day

    def period(self, start: str, grain: str, short: bool = False) -> str:
        """The period of this grain that starts on an ISO day."""
        day = _parse(start).date()
        if grain == "week":
            year, week, _ = day.isocalendar()
            if short:
                return self.language("W{week}", week=week)
            return self.language("week {week} of {year}", week=week, year=year)
        return self.write(day, (SHORT if short else FULL)[grain])

    def span(self, start: str, end: str) -> str:
        """The half-open span of two ISO days, said by its first and last day, in whole months where it is."""
        first, after = _parse(start).date(), _parse(end).date()
        whole = first.day == after.day == 1
        last = after - DAY if after > first else first
        one = FULL["month"] if whole else FULL["day"]
        if (first.year, first.month) == (last.year, last.month) and (whole or first == last):
            return self.write(first, one)
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{self.write(last, one)}"
        same_year = first.year == last.year
        begin = self.write(first, one.removesuffix(" y") if same_year else one)
        return f"{begin} – {self.write(last, one)}"

    def short(self, start: str, end: str) -> str:
        """The short name of what two ISO days span: of the one period, else `3–5 Mar`, `28 Feb–2 Mar`."""
        grain = self.grain(start, end)
        if grain != "day" or _parse(end) - _parse(start) == DAY:
            return self.period(start, grain, short=True)
        first, after = _parse(start).date(), _parse(end).date()
        last = after - DAY
        pattern = SHORT["month" if first.day == after.day == 1 else "day"]
        if first.year != last.year:
            pattern += " y"
        one_month = (first.year, first.month) == (last.year, last.month)
        return f"{self.write(first, 'd' if one_month else pattern)}–{self.write(last, pattern)}"

    def grain(self, start: str, end: str) -> str:
        """Which grain a span of two ISO days is one period of; `day` when none."""
        first, after = _parse(start).date(), _parse(end).date()
        days, months = (after - first).days, (after.year - first.year) * 12 + after.month - first.month
        if first.day == after.day == 1:
            return {1: "month", MONTHS_OF_QUARTER: "quarter", 12: "year"}.get(months, "day")
        return "week" if days == 7 and first.weekday() == 0 else "day"


def _parse(iso: str) -> datetime:
    return datetime.fromisoformat(iso)

"""Days and periods as people name them: `March 2026`, `Q1 2026`, `5 March – 17 April 2026`."""

from datetime import date, datetime, timedelta

from cx_kpi.model.frozen import dataclass
from cx_kpi.wording.language import Language
from cx_kpi.wording.period_names import written

DAY = timedelta(days=1)
MONTHS_OF_QUARTER = 3
MONTHS_OF_YEAR = 12
IN_MONTHS = {"month": 1, "quarter": MONTHS_OF_QUARTER, "year": MONTHS_OF_YEAR}
SHORT = {"month": "LLL", "quarter": "QQQ", "year": "y", "day": "d MMM"}
FULL = {"month": "LLLL y", "quarter": "QQQ y", "year": "y", "day": "d MMMM y"}


@dataclass(frozen=True)
class Dates:
    """Names of days and periods in one language; fiscal ones where years start in another month than January."""

    language: Language
    year_starts: int = 1

    def write(self, day: date, pattern: str) -> str:
        """The day by a CLDR pattern."""
        return written(day, pattern, self.language.code)

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
        if self.year_starts != 1 and grain in ("quarter", "year"):
            return self._fiscal(day, grain, short=short)
        return self.write(day, (SHORT if short else FULL)[grain])

    def _fiscal(self, day: date, grain: str, *, short: bool) -> str:
        """A fiscal year by the calendar year in which it ends: `FY2026`, `Q1 FY2026`."""
        months = (day.month - self.year_starts) % MONTHS_OF_YEAR
        year = self.language("FY{year}", year=day.year + (day.month >= self.year_starts))
        if grain == "year":
            return year
        quarter = self.write(date(day.year, months // MONTHS_OF_QUARTER * MONTHS_OF_QUARTER + 1, 1), "QQQ")
        return quarter if short else f"{quarter} {year}"

    def span(self, start: str, end: str) -> str:
        """The half-open span of two ISO days, by its first and last day, in whole months where it is."""
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

    def length(self, start: str, end: str, grain: str) -> str:
        """How long a half-open span is, in whole periods of a grain: `18 months`; else since when: `since 5 Oct 2024`."""
        first, after = _parse(start).date(), _parse(end).date()
        if whole := _whole(first, after, grain):
            return self._number(grain, whole)
        pattern = SHORT["month"] if first.day == 1 else SHORT["day"]
        return self.language("since {period}", period=self.write(first, f"{pattern} y"))

    def duration(self, start: str, end: str, grain: str) -> str:
        """How long it is, always as a number: of periods of the grain, else of months, weeks or days."""
        first, after = _parse(start).date(), _parse(end).date()
        grain = next((each for each in (grain, "month", "week") if _whole(first, after, each)), "day")
        return self._number(grain, _whole(first, after, grain))

    def partly(self, period: str, *, over: bool) -> str:
        """What is known of a period in part: it goes on, or it is `over` and its data begin late or end early."""
        if over:
            return self.language("{period} (in part)", period=period)
        return self.language("{period} (so far)", period=period)

    def _number(self, grain: str, n: int) -> str:
        """A number of periods of a grain."""
        plural = self.language.plural
        match grain:
            case "day":
                return plural("{n} day", "{n} days", n)
            case "week":
                return plural("{n} week", "{n} weeks", n)
            case "quarter":
                return plural("{n} quarter", "{n} quarters", n)
            case "year":
                return plural("{n} year", "{n} years", n)
            case _:
                return plural("{n} month", "{n} months", n)

    def short(self, start: str, end: str) -> str:
        """The short name of a span of two ISO days: of the one period, else `3–5 Mar`, `28 Feb–2 Mar`."""
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

    def pair(self, current: tuple[str, str], previous: tuple[str, str]) -> tuple[str, str]:
        """The short names of two spans; with their years, `Mar 2026`, where those differ and they do not adjoin."""
        names = self.short(*current), self.short(*previous)
        apart = current[0] != previous[1] and current[0][:4] != previous[0][:4]
        if names[0] != names[1] and not apart:
            return names
        return self._dated(names[0], *current), self._dated(names[1], *previous)

    def _dated(self, name: str, start: str, end: str) -> str:
        grain = self.grain(start, end)
        if grain != "day" or _parse(end) - _parse(start) == DAY:
            return (
                self.period(start, grain) if grain != "month" else self.write(_parse(start).date(), "LLL y")
            )
        return f"{name} {_parse(start).year}"

    def grain(self, start: str, end: str) -> str:
        """Which grain a span of two ISO days is one period of; `day` when none."""
        first, after = _parse(start).date(), _parse(end).date()
        days, months = (after - first).days, (after.year - first.year) * 12 + after.month - first.month
        if first.day == after.day == 1:
            found = {1: "month", MONTHS_OF_QUARTER: "quarter", MONTHS_OF_YEAR: "year"}.get(months, "day")
            length = months if found != "day" else 1
            return "day" if (first.month - self.year_starts) % length else found
        return "week" if days == 7 and first.weekday() == 0 else "day"


def _whole(first: date, after: date, grain: str) -> int:
    """How many whole periods of a grain a half-open span is; 0 where it is none or there is a rest."""
    by_days = {"day": 1, "week": 7}
    if grain in by_days:
        whole, rest = divmod((after - first).days, by_days[grain])
    else:
        months = (after.year - first.year) * MONTHS_OF_YEAR + after.month - first.month
        whole, rest = divmod(months, IN_MONTHS[grain])
        rest = rest or after.day - first.day
    return 0 if rest else whole


def _parse(iso: str) -> datetime:
    return datetime.fromisoformat(iso)

"""Business calendars as configured: their versions by date, holidays and special days."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING

from cx_kpi.model.errors import UsageProblem, nearest
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import CalendarRule
from cx_kpi.normalise.calendar.hours import Shifts, shifts_of, week_of
from cx_kpi.normalise.vocabulary.zones import check_zone

if TYPE_CHECKING:
    from holidays import HolidayBase


@dataclass(frozen=True, slots=True)
class Version:
    """The hours of a calendar from one day until another: by weekday, on special days, and the holidays."""

    week: tuple[Shifts, ...]
    zone: str
    days: tuple[tuple[date, Shifts], ...] = ()
    holidays: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether this version is in force on a day."""
        return (self.since or day) <= day and (self.until is None or day < self.until)

    def shifts(self, first: date, last: date) -> Iterator[tuple[date, Shifts]]:
        """The shifts that begin on each day from the first to the last on which this version is in force."""
        special = dict(self.days)
        countries = [_country(code, range(first.year, last.year + 1)) for code in self.holidays]
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            if self.holds(day):
                yield day, special[day] if day in special else self._usual(day, countries)

    def _usual(self, day: date, countries: "Sequence[HolidayBase]") -> Shifts:
        if any(day in country for country in countries):
            return ()
        if any(day in country.weekend_workdays for country in countries):
            return self._working_weekend(day)
        return self.week[day.weekday()]

    def _working_weekend(self, day: date) -> Shifts:
        """The hours of a weekend day that the country works: its own, else those of the weekday before."""
        before = (self.week[number] for number in range(day.weekday(), -1, -1))
        return next((shifts for shifts in before if shifts), ())


@dataclass(frozen=True, slots=True)
class Calendar:
    """A named calendar for the rows whose fields hold these values; of its versions the one written later goes first."""

    name: str
    when: tuple[tuple[str, str], ...]
    versions: tuple[Version, ...]

    @property
    def zone(self) -> str:
        """The time zone it is kept in."""
        return self.versions[-1].zone

    def in_force(self, day: date) -> Version | None:
        """The version that a day goes by."""
        return next((each for each in reversed(self.versions) if each.holds(day)), None)

    def shifts(self, first: date, last: date) -> list[tuple[date, Shifts]]:
        """The shifts that begin on each day from the first to the last, in order."""
        found: dict[date, Shifts] = {}
        for version in self.versions:
            found.update(version.shifts(first, last))
        return sorted(found.items())


def calendars(rules: Iterable[CalendarRule], zone: str) -> tuple[Calendar, ...]:
    """The calendars in the order they are tried, those for all rows last; raises `UsageProblem`."""
    found: dict[str, Calendar] = {}
    for rule in rules:
        one = Calendar(rule.name, tuple(sorted(rule.when.items())), (_version(rule, zone),))
        known = found.get(rule.name)
        found[rule.name] = _joined(known, one) if known else one
    _check_defaults([each for each in found.values() if not each.when])
    return tuple(sorted(found.values(), key=lambda each: not each.when))


def _joined(known: Calendar, more: Calendar) -> Calendar:
    """A calendar with one version more."""
    if more.when not in {(), known.when} or more.zone != known.zone:
        raise UsageProblem(
            f"calendar {known.name!r}: its versions differ in `when` or in timezone; give one of them another name"
        )
    return replace(known, versions=(*known.versions, *more.versions))


def _check_defaults(defaults: Sequence[Calendar]) -> None:
    if len(defaults) > 1:
        names = " and ".join(repr(each.name) for each in defaults[:2])
        raise UsageProblem(
            f"calendar: {names} both hold for all rows; say `when`, or since and one name for both"
        )


def _version(rule: CalendarRule, zone: str) -> Version:
    countries = [rule.holidays] if isinstance(rule.holidays, str) else rule.holidays
    try:
        check_zone(rule.timezone or zone)
        for code in countries:
            _country(code, ())
        return Version(
            week=week_of(rule.hours),
            zone=rule.timezone or zone,
            days=tuple((_date(day), shifts_of(said)) for day, said in rule.days.items()),
            holidays=tuple(countries),
            since=rule.since,
            until=rule.until,
        )
    except UsageProblem as problem:
        raise UsageProblem(f"calendar {rule.name!r}: {problem}") from None


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageProblem(f"days: {text!r} is no date; write for example 2026-12-31") from None


def _country(code: str, years: Iterable[int]) -> "HolidayBase":
    """The holidays of a country, such as `RU` or `GB-ENG`; raises `UsageProblem`."""
    from holidays import country_holidays

    country, _, part = code.partition("-")
    try:
        return country_holidays(country, subdiv=part or None, years=list(years))
    except NotImplementedError:
        raise UsageProblem(f"no holidays of {code!r}{_hint(country, part)}") from None


def _hint(country: str, part: str) -> str:
    from holidays import list_supported_countries
    from holidays.registry import COUNTRIES

    parts = list_supported_countries().get(country, [])
    if part and parts:
        return nearest(f"{country}-{part}", [f"{country}-{each}" for each in parts], most=20)
    codes = {word.casefold(): names[1] for names in COUNTRIES.values() for word in names[:2]}
    near = get_close_matches(country.casefold(), codes, n=1, cutoff=0.7)
    return f"; did you mean {codes[near[0]]}?" if near else "; write a country's code, such as RU or GB-ENG"

"""Values for people, by unit: `2 h 14 min`, `88.6%`, `+30 points`, in the language of the report."""

from collections.abc import Callable, Mapping
from functools import cached_property
from math import isfinite
from typing import Any

from cx_kpi.model.figures import LOWER_BOUND, is_approximate
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Report
from cx_kpi.model.values import Target, Unit, Value
from cx_kpi.wording.dates import Dates
from cx_kpi.wording.language import Language, mark
from cx_kpi.wording.numerals import Numerals, numerals

MINUTE, HOUR, DAY = 60, 3_600, 86_400
TWO_DAYS = 2 * DAY  # up to here in hours, as targets are spoken of: 24 h, 36 h
LONG = 100 * DAY  # from here hours mean nothing
TEN_SECONDS = 9.95  # below, with a decimal
LEAST = 0.1  # seconds that are told apart from none
LENGTHS = {DAY: mark("{n} d"), HOUR: mark("{n} h"), MINUTE: mark("{n} min"), 1: mark("{n} s")}
SIGNS = {">=": "≥", "<=": "≤"}
ABOUT = "~"
DASH = "–"
LONGEST_NAME, LONGEST_TEXT = 120, 1_000  # characters of a name for people, and of a value in words
JOINED = "_"  # what holds a negation and its word together, among words
SPACE = "\u00a0"


@dataclass(frozen=True)
class Words:
    """Turns the values of a report into words of one language; years start in this month."""

    language: Language
    year_starts: int = 1

    @cached_property
    def numerals(self) -> Numerals:
        """How the language writes digits."""
        return numerals(self.language.code)

    @cached_property
    def dates(self) -> Dates:
        """How the language names days and periods."""
        return Dates(self.language, self.year_starts)

    @cached_property
    def _ways(self) -> dict[Unit, Callable[[float, bool], str]]:
        return {
            Unit.COUNT: lambda x, _: self.numerals.decimal(x),
            Unit.SECONDS: lambda x, _: self.duration(x),
            Unit.SHARE: lambda x, trim: self.numerals.share(x, trim) + self.numerals.percent,
            Unit.POINTS: lambda x, _: self.numerals.signed(x, 0 if x == int(x) else 1),
            Unit.SCORE: lambda x, trim: self.numerals.decimal(x, 2, trim),
            Unit.RATIO: lambda x, trim: self.numerals.decimal(x, 2, trim),
            Unit.CURRENCY: lambda x, _: self.numerals.decimal(x, 2 if abs(x) < 1_000 else 0),
        }

    def value(self, value: Value, unit: Unit, currency: str = "", trim: bool = False) -> str:
        """A value in its unit; `no data` where there is none; `trim` drops decimals that are zero."""
        if value is None or (isinstance(value, float) and not isfinite(value)):
            return self.language("no data")
        if unit is Unit.LIST:
            return _listed(value)
        if isinstance(value, list):
            return ", ".join(value)
        if isinstance(value, str) or unit not in self._ways:
            return short(str(value), LONGEST_TEXT)
        text = self._ways[unit](value, trim)
        return f"{text}{SPACE}{currency}" if currency and unit is Unit.CURRENCY else text

    def read(self, value: Value, unit: Unit, details: Mapping[str, Any]) -> str:
        """A value as it was read, in the currency of its details: `≥ 243` of a lower bound, `~243` of an approximate one."""
        text = self.value(value, unit, details.get("currency", ""))
        text = f"{ABOUT}{text}" if is_approximate(details) and value is not None else text
        return f"{SIGNS['>=']}{SPACE}{text}" if details.get(LOWER_BOUND) and value is not None else text

    def duration(self, seconds: float) -> str:
        """A length of time in its two largest units; below ten seconds with a decimal."""
        if seconds < 0:
            return f"{self.numerals.decimal(-1).removesuffix('1')}{self.duration(-seconds)}"
        if seconds < MINUTE - 0.5:
            return self._seconds(seconds)
        large, small = two_units(seconds)
        whole, rest = divmod(round(seconds / small), large // small)
        parts = [self._length(large, whole)] + (
            [self._length(small, rest)] if rest and large != small else []
        )
        return SPACE.join(parts)

    def _seconds(self, seconds: float) -> str:
        if 0 < seconds < LEAST / 2:
            return f"<{self._length(1, LEAST, 1)}"
        return self._length(1, seconds, 1 if seconds < TEN_SECONDS and seconds != int(seconds) else 0)

    def _length(self, unit: int, n: float, decimals: int = 0) -> str:
        return self.language(LENGTHS[unit], n=self.numerals.decimal(n, decimals)).replace(" ", SPACE)

    def interval(self, interval: tuple[float, float] | None, unit: Unit, currency: str = "") -> str:
        """`86.2–90.6%`; one value where both ends read the same, nothing where there is no interval."""
        if interval is None:
            return ""
        low, high = (self.value(bound, unit, currency) for bound in interval)
        if low == high:
            return high
        for suffix in (self.numerals.percent, f"{SPACE}{currency}"):
            if len(suffix.strip()) and low.endswith(suffix) and high.endswith(suffix):
                low = low.removesuffix(suffix)
        wide = unit in {Unit.SECONDS, Unit.POINTS}
        return f"{low}{SPACE}{DASH}{SPACE}{high}" if wide else f"{low}{DASH}{high}"

    def target(self, target: Target | None, unit: Unit, currency: str = "") -> str:
        """`≥ 90%`, or nothing."""
        if target is None:
            return ""
        return f"{SIGNS[target.operator]}{SPACE}{self.value(target.value, unit, currency, trim=True)}"

    def change(self, change: float | None, unit: Unit, previous: Value = None, currency: str = "") -> str:
        """A signed difference: shares in percentage points, amounts in percent of the earlier one."""
        if change is None:
            return ""
        if unit is Unit.SHARE:
            return self.language("{n} pp", n=self.numerals.signed(change * 100, 1)).replace(" ", SPACE)
        if unit in {Unit.POINTS, Unit.SCORE}:
            return self.numerals.signed(change, 1 if unit is Unit.POINTS else 2)
        if isinstance(previous, int | float) and previous > 0:
            return self.numerals.signed(change / previous * 100, 1) + self.numerals.percent
        text = self.value(change, unit, currency)
        return f"+{text}" if change > 0 else text


def words_of(report: Report) -> Words:
    """The words of a report, in its language and by its year."""
    return Words(Language(report.language), report.window.year_starts if report.window else 1)


def short(name: str, most: int = LONGEST_NAME) -> str:
    """A name out of a file as people are shown it, no longer than a sentence: its beginning and its end."""
    return name if len(name) <= most else f"{name[: most - 40]}…{name[-39:]}"


def two_units(seconds: float) -> tuple[int, int]:
    """The largest unit and the next, such that rounding to the next never overflows into a larger pair."""
    if seconds < HOUR - 0.5:
        return MINUTE, 1
    if round(seconds / MINUTE) * MINUTE < TWO_DAYS:
        return HOUR, MINUTE
    return (DAY, HOUR) if round(seconds / HOUR) * HOUR < LONG else (DAY, DAY)


def _listed(value: Value) -> str:
    """Words as people write them, of which a negation and what it negates are two."""
    texts = value if isinstance(value, list) else [str(value)]
    return ", ".join(short(text.replace(JOINED, " ")) for text in texts)

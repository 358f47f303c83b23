"""Digits as a language writes them: separators and signs of the CLDR."""

from functools import lru_cache
from math import isfinite

from cx_kpi.model.frozen import dataclass
from cx_kpi.wording.period_names import names

MINUS = "−"
DECIMALS = 1
_SURE = 12  # digits of a sum that hold, in whatever order it was added up
MOST_DECIMALS = 4  # of a share so close to 0 or 1 that fewer would round it there


@dataclass(frozen=True, slots=True)
class Numerals:
    """How one language writes numbers."""

    point: str
    group: str
    percent: str  # what follows the number

    def decimal(self, number: float, decimals: int = 0, trim: bool = False) -> str:
        """`1,234.5`; `trim` drops zeros at the end. Infinite and not-a-number become an empty text."""
        return _decimal(number, decimals, trim, self.group, self.point)

    def signed(self, number: float, decimals: int = 0) -> str:
        """The number with its sign; a zero has none."""
        text = self.decimal(number, decimals)
        zero = not any(digit in text for digit in "123456789")
        return text if number < 0 or zero else f"+{text}"

    def share(self, share: float, trim: bool = False) -> str:
        """A share of 1 in percent, without the sign: never 0 or 100 unless it is exactly so."""
        if share in (0, 1):
            return self.decimal(share * 100)
        for decimals in range(DECIMALS, MOST_DECIMALS + 1):
            if round(share * 100, decimals) not in (0, 100):
                return self.decimal(share * 100, decimals, trim)
        edge = 10.0**-MOST_DECIMALS
        return (
            f"<{self.decimal(edge, MOST_DECIMALS)}"
            if share < edge
            else f">{self.decimal(100 - edge, MOST_DECIMALS)}"
        )


@lru_cache(maxsize=10_000)  # a page has each number six times
def _decimal(number: float, decimals: int, trim: bool, group: str, point: str) -> str:
    if not isfinite(number):
        return ""
    text = f"{float(f'{number:.{_SURE}g}'):,.{decimals}f}"
    if trim and "." in text:
        text = text.rstrip("0").rstrip(".")
    text = text.removeprefix("-") if not any(digit in text for digit in "123456789") else text
    return text.replace("-", MINUS).translate({ord(","): group, ord("."): point})


@lru_cache
def numerals(code: str) -> Numerals:
    """The numerals of a language by its code."""
    found = names(code)
    return Numerals(found["decimal"], found["group"], found["percent"])

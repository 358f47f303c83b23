"""Sums of row contributions to a metric: enough to judge it without the rows."""

from collections.abc import Iterable
from dataclasses import field
from enum import Enum
from typing import NamedTuple

from cx_kpi.model.frozen import dataclass


class Quantity(Enum):
    """What a row brings to a metric, and so how its rows are weighed."""

    SHARE = "share"  # 1 or 0
    NET = "net"  # 100 for, 0 neutral, −100 against
    SCORE = "score"  # a number on a scale
    DURATION = "duration"  # the log of seconds
    AMOUNT = "amount"  # a number without bounds
    COUNT = "count"  # 1 each; the denominator is the days, not the rows
    STOCK = "stock"  # the level at the end of a day, as the total of one row
    COMPOSITE = "composite"  # a number on a scale, in one of several groups whose means are averaged
    COMPOSITION = "composition"  # a name: what counts is how rows spread over names


class Sums(NamedTuple):
    """How many rows, the sum of their values, and the sum of squares; a report makes ten thousands of them."""

    n: float
    total: float
    squares: float

    def __add__(self, other: "Sums") -> "Sums":  # type: ignore[override]
        return Sums(self.n + other.n, self.total + other.total, self.squares + other.squares)

    @property
    def rate(self) -> float:
        """What a row brings on average."""
        return self.total / self.n

    @property
    def variance(self) -> float:
        """The sample variance (n − 1) of the values of rows; 0 for one row."""
        return max(0.0, self.squares - self.n * self.rate**2) / (self.n - 1) if self.n > 1 else 0.0


NOTHING = Sums(0, 0.0, 0.0)


def summed(parts: Iterable[Sums]) -> Sums:
    """All of them together."""
    n, total, squares = 0.0, 0.0, 0.0
    for its_n, its_total, its_squares in parts:
        n += its_n
        total += its_total
        squares += its_squares
    return Sums(n, total, squares)


@dataclass(frozen=True, slots=True)
class WeekSums:
    """Sums of one metric week by week; lists that follow from the quantity are empty: of a count all but `n`,
    of a share the squares. `scale` bounds the value of a row.
    """

    quantity: str
    n: list[float]
    total: list[float] = field(default_factory=list)
    squares: list[float] = field(default_factory=list)
    scale: tuple[float, float] | None = None

    def sums(self) -> list[Sums]:
        """The weeks."""
        totals = self.total or self.n
        return [Sums(*each) for each in zip(self.n, totals, self.squares or totals, strict=True)]


@dataclass(frozen=True, slots=True)
class SavedWeeks:
    """The whole ISO weeks of a window, from the Monday `first` on: by these, saved reports are compared."""

    first: str
    count: int
    metrics: dict[str, WeekSums]

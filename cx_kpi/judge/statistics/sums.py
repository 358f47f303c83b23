"""What the engine adds up for judging: a metric's rows by day, and the periods they fall into."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from math import exp

from cx_kpi.figures import Mean, Net, Proportion, Sample
from cx_kpi.report import Better, Goal


class Kind(Enum):
    """What a row brings to a metric, and so how its rows are weighed."""

    SHARE = "share"  # 1 or 0
    NET = "net"  # 100 for, 0 neutral, −100 against
    SCORE = "score"  # a number on a scale
    DURATION = "duration"  # the log of seconds
    AMOUNT = "amount"  # a number without bounds
    COUNT = "count"  # 1 each; the denominator is the days, not the rows
    STOCK = "stock"  # the level at the end of a day, as the total of one row


SCALES = {Kind.SHARE: (0.0, 1.0), Kind.NET: (-100.0, 100.0)}


@dataclass(frozen=True, slots=True)
class Sums:
    """How many rows, the sum of what they bring, and the sum of its squares."""

    n: float
    total: float
    squares: float

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.n + other.n, self.total + other.total, self.squares + other.squares)

    @property
    def rate(self) -> float:
        """What a row brings on average."""
        return self.total / self.n

    @property
    def variance(self) -> float:
        """The sample variance (n − 1) of what rows bring; 0 for one row."""
        return max(0.0, self.squares - self.n * self.rate**2) / (self.n - 1) if self.n > 1 else 0.0


NOTHING = Sums(0, 0.0, 0.0)


def sums_of(sample: Sample) -> Sums:
    """The sums behind the sample of a figure."""
    match sample:
        case Proportion(hits, n):
            return Sums(n, hits, hits)
        case Net(promoters, detractors, n):
            return Sums(n, 100 * (promoters - detractors), 10_000 * (promoters + detractors))
        case Mean(n, mean, variance):
            return Sums(n, n * mean, max(0, n - 1) * variance + n * mean * mean)


def summed(parts: Sequence[Sums]) -> Sums:
    """All of them together."""
    return Sums(sum(p.n for p in parts), sum(p.total for p in parts), sum(p.squares for p in parts))


@dataclass(frozen=True, slots=True)
class Period:
    """A full period `[start, end)`, in days since 0001-01-01 (`date.toordinal`)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Series:
    """One metric day by day; `scale` bounds what a row brings where it is bounded.

    `values` are its figures by period as they are printed; `weight` is its part of the error budget;
    metrics with the same `family` say the same of the same rows, and are counted once.
    """

    metric: str
    kind: Kind
    days: Mapping[int, Sums]
    better: Better = Better.NEITHER
    scale: tuple[float, float] | None = None
    values: Sequence[float | None] = ()
    goal: Goal | None = None
    family: str = ""
    weight: float = 1.0

    @property
    def bounds(self) -> tuple[float, float] | None:
        """The least and the most that a row can bring."""
        return SCALES.get(self.kind, self.scale)

    def shown(self, rate: float) -> float:
        """An average of what rows bring in the unit of the metric: the geometric mean of durations."""
        return exp(rate) if self.kind is Kind.DURATION else rate

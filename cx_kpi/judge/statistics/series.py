"""What the engine adds up for judging: a metric's rows by day, and the periods they fall into."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from math import exp

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.sums import Quantity, Sums
from cx_kpi.model.values import Better, Target

SCALES = {Quantity.SHARE: (0.0, 1.0), Quantity.NET: (-100.0, 100.0)}


@dataclass(frozen=True, slots=True)
class Period:
    """A full period `[start, end)`, in days since 0001-01-01 (`date.toordinal`)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Series:
    """One metric day by day; `scale` bounds what a row contributes where it is bounded.

    `values` are its figures by period as they are printed; `weight` is its part of the error budget;
    metrics with the same `family` measure the same of the same rows, and are counted once. `groups` are the days of each
    group of a composite, `parts` the rows of each name of a composition, period by period.
    """

    metric: str
    quantity: Quantity
    days: Mapping[int, Sums]
    better: Better = Better.NEITHER
    scale: tuple[float, float] | None = None
    values: Sequence[float | None] = ()
    target: Target | None = None
    family: str = ""
    weight: float = 1.0
    groups: Mapping[str | None, Mapping[int, Sums]] = field(default_factory=dict)
    parts: Sequence[Mapping[str, int]] = ()
    begins: int = 0  # the first day that counts
    aged: bool = False  # each day as it was at one age: past periods are printed as they are now

    def recorded(self) -> Mapping[str, Mapping[int, Sums]]:
        """The days of the whole, or of each group, by which a history tells it later."""
        return {name or "": days for name, days in self.groups.items()} if self.groups else {"": self.days}

    @property
    def bounds(self) -> tuple[float, float] | None:
        """The least and the most that a row can bring."""
        return SCALES.get(self.quantity, self.scale)

    def shown(self, rate: float) -> float:
        """An average of rows in the unit of the metric: the geometric mean of durations."""
        return exp(rate) if self.quantity is Quantity.DURATION else rate

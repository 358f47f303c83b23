"""Where an axis begins and ends, and which round values are named on it."""

from collections.abc import Iterable
from math import ceil, floor, isclose, log10

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.values import Unit
from cx_kpi.wording.units import DAY, HOUR, MINUTE

INTERVALS = 5  # at most, between the named values
FROM_ZERO = 0.5  # where the least is below this share of the greatest, zero is shown
BOUNDS = {Unit.SHARE: (0.0, 1.0), Unit.POINTS: (-100.0, 100.0)}
LENGTHS = [
    *(n * unit for unit in (1, MINUTE) for n in (1, 2, 5, 10, 15, 30)),
    *(n * HOUR for n in (1, 2, 3, 6, 12)),
]


@dataclass(frozen=True, slots=True)
class Scale:
    """The ends of an axis and the values named between them."""

    low: float
    high: float
    ticks: list[float]


def scale(values: Iterable[float | None], unit: Unit, zero: bool = False) -> Scale:
    """A scale that holds all values; with `zero`, zero too, as bars need it."""
    known = [value for value in values if value is not None] or [0.0]
    low, high = min(known), max(known)
    if zero or 0 <= low < FROM_ZERO * high:
        low, high = min(low, 0.0), max(high, 0.0)
    if isclose(low, high, rel_tol=1e-9, abs_tol=1e-9):
        low, high = _around(low, unit)
    step = _step((high - low) / INTERVALS, unit)
    first = floor(low / step + 1e-9)
    last = max(ceil(high / step - 1e-9), first + 1)
    ticks = [round(place * step, 10) for place in range(first, last + 1)]
    return Scale(ticks[0], ticks[-1], ticks)


def _around(value: float, unit: Unit) -> tuple[float, float]:
    """A span about the one value there is, inside what the unit allows."""
    if isclose(value, 0.0, abs_tol=1e-9):
        return 0.0, 1.0
    least, most = BOUNDS.get(unit, (float("-inf"), float("inf")))
    room = abs(value) / 2
    return max(value - room, min(least, value)), min(value + room, max(most, value))


def _step(least: float, unit: Unit) -> float:
    """The smallest round step that is not below `least`."""
    if unit is Unit.SECONDS and least > 1:
        return _length(least)
    step = _decimal(least)
    return max(step, 1.0) if unit is Unit.COUNT else step


def _length(least: float) -> float:
    fitting = [step for step in LENGTHS if step >= least]
    return fitting[0] if fitting else DAY * max(1.0, _decimal(least / DAY))


def _decimal(least: float) -> float:
    power = 10.0 ** floor(log10(least))
    return next(n * power for n in (1, 2, 5, 10) if n * power >= least * (1 - 1e-9))

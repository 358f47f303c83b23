"""The usual range of a series of periods (XmR, Laney's p′), and whether a process with such a range can meet a target."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import compress, pairwise
from math import ceil, exp, log
from statistics import median

from cx_kpi.judge.statistics.intervals import Interval, Z
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.sums import Quantity
from cx_kpi.model.values import Capability, Target

FIRM, FEWEST = 12, 8  # points that a range needs, and a trial one
LIMIT = 2.66  # times the mean moving range, which is three standard deviations
SCREEN = 3.267  # times the mean moving range: a larger one is a jump, no noise
RUN, NEAR, OF = 8, 3, 4
A_FEW = 10  # rows
WIDE, WIDE_RATIO = (
    0.5,
    1.5,
)  # of a scale, and of the middle where there is no scale: a wider range tells little


class Signal(StrEnum):
    """What sets a point apart from the others."""

    OUTSIDE = "outside"  # its limits
    RUN = "run"  # the last of eight on one side of the mean
    NEAR = "near"  # the last of four, three of which are nearer a limit than the mean, on one side


@dataclass(frozen=True, slots=True)
class UsualRange:
    """The limits of each point (None where there is none), in the unit of the values, and what falls out of them."""

    middle: float
    limits: tuple[Interval | None, ...]
    trial: bool
    signals: dict[int, Signal]  # the strongest of a point, by its place

    @property
    def latest(self) -> Interval | None:
        """The limits of the last point."""
        return next((each for each in reversed(self.limits) if each), None)

    @property
    def outside(self) -> set[int]:
        """The places of the points that are outside their limits."""
        return {place for place in self.signals if self.is_outside(place)}

    def is_wide(self, place: int, quantity: Quantity, bounds: Interval | None) -> bool:
        """Whether it tells little: wider than half a scale, or than 1.5 times its middle; a few more or less are not wide."""
        limits = self.limits[place]
        if limits is None:
            return False
        whole = WIDE * (bounds[1] - bounds[0]) if bounds else WIDE_RATIO * abs(self.middle)
        return limits[1] - limits[0] > max(whole, A_FEW if quantity is Quantity.COUNT else 0.0)

    def is_outside(self, place: int) -> bool:
        """Whether the point at a place is outside its limits."""
        return self.signals.get(place) is Signal.OUTSIDE


def usual_range(
    values: Sequence[float | None],
    errors: Sequence[float] | None = None,
    *,
    logs: bool = False,
    bounds: tuple[float, float] | None = None,
) -> UsualRange | None:
    """The range of values; None with fewer than eight.

    With `errors`, their standard errors by chance alone, limits are as wide as each point's own (Laney's p′).
    """
    known = _on_scale(values, logs=logs)
    if len(known) < FEWEST:
        return None
    scale = [errors[place] for place in known] if errors else [1.0] * len(known)
    if min(scale) <= 0:
        return None
    middle = _mean([*known.values()], scale)
    reach = LIMIT * moving_range(_away([*known.values()], scale, middle))
    middle = _without_odd([*known.values()], scale, middle, reach)
    away = _away([*known.values()], scale, middle)
    limits: list[Interval | None] = [None] * len(values)
    for place, error in zip(known, scale, strict=True):
        low, high = _within(middle - reach * error, middle + reach * error, bounds)
        limits[place] = (exp(low), exp(high)) if logs else (low, high)
    places = [*known]
    signals = {places[i]: signal for i, signal in _signals(away, reach).items()}
    return UsualRange(exp(middle) if logs else middle, tuple(limits), len(known) < FIRM, signals)


def _on_scale(values: Sequence[float | None], *, logs: bool) -> dict[int, float]:
    """The values by their place, or the logarithms of those that have one."""
    known = {place: value for place, value in enumerate(values) if value is not None}
    return {place: log(value) for place, value in known.items() if value > 0} if logs else known


def _within(low: float, high: float, bounds: tuple[float, float] | None) -> Interval:
    return (max(low, bounds[0]), min(high, bounds[1])) if bounds else (low, high)


def _away(values: Sequence[float], errors: Sequence[float], middle: float) -> list[float]:
    return [(value - middle) / error for value, error in zip(values, errors, strict=True)]


def _without_odd(values: Sequence[float], errors: Sequence[float], middle: float, reach: float) -> float:
    """The mean without points beyond the limits, so that one very odd period does not make all others look odd.

    They are found around the median; the mean stays where no point is odd, or not even half of them are alike.
    """
    if max(map(abs, _away(values, errors, middle))) <= reach:
        return middle
    near = [abs(each) <= reach for each in _away(values, errors, median(values))]
    if 2 * sum(near) <= len(values):
        return middle
    return _mean([*compress(values, near)], [*compress(errors, near)])


def _mean(values: Sequence[float], errors: Sequence[float]) -> float:
    weights = [1 / error**2 for error in errors]
    return sum(w * value for w, value in zip(weights, values, strict=True)) / sum(weights)


def moving_range(values: Sequence[float]) -> float:
    """The mean difference from point to point, without those too large to be noise (screened once)."""
    ranges = [abs(b - a) for a, b in pairwise(values)]
    mean = sum(ranges) / len(ranges)
    kept = [each for each in ranges if each <= SCREEN * mean] or ranges
    return sum(kept) / len(kept)


def _signals(away: Sequence[float], reach: float) -> dict[int, Signal]:
    """By the place of a point: outside, else the last of a run, else the last of several near a limit."""
    found: dict[int, Signal] = {}
    side, run = 0, 0  # of the mean, and how many points there have been on it
    for place, value in enumerate(away):
        before, side = side, (value > 0) - (value < 0)
        run = run + 1 if side == before else 1
        if abs(value) > reach + 1e-12:
            found[place] = Signal.OUTSIDE
        elif side and run >= RUN:
            found[place] = Signal.RUN
        elif abs(value) > reach / 2 and _near(away[max(0, place - OF + 1) : place + 1], side, reach / 2):
            found[place] = Signal.NEAR
    return found


def _near(few: Sequence[float], side: int, half: float) -> bool:
    """Whether most of a few points are nearer the limit of this side than the mean."""
    return sum(side * each > half for each in few) >= NEAR


@dataclass(frozen=True, slots=True)
class Prospect:
    """The answer, and how many more rows are needed where it is not known."""

    capability: Capability
    more: int | None = None


def prospect(
    target: Target,
    limits: Interval | None,
    rate: float,
    variance: float,
    n: float,
    values: Sequence[float | None] = (),
) -> Prospect:
    """Whether all, some or none of the usual range meets the target; some is none where no value so far has met it.

    `variance` is that of one row, 0 where none is known.
    """
    if limits is None:
        return Prospect(Capability.CANNOT_TELL, more_rows(target.value, rate, variance, n))
    worst, best = limits if target.operator == ">=" else (limits[1], limits[0])
    if _meets(worst, target):
        return Prospect(Capability.RELIABLY)
    so_far = [value for value in values if value is not None]
    reached = not so_far or any(_meets(value, target) for value in so_far)
    return Prospect(Capability.BY_LUCK if reached and _meets(best, target) else Capability.NOT)


def more_rows(target: float, rate: float, variance: float, n: float) -> int | None:
    """How many more rows separate the 95 % interval of a rate from a target, if it stays; None where none would."""
    if rate == target or variance <= 0:
        return None
    return max(0, ceil(variance * (Z / (rate - target)) ** 2 - n))


def _meets(value: float, target: Target) -> bool:
    return value >= target.value if target.operator == ">=" else value <= target.value

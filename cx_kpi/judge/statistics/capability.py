"""Can this process meet the target: its usual range against the goal, another question than whether it did."""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from cx_kpi.judge.statistics.intervals import Interval, Z
from cx_kpi.model.values import Target


class Capability(StrEnum):
    """What the usual range says of a target."""

    RELIABLY = "reliably"
    BY_LUCK = "by luck"
    NOT = "not without changing how you work"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Prospect:
    """The answer, and how many more rows would tell where it cannot be told."""

    capability: Capability
    more: int | None = None


def prospect(target: Target, limits: Interval | None, rate: float, variance: float, n: float) -> Prospect:
    """Whether all, some or none of what is usual meets the goal; `variance` is that of one row, φ included."""
    if limits is None:
        return Prospect(Capability.CANNOT_TELL, more_rows(target.value, rate, variance, n))
    worst, best = limits if target.operator == ">=" else (limits[1], limits[0])
    if _meets(worst, target):
        return Prospect(Capability.RELIABLY)
    return Prospect(Capability.BY_LUCK if _meets(best, target) else Capability.NOT)


def more_rows(target: float, rate: float, variance: float, n: float) -> int | None:
    """How many more rows set the 95 % interval of a rate apart from a goal, if it stays; None where none would."""
    if rate == target or variance <= 0:
        return None
    return max(0, ceil(variance * (Z / (rate - target)) ** 2 - n))


def _meets(value: float, target: Target) -> bool:
    return value >= target.value if target.operator == ">=" else value <= target.value

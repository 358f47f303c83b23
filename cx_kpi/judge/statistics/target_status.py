"""Was the target met: a value with its interval against a target."""

from math import inf

from cx_kpi.judge.statistics.intervals import Interval
from cx_kpi.model.values import Status, Target, Value

MIN_ROWS = 5  # fewer rows get no verdict


def judge(
    value: Value, interval: Interval | None, n: int, target: Target, *, at_least: bool = False
) -> Status | None:
    """Met or missed only where the whole interval is on one side; without an interval, by the value.

    With `at_least` the value is a lower bound.
    """
    if n == 0:
        return Status.NO_DATA
    if n < MIN_ROWS or not isinstance(value, int | float):
        return None
    low, high = interval or (value, value)
    met = _meets(low, target)
    if met != _meets(inf if at_least else high, target):
        return Status.INCONCLUSIVE
    return Status.MET if met else Status.MISSED


def _meets(value: float, target: Target) -> bool:
    return value >= target.value if target.operator == ">=" else value <= target.value

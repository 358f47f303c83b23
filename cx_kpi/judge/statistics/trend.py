"""Where a series goes: a steady trend, the growth of a stock, and since when it has been as it is."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import combinations, pairwise
from math import sqrt
from statistics import median

from cx_kpi.judge.statistics.distributions import student_quantile, student_tail, two_sided
from cx_kpi.judge.statistics.intervals import UPPER, Interval
from cx_kpi.judge.statistics.series import Period, Series
from cx_kpi.model.frozen import dataclass

FEWEST, MOST = 10, 60
FEWEST_WEEKS, FEWEST_LONG = 12, 8  # steps of a stock: of a week, of four weeks
LONG, YEAR = 4, 52  # weeks
WEEK = 7


@dataclass(frozen=True, slots=True)
class Trend:
    """Sen's slope by period, and the two-sided p of Mann and Kendall's test; `first` is where it was looked at from."""

    slope: float
    p: float
    first: int = 0


def trend(values: Sequence[float | None]) -> Trend | None:
    """Whether the latest sixty values rise or fall; None with fewer than ten."""
    points = [(place, value) for place, value in enumerate(values) if value is not None][-MOST:]
    if len(points) < FEWEST:
        return None
    slopes = sorted([(b - a) / (j - i) for (i, a), (j, b) in combinations(points, 2)])
    rising, falling = len(slopes) - bisect_right(slopes, 0.0), bisect_left(slopes, 0.0)
    score = rising - falling
    variance = _kendall(len(points)) - sum(_kendall(k) for k in _ties([value for _, value in points]))
    z = (score - (score > 0) + (score < 0)) / sqrt(variance) if variance > 0 else 0.0
    return Trend(median(slopes), two_sided(z), points[0][0])


def _kendall(n: int) -> float:
    return n * (n - 1) * (2 * n + 5) / 18


def _ties(values: Sequence[float]) -> list[int]:
    return [k for each in set(values) if (k := values.count(each)) > 1]


@dataclass(frozen=True, slots=True)
class Growth:
    """By how much a stock grows in a week, the 95 % interval of that, and p; from its `first` level, in period `since`."""

    weekly: float
    interval: Interval
    p: float
    first: float
    latest: float
    since: int = 0


def growth(series: Series, periods: Sequence[Period]) -> Growth | None:
    """Whether a stock grew in the latest year: its steps of four weeks, or of one where those are few, against none.

    Steps of a stock that only wanders are independent, and those of one that returns to its level sum up to less: the
    test is exact for the one, and silent on the other. None with fewer than twelve weeks.
    """
    days, stride = _stepped([day for day in _sundays(periods) if day in series.days][-YEAR - 1 :])
    levels = [series.days[day].total for day in days]
    steps = [after - before for before, after in pairwise(levels)]
    if len(steps) < (FEWEST_WEEKS if stride == 1 else FEWEST_LONG):
        return None
    mean = sum(steps) / len(steps)
    variance = sum((step - mean) ** 2 for step in steps) / (len(steps) - 1)
    if variance <= 0 and not mean:
        return None
    error, df = sqrt(variance / len(steps)), len(steps) - 1
    half = student_quantile(UPPER, df) * error
    p = 2 * student_tail(abs(mean) / error, df) if error else 0.0
    first = _period_of(days[0], periods)
    bounds = (mean - half) / stride, (mean + half) / stride
    return Growth(mean / stride, bounds, p, levels[0], levels[-1], first)


def _stepped(days: Sequence[int]) -> tuple[Sequence[int], int]:
    """The days between which steps are taken, up to the last, and how many weeks a step is."""
    stride = LONG if len(days) > LONG * FEWEST_LONG else 1
    return days[::-1][::stride][::-1], stride


def _period_of(day: int, periods: Sequence[Period]) -> int:
    return next(number for number, period in enumerate(periods) if day < period.end)


def _sundays(periods: Sequence[Period]) -> range:
    start, end = periods[0].start, periods[-1].end
    return range(start + (-start) % WEEK, end, WEEK)


def since(rates: Sequence[float | None], weights: Sequence[float]) -> int:
    """The index from which a series is as it is now: the split in two that explains most (one change point)."""
    known = [
        (i, r, w) for i, (r, w) in enumerate(zip(rates, weights, strict=True)) if r is not None and w > 0
    ]
    best, where = 0.0, len(rates) - 1
    for cut in range(1, len(known)):
        left, right = known[:cut], known[cut:]
        a, b = sum(w for _, _, w in left), sum(w for _, _, w in right)
        away = sum(r * w for _, r, w in right) / b - sum(r * w for _, r, w in left) / a
        told = away**2 * a * b / (a + b)
        if told > best:
            best, where = told, right[0][0]
    return where

"""Did a figure change from one period to the next: the difference, its 95 % interval, and the verdict."""

from math import hypot, sqrt

from cx_kpi.judge.statistics.distributions import student_quantile, student_tail, two_sided
from cx_kpi.judge.statistics.intervals import UPPER, Interval, Z, adjusted_net, around, wilson
from cx_kpi.model.figures import Mean, Net, Ordered, Proportion, Sample
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.values import Better, Verdict
from cx_kpi.wording.language import mark

BY = {  # how the interval of the change between two samples of a kind is made
    Proportion: mark("Newcombe's interval of the difference, p from the N − 1 two-proportion z test"),
    Net: mark("z interval of the difference of the adjusted scores"),
    Mean: mark("Welch's t interval of the difference"),
    Ordered: mark("the difference alone"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """current − previous in the unit of the figure, its interval and two-sided p; None where they are not known."""

    change: float | None = None
    interval: Interval | None = None
    p: float | None = None


def compare(current: Sample, previous: Sample, *, bounded: bool = True, asked: float = 1.0) -> Change:
    """The change between two samples of one kind; `TypeError` for two kinds.

    Not `bounded`, a change of shares or means comes without its interval, which takes most of the time. Nor is a p
    above the one that is `asked` for then told from a smaller one that is above it, too.
    """
    if current.n == 0 or previous.n == 0:
        return Change()
    match current, previous:
        case Proportion(), Proportion():
            return _shares(current, previous, bounded=bounded)
        case Net(), Net():
            return _nets(current, previous)
        case Mean(), Mean():
            return _means(current, previous, bounded=bounded, asked=asked)
        case Ordered(_, float(value)), Ordered(_, float(before)):
            return Change(value - before)
    raise TypeError(f"cannot compare {type(current).__name__} with {type(previous).__name__}")


def verdict(change: Change, better: Better) -> Verdict:
    """The verdict on the change: unchanged unless its interval leaves zero out."""
    low, high = change.interval or (0.0, 0.0)
    if low <= 0 <= high:
        return Verdict.UNCHANGED
    if better is Better.NEITHER:
        return Verdict.ROSE if low > 0 else Verdict.FELL
    return Verdict.IMPROVED if (low > 0) == (better is Better.HIGHER) else Verdict.WORSENED


def _shares(current: Proportion, previous: Proportion, *, bounded: bool) -> Change:
    """Newcombe's interval of the difference, p from the N − 1 two-proportion z."""
    share, before = current.hits / current.n, previous.hits / previous.n
    p = two_sided(share_z(current, previous))
    if not bounded:
        return Change(current.per * (share - before), p=p)
    low, high = wilson(current.hits, current.n) or (0.0, 1.0)
    low0, high0 = wilson(previous.hits, previous.n) or (0.0, 1.0)
    change = share - before
    interval = change - hypot(share - low, high0 - before), change + hypot(high - share, before - low0)
    bounds = (current.per * interval[0], current.per * interval[1])
    return Change(current.per * change, bounds, p)


def share_z(current: Proportion, previous: Proportion) -> float:
    """The N − 1 two-proportion z; 0 where neither sample has both hits and misses."""
    n = current.n + previous.n
    pooled = (current.hits + previous.hits) / n
    variance = pooled * (1 - pooled) * n / (current.n * previous.n) * n / (n - 1)
    change = current.hits / current.n - previous.hits / previous.n
    return change / sqrt(variance) if variance > 0 else 0.0


def _nets(current: Net, previous: Net) -> Change:
    """Interval and p from the adjusted scores; the change itself is that of the scores as printed."""
    change = _points(current) - _points(previous)
    middle, error = net_difference(current, previous)
    return Change(change, around(change, middle, Z * error, -200.0, 200.0), two_sided(middle / error))


def net_difference(current: Net, previous: Net) -> tuple[float, float]:
    """Difference of the adjusted scores, and its standard error, in points."""
    (score, variance), (score0, variance0) = adjusted_net(current), adjusted_net(previous)
    return score - score0, sqrt(variance + variance0)


def _points(net: Net) -> float:
    return 100 * (net.promoters - net.detractors) / net.n


def _means(current: Mean, previous: Mean, *, bounded: bool, asked: float) -> Change:
    """Welch's t interval and test."""
    change = current.mean - previous.mean
    squares = [(sample.variance / sample.n, sample.n - 1) for sample in (current, previous)]
    total = sum(square for square, _ in squares)
    if total <= 0 or min(current.n, previous.n) < 2:
        return Change(change)
    t = abs(change) / sqrt(total)
    if not bounded and (least := two_sided(t)) > asked:  # a tail of t is heavier than the normal one
        return Change(change, p=least)
    df = total**2 / sum(square**2 / rest for square, rest in squares)
    p = 2 * student_tail(t, df)
    if not bounded:
        return Change(change, p=p)
    reach = student_quantile(UPPER, df) * sqrt(total)
    return Change(change, (change - reach, change + reach), p)

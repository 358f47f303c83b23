"""Is it a change: a span against another, rows weighed by how much weeks differ."""

from math import copysign, exp, hypot, inf, log, nan, sqrt

from cx_kpi.judge.statistics.distributions import student_quantile, student_tail, two_sided
from cx_kpi.judge.statistics.intervals import UPPER, Interval, score_interval
from cx_kpi.judge.statistics.weekdays import Weekly
from cx_kpi.judge.statistics.weeks import INDEPENDENT, Persistence, Pooled, overdispersion
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.sums import Quantity

FEWEST_WEEKS = 8  # below, nothing can be said of how much weeks differ
NO_INTERVAL = (nan, nan)
FAR_OFF = 0.2  # a p above is in no part of an error budget, whatever its weight


@dataclass(frozen=True, slots=True)
class Effect:
    """How far a span is from another, with the 95 % interval and two-sided p.

    A difference in the unit of the metric; a ratio − 1 for durations (of geometric means) and counts (of daily rates).
    `overdispersion` is φ, by which the variance of rows was multiplied, and more where neighbouring weeks are alike.
    """

    size: float
    interval: Interval
    p: float
    overdispersion: float = 1.0
    weeks: int = 0


def effect(
    weekly: Weekly, now: Pooled, before: Pooled, persistence: Persistence = INDEPENDENT, *, shown: bool = True
) -> Effect | None:
    """One span of a series against another, from eight weeks on; None where either is empty, or all rows are alike.

    Of one that is not shown the interval is not made, nor a p that is surely `FAR_OFF`.
    """
    found = distance(weekly, now, before, persistence)
    if found and not shown and not found.may_be_below(FAR_OFF):
        return Effect(_size(weekly, now, before), NO_INTERVAL, 1.0, found.factor, found.weeks)
    return found.effect(weekly, now, before, shown=shown) if found else None


@dataclass(frozen=True, slots=True)
class Distance:
    """How many standard errors two spans are apart, φ and more by which their variance was multiplied, the weeks."""

    errors: float
    factor: float
    weeks: int

    def may_be_below(self, p: float) -> bool:
        """Whether its p may be so small: Student's tails hold more than the normal distribution's."""
        return two_sided(self.errors) <= p

    def effect(self, weekly: Weekly, now: Pooled, before: Pooled, *, shown: bool = True) -> Effect:
        """The size of it, its interval if that is shown, and its p."""
        p = 2 * student_tail(self.errors, self.weeks - 2)
        size, bounds = _size(weekly, now, before), NO_INTERVAL
        if shown:
            bounds = _interval(weekly, now, before, self.factor, student_quantile(UPPER, self.weeks - 2))
        return Effect(size, bounds, p, self.factor, self.weeks)


def distance(
    weekly: Weekly, now: Pooled, before: Pooled, persistence: Persistence = INDEPENDENT
) -> Distance | None:
    """How far two spans are apart; None as for their effect."""
    weeks = now.weeks + before.weeks
    if not now.n or not before.n or weeks < FEWEST_WEEKS:
        return None
    signed = _signed_root(weekly, now, before)
    if signed is None:
        return None
    factor = overdispersion(weekly, now, before) * _inflation(persistence, now, before)
    return Distance(abs(signed) / sqrt(factor), factor, weeks)


def are_near(weekly: Weekly, now: Pooled, before: Pooled, errors: float) -> bool:
    """Whether two spans, neither of them empty, are surely less than so many standard errors apart.

    A log likelihood ratio is at most the square of their distance in standard errors, and weeks that are unlike bring
    them nearer. Most periods of a long series are near, which this tells without a logarithm.
    """
    variance = weekly.variance((now.total + before.total) / (now.n + before.n))
    away = now.total / now.n - before.total / before.n
    return 2 * away**2 < errors**2 * variance * (1 / now.n + 1 / before.n)


def _inflation(persistence: Persistence, now: Pooled, before: Pooled) -> float:
    """By how much more a difference varies because neighbouring weeks are alike."""
    parts = [(persistence.inflation(span.weeks), 1 / span.n) for span in (now, before)]
    return sum(more * part for more, part in parts) / sum(part for _, part in parts)


def _signed_root(weekly: Weekly, now: Pooled, before: Pooled) -> float | None:
    """The signed root of twice the log likelihood ratio, whose tails hold for rare events too."""
    rate = (now.n * now.rate + before.n * before.rate) / (now.n + before.n)
    variance = weekly.variance(rate)
    if variance <= 0:
        return None
    away = now.rate - before.rate
    if weekly.bounds or weekly.quantity is Quantity.COUNT:
        distance = _bernoulli if weekly.bounds else _poisson
        twice = 2 * sum(part.n * distance(part.rate, rate) for part in (now, before)) / weekly.spread
    else:
        twice = away**2 / (variance * (1 / now.n + 1 / before.n))
    return copysign(sqrt(max(0.0, twice)), away)


def _bernoulli(rate: float, other: float) -> float:
    rate = min(max(rate, 0.0), 1.0)
    return _times_log(rate, other) + _times_log(1 - rate, 1 - other)


def _poisson(rate: float, other: float) -> float:
    return _times_log(rate, other) - (rate - other)


def _times_log(rate: float, other: float) -> float:
    return rate * log(rate / other) if rate > 0 else 0.0


def _size(weekly: Weekly, now: Pooled, before: Pooled) -> float:
    """The effect in its unit."""
    away = now.rate - before.rate
    if weekly.bounds:
        return away * weekly.width
    if weekly.quantity is Quantity.COUNT:
        return now.rate / before.rate - 1 if before.rate else inf
    return exp(away) - 1 if weekly.quantity is Quantity.DURATION else away


def _interval(weekly: Weekly, now: Pooled, before: Pooled, factor: float, reach: float) -> Interval:
    """The interval of the effect, `reach` standard errors to either side."""
    away = now.rate - before.rate
    if weekly.bounds:
        width = weekly.width
        low, high = _newcombe(now, before, factor * weekly.spread, reach)
        return low * width, high * width
    if weekly.quantity is Quantity.COUNT:
        totals = [part.n * part.rate for part in (now, before)]
        middle = log((totals[0] + 0.5) / now.n) - log((totals[1] + 0.5) / before.n)
        error = reach * sqrt(factor * sum(1 / (total + 0.5) for total in totals))
        size = _size(weekly, now, before)
        return min(size, exp(middle - error) - 1), max(size, exp(middle + error) - 1)
    error = reach * sqrt(factor * weekly.spread * (1 / now.n + 1 / before.n))
    if weekly.quantity is Quantity.DURATION:
        return exp(away - error) - 1, exp(away + error) - 1
    return away - error, away + error


def _newcombe(now: Pooled, before: Pooled, factor: float, reach: float) -> Interval:
    """Newcombe's interval of the difference of two shares, whose rows count as 1/factor of a row each."""
    low, high = score_interval(now.rate, now.n / factor, reach)
    low0, high0 = score_interval(before.rate, before.n / factor, reach)
    away = now.rate - before.rate
    return (
        away - hypot(now.rate - low, high0 - before.rate),
        away + hypot(high - now.rate, before.rate - low0),
    )

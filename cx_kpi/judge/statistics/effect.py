"""Is it a change: a span against another, rows weighed by how much weeks differ."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import copysign, exp, hypot, log, sqrt

from cx_kpi.judge.distributions import student_quantile, student_tail
from cx_kpi.judge.intervals import UPPER, Interval
from cx_kpi.judge.statistics.sums import Kind
from cx_kpi.judge.statistics.weekdays import Weekly

FEWEST_WEEKS = 8  # below, nothing can be said of how much weeks differ


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of a span, and what one brings on average; bounded contributions run from 0 to 1."""

    n: float
    rate: float


@dataclass(frozen=True, slots=True)
class Effect:
    """How far a span is from another, with the 95 % interval and two-sided p.

    A difference in the unit of the metric; a ratio − 1 for durations (of geometric means) and counts (of daily rates).
    `overdispersion` is φ.
    """

    size: float
    interval: Interval
    p: float
    overdispersion: float = 1.0
    weeks: int = 0


def effect(weekly: Weekly, subject: Collection[int], baseline: Collection[int]) -> Effect | None:
    """The subject's periods against those of the baseline, from eight weeks on; None where either is empty."""
    spans = [_by_week(weekly, span) for span in (subject, baseline)]
    now, before = (_part(span) for span in spans)
    weeks = sum(map(len, spans))
    if now is None or before is None or weeks < FEWEST_WEEKS:
        return None
    factor = overdispersion(weekly, spans)
    return measured(weekly, now, before, factor, weeks)


def measured(weekly: Weekly, now: Part, before: Part, factor: float, weeks: int) -> Effect | None:
    """The effect between two parts of a series whose weeks differ by `factor`."""
    signed = _signed_root(weekly, now, before)
    if signed is None:
        return None
    p = 2 * student_tail(abs(signed) / sqrt(factor), weeks - 2)
    size, bounds = _size(weekly, now, before, factor, student_quantile(UPPER, weeks - 2))
    return Effect(size, bounds, p, factor, weeks)


def _by_week(weekly: Weekly, span: Collection[int]) -> list[Part]:
    counts: dict[int, float] = defaultdict(float)
    totals: dict[int, float] = defaultdict(float)
    for piece in weekly.pieces:
        if piece.period in span:
            counts[piece.week] += piece.n
            totals[piece.week] += piece.total
    return [Part(n, totals[week] / n) for week, n in counts.items() if n]


def _part(weeks: Sequence[Part]) -> Part | None:
    n = sum(week.n for week in weeks)
    return Part(n, sum(week.n * week.rate for week in weeks) / n) if n else None


def overdispersion(weekly: Weekly, spans: Sequence[Sequence[Part]]) -> float:
    """φ: by how much more the sums of weeks differ than their rows alone would make them; never below 1."""
    parts = [(part, weeks) for weeks in spans if (part := _part(weeks))]
    squares, number = 0.0, 0
    for part, weeks in parts:
        variance = weekly.variance(part.rate)
        number += len(weeks)
        if variance > 0:
            squares += sum(week.n * (week.rate - part.rate) ** 2 for week in weeks) / variance
    free = number - len(parts)
    return max(1.0, squares / free) if free > 0 else 1.0


def _signed_root(weekly: Weekly, now: Part, before: Part) -> float | None:
    """The signed root of twice the log likelihood ratio, whose tails hold for rare events too."""
    rate = (now.n * now.rate + before.n * before.rate) / (now.n + before.n)
    variance = weekly.variance(rate)
    if variance <= 0:
        return None
    away = now.rate - before.rate
    if weekly.bounds or weekly.kind is Kind.COUNT:
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


def _size(weekly: Weekly, now: Part, before: Part, factor: float, reach: float) -> tuple[float, Interval]:
    """The effect in its unit and the interval of it, `reach` standard errors wide."""
    away = now.rate - before.rate
    if weekly.bounds:
        width = weekly.width
        low, high = _newcombe(now, before, factor * weekly.spread, reach)
        return away * width, (low * width, high * width)
    if weekly.kind is Kind.COUNT:
        totals = [part.n * part.rate for part in (now, before)]
        middle = log((totals[0] + 0.5) / now.n) - log((totals[1] + 0.5) / before.n)
        error = reach * sqrt(factor * sum(1 / (total + 0.5) for total in totals))
        size = now.rate / before.rate - 1 if before.rate else float("inf")
        return size, (min(size, exp(middle - error) - 1), max(size, exp(middle + error) - 1))
    error = reach * sqrt(factor * weekly.spread * (1 / now.n + 1 / before.n))
    if weekly.kind is Kind.DURATION:
        return exp(away) - 1, (exp(away - error) - 1, exp(away + error) - 1)
    return away, (away - error, away + error)


def _newcombe(now: Part, before: Part, factor: float, reach: float) -> Interval:
    """Newcombe's interval of the difference of two shares, whose rows tell only 1/factor of what they would."""
    low, high = score_interval(now.rate, now.n / factor, reach)
    low0, high0 = score_interval(before.rate, before.n / factor, reach)
    away = now.rate - before.rate
    return (
        away - hypot(now.rate - low, high0 - before.rate),
        away + hypot(high - now.rate, before.rate - low0),
    )


def score_interval(rate: float, n: float, reach: float) -> Interval:
    """Wilson's interval of a share of `n` rows, which need not be whole."""
    rate, z2 = min(max(rate, 0.0), 1.0), reach * reach
    middle = (n * rate + z2 / 2) / (n + z2)
    half = reach * sqrt(n * rate * (1 - rate) + z2 / 4) / (n + z2)
    return min(rate, max(0.0, middle - half)), max(rate, min(1.0, middle + half))

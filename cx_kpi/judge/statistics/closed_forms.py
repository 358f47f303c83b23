"""Intervals and tests in closed form: of counts, ratios, tables and composites, and of changes within few weeks."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from math import exp, inf, sqrt

from cx_kpi.engine.ranks.binomial import binomial_cdf
from cx_kpi.judge.statistics.change import Change, compare
from cx_kpi.judge.statistics.distributions import (
    chi_square_tail,
    normal_quantile,
    poisson_mass,
    poisson_tail,
    student_quantile,
    student_tail,
)
from cx_kpi.judge.statistics.effect import Effect
from cx_kpi.judge.statistics.intervals import UPPER, Interval, wilson
from cx_kpi.judge.statistics.weekdays import Weekly
from cx_kpi.judge.statistics.weeks import gather
from cx_kpi.model.figures import Mean, Net, Proportion, Sample
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.sums import Quantity, Sums, summed

_LEAST = 1e-12  # where the search for a mean begins: nothing is below
MIN_STAGE = 5  # answers that a stage needs in each of two spans


def poisson_interval(events: float, overdispersion: float = 1.0) -> Interval:
    """The exact mid-p interval of an expected count; overdispersed events count as events ÷ φ.

    Garwood's own covers 97 % and more of small counts.
    """
    told = events / overdispersion
    low = _mean_of(told, 1 - UPPER) if told > 0 else 0.0
    return low * overdispersion, _mean_of(told, UPPER) * overdispersion


@lru_cache(maxsize=4096)
def _mean_of(told: float, chance: float) -> float:
    """The mean at which this many events or more have this chance (mid-p): Newton's steps, kept between bounds."""
    low, high = _LEAST, told + 10 * sqrt(told) + 40
    middle = max(told + normal_quantile(chance) * sqrt(told + 0.5), 0.5 * told + 1e-3)
    step = inf
    while abs(step) > 1e-9 * middle:
        over, step = _newton(told, middle, chance)
        low, high = (low, middle) if over > 0 else (middle, high)
        if not low < middle + step < high:
            step = (low + high) / 2 - middle
        middle += step
    last = _newton(told, middle, chance)[1]  # one more step: the last may have been a mere halving
    return middle + last if abs(last) < 1e-6 * middle else middle


def _newton(told: float, mean: float, chance: float) -> tuple[float, float]:
    """How far the chance at a mean is over what is asked, and the step to where it is not."""
    exactly = poisson_mass(told, mean)
    over = poisson_tail(told, mean) - exactly / 2 - chance
    slope = exactly * (told / mean + 1) / 2
    return over, -over / slope if slope else inf


def rate_ratio(events: int, days: float, before: int, days_before: float) -> Change:
    """How many more events a day than before (ratio − 1); p exact, given all events (binomial)."""
    n = events + before
    if not n or not days or not days_before:
        return Change()
    part = days / (days + days_before)
    p = min(1.0, 2 * min(binomial_cdf(events, n, part), 1 - binomial_cdf(events - 1, n, part)))
    low, high = wilson(events, n) or (0.0, 1.0)
    return Change(
        _odds(events / n) * days_before / days - 1,
        (_odds(low) * days_before / days - 1, _odds(high) * days_before / days - 1),
        p,
    )


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else inf


def geometric_ratio(logs: Mean, before: Mean) -> Change:
    """The ratio − 1 of two geometric means, by Welch's test on the logs."""
    found = compare(logs, before)
    if found.change is None:
        return found
    bounds = found.interval and (exp(found.interval[0]) - 1, exp(found.interval[1]) - 1)
    return Change(exp(found.change) - 1, bounds, found.p)


@dataclass(frozen=True, slots=True)
class Association:
    """Pearson's test of a table, and the cell that is furthest from what independence lets expect, in deviations."""

    statistic: float
    p: float
    row: int
    column: int
    residual: float


def association(table: Sequence[Sequence[float]]) -> Association | None:
    """Whether the composition of rows differs; None where rows or columns are fewer than two."""
    rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    n = sum(rows)
    filled = sum(map(bool, rows)), sum(map(bool, columns))
    if min(filled) < 2:
        return None
    df = (filled[0] - 1) * (filled[1] - 1)
    statistic, largest = 0.0, (0.0, 0, 0)
    for i, row in enumerate(table):
        for j, seen in enumerate(row):
            expected = rows[i] * columns[j] / n
            if expected:
                statistic += (seen - expected) ** 2 / expected
                spread = expected * (1 - rows[i] / n) * (1 - columns[j] / n)
                residual = (seen - expected) / sqrt(spread) if spread > 0 else 0.0
                largest = max(largest, (residual, i, j), key=lambda each: abs(each[0]))
    residual, i, j = largest
    return Association(statistic, chi_square_tail(statistic, df), i, j, residual)


def composite_change(stages: Sequence[tuple[Mean, Mean]]) -> Change:
    """The change of a mean of stage means (now, before), over stages with five answers in both; Satterthwaite."""
    kept = [pair for pair in stages if min(each.n for each in pair) >= MIN_STAGE]
    if not kept:
        return Change()
    weight = 1 / len(kept)
    change = weight * sum(now.mean - before.mean for now, before in kept)
    parts = [(weight**2 * each.variance / each.n, each.n - 1) for pair in kept for each in pair]
    total = sum(part for part, _ in parts)
    if total <= 0:
        return Change(change)
    df = total**2 / sum(part**2 / free for part, free in parts)
    half = student_quantile(UPPER, df) * sqrt(total)
    return Change(change, (change - half, change + half), 2 * student_tail(abs(change) / sqrt(total), df))


def few_weeks(weekly: Weekly, subject: Collection[int], baseline: Collection[int]) -> Effect | None:
    """The subject's periods against those of the baseline by rows alone, where weeks are too few."""
    now, before = _span(weekly, subject), _span(weekly, baseline)
    if not now.n or not before.n:
        return None
    match weekly.quantity:
        case Quantity.COUNT:
            found = rate_ratio(round(now.total), now.n, round(before.total), before.n)
        case Quantity.DURATION:
            found = geometric_ratio(_mean(now), _mean(before))
        case _:
            found = compare(_sample(weekly.quantity, now), _sample(weekly.quantity, before))
    if found.change is None or found.interval is None or found.p is None:
        return None
    factor = 1.0 if weekly.quantity is Quantity.NET else weekly.width  # a net score is compared in its points
    low, high = found.interval
    return Effect(found.change * factor, (low * factor, high * factor), found.p)


def _span(weekly: Weekly, periods: Collection[int]) -> Sums:
    """The rows of periods with their weekdays evened out; they spread as they do."""
    pooled, rows = gather(weekly, periods).pooled, summed([weekly.rows[number] for number in periods])
    if not pooled.n:
        return rows
    if weekly.quantity is Quantity.COUNT:
        return Sums(pooled.n, rows.total, 0.0)
    total = min(max(pooled.total, 0.0), rows.n) if weekly.bounds else pooled.total
    return Sums(rows.n, total, rows.squares + (total**2 - rows.total**2) / rows.n)


def _sample(quantity: Quantity, sums: Sums) -> Sample:
    if quantity is Quantity.SHARE:
        return Proportion(round(sums.total), round(sums.n))
    if quantity is Quantity.NET:
        away = sums.n * ((sums.total / sums.n - 0.5) ** 2 + sums.variance * (sums.n - 1) / sums.n)
        either, net = round(4 * away), round(2 * sums.total - sums.n)  # promoters with, and less, detractors
        return Net((either + net) // 2, (either - net) // 2, round(sums.n))
    return _mean(sums)


def _mean(sums: Sums) -> Mean:
    return Mean(round(sums.n), sums.rate, sums.variance)

"""Changes of compositions and composites: how rows spread over names, and the mean of the means of groups."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import sqrt

from cx_kpi.judge.statistics.closed_forms import MIN_STAGE, association, composite_change
from cx_kpi.judge.statistics.distributions import (
    chi_square_tail,
    fisher_tail,
    student_quantile,
    student_tail,
)
from cx_kpi.judge.statistics.effect import FEWEST_WEEKS, Effect
from cx_kpi.judge.statistics.intervals import UPPER
from cx_kpi.judge.statistics.series import Period
from cx_kpi.judge.statistics.weekdays import WEEK
from cx_kpi.model.figures import Mean
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.sums import NOTHING, Sums, summed

MIN_EXPECTED = 5  # rows of a name in either span
FEWEST_FREE = 6  # degrees of freedom that tell how unlike periods are: those of eight weeks

Weeks = Mapping[int, Sums]
Numbers = Collection[int]  # of periods


@dataclass(frozen=True, slots=True)
class Shift:
    """That a composition changed (p), and the name that changed most: its share of the rows, and before."""

    name: str
    share: float
    before: float
    p: float
    overdispersion: float = 1.0


def shifted(parts: Sequence[Mapping[str, int]], now: Numbers, before: Numbers) -> Shift | None:
    """Whether rows, counted by name in each period, spread otherwise than before; None with too few rows.

    Pearson's test, its statistic divided by how much periods of one span differ beyond chance (F), where there are
    enough to tell; names that are rare in both spans are left out of it.
    """
    spans = [_together(parts, now), _together(parts, before)]
    names = _frequent(spans)
    found = association([[span[name] for name in names] for span in spans])
    if found is None:
        return None
    df, (squares, free) = len(names) - 1, _within(parts, (now, before), names)
    unlike = free >= FEWEST_FREE
    factor = max(1.0, squares / free) if unlike else 1.0
    statistic = found.statistic / factor
    p = fisher_tail(statistic / df, df, free) if unlike else chi_square_tail(statistic, df)
    name = names[found.column]
    share, share0 = (span[name] / span.total() for span in spans)
    return Shift(name, share, share0, p, factor)


def _together(parts: Sequence[Mapping[str, int]], numbers: Numbers) -> Counter[str]:
    total: Counter[str] = Counter()
    for number in numbers:
        total.update(parts[number])
    return total


def _frequent(spans: Sequence[Counter[str]]) -> list[str]:
    """The names with at least five expected rows in each span."""
    whole = sum(spans, Counter[str]())
    smaller = min(span.total() for span in spans) / whole.total() if whole else 0.0
    return sorted(name for name, n in whole.items() if n * smaller >= MIN_EXPECTED)


def _within(
    parts: Sequence[Mapping[str, int]], spans: Iterable[Numbers], names: Sequence[str]
) -> tuple[float, int]:
    """How unlike the periods of the spans are: Σ χ², and its degrees of freedom."""
    squares, free = 0.0, 0
    for numbers in spans:
        rows = [[parts[number].get(name, 0) for name in names] for number in numbers]
        filled = [row for row in rows if any(row)]
        if found := association(filled) if len(filled) > 1 else None:
            squares += found.statistic
            free += (len(filled) - 1) * (sum(map(any, zip(*filled, strict=True))) - 1)
    return squares, free


def composite_effect(
    groups: Iterable[Mapping[int, Sums]], periods: Sequence[Period], now: Numbers, before: Numbers
) -> Effect | None:
    """The change of the mean of group means, over groups with five rows in both spans; None where none has them.

    Rows are weighed as elsewhere, by how much weeks differ; below eight weeks by Satterthwaite alone.
    """
    every = [(_weeks(days, periods, now), _weeks(days, periods, before)) for days in groups]
    kept = [spans for spans in every if min(_sum(weeks).n for weeks in spans) >= MIN_STAGE]
    found = composite_change([(_mean(_sum(one)), _mean(_sum(other))) for one, other in kept])
    if found.change is None or found.interval is None or found.p is None:
        return None
    squares, weeks, variance = 0.0, 0, 0.0
    for span in zip(*kept, strict=True):
        off, n, spread = _off(span)
        squares, weeks, variance = squares + off, weeks + n, variance + spread
    if weeks < FEWEST_WEEKS:
        return Effect(found.change, found.interval, found.p, weeks=weeks)
    factor = max(1.0, squares / (weeks - 2))
    error = sqrt(variance * factor)
    half = student_quantile(UPPER, weeks - 2) * error
    p = 2 * student_tail(abs(found.change) / error, weeks - 2)
    return Effect(found.change, (found.change - half, found.change + half), p, factor, weeks)


def _off(groups: Sequence[Weeks]) -> tuple[float, int, float]:
    """How far the weeks of a span are from it, in variances of their rows; how many; and the variance of its mean."""
    sums = [_sum(weeks) for weeks in groups]
    squares, numbers = 0.0, sorted({number for weeks in groups for number in weeks})
    for number in numbers:
        parts = [(weeks.get(number, NOTHING), whole) for weeks, whole in zip(groups, sums, strict=True)]
        away = sum((part.total - part.n * whole.rate) / whole.n for part, whole in parts)
        variance = sum(part.n * whole.variance / whole.n**2 for part, whole in parts)
        squares += away**2 / variance if variance > 0 else 0.0
    return squares, len(numbers), sum(each.variance / each.n for each in sums) / len(sums) ** 2


def _weeks(days: Mapping[int, Sums], periods: Sequence[Period], numbers: Numbers) -> dict[int, Sums]:
    found: dict[int, list[Sums]] = {}
    for number in numbers:
        for day in range(periods[number].start, periods[number].end):
            if day in days:
                found.setdefault((day - 1) // WEEK, []).append(days[day])
    return {week: summed(each) for week, each in found.items()}


def _sum(weeks: Weeks) -> Sums:
    return summed(weeks.values())


def _mean(sums: Sums) -> Mean:
    return Mean(int(sums.n), sums.rate, sums.variance)

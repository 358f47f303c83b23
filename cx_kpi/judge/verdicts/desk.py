"""One metric laid out for judging: its weeks, its usual range, and which periods can be compared with which."""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from math import expm1, log, sqrt

from cx_kpi.judge.statistics.closed_forms import few_weeks
from cx_kpi.judge.statistics.distributions import normal_quantile
from cx_kpi.judge.statistics.effect import FEWEST_WEEKS, Effect, are_near, distance, effect
from cx_kpi.judge.statistics.intervals import Interval
from cx_kpi.judge.statistics.series import Period, Series
from cx_kpi.judge.statistics.trend import Trend, trend
from cx_kpi.judge.statistics.usual_range import Prospect, UsualRange, prospect, usual_range
from cx_kpi.judge.statistics.weekdays import FEWEST_ROWS, Filled, Weekly, evened
from cx_kpi.judge.statistics.weeks import (
    INDEPENDENT,
    Neighbours,
    Persistence,
    Pooled,
    alone,
    gather,
    neighbours,
)
from cx_kpi.judge.verdicts.parted import composite_effect
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.sums import Quantity, Sums, summed

MOST_BEFORE = 12  # periods of a baseline


@dataclass(frozen=True, slots=True)
class Desk:
    """A series, its periods, and the numbers of those that are the subject."""

    series: Series
    periods: Sequence[Period]
    weekly: Weekly
    subject: tuple[int, ...]
    usual: UsualRange | None
    persistence: Persistence = INDEPENDENT
    shown: bool = True  # what is told of it; of others the verdicts alone, and how far it has moved

    def window(self, span: Collection[int]) -> range:
        """The up to twelve periods before a span, or as many as it has; those that do not count are none."""
        first = bisect_right(self.periods, self.series.begins, key=lambda period: period.end)
        return range(max(first, min(span) - max(MOST_BEFORE, len(span))), min(span))

    def has_before(self, span: Collection[int]) -> bool:
        """Whether a span is longer than the subject and there are at least as many periods before it."""
        return len(span) > len(self.subject) and min(span) >= len(span)

    def before(self, span: Collection[int]) -> tuple[int, ...]:
        """The periods before a span that are a fair measure of it."""
        return self._fair(self.window(span))

    def _fair(self, span: Sequence[int]) -> tuple[int, ...]:
        """Periods without those that are outside the usual range, unless all are."""
        outside = self.usual.outside if self.usual else ()
        return tuple([number for number in span if number not in outside]) or tuple(span)

    def effect(self, span: Collection[int], baseline: Collection[int]) -> Effect | None:
        """The one against the other; None where either is too small."""
        if self.series.quantity is Quantity.COMPOSITE:
            return composite_effect(self.series.groups.values(), self.periods, span, baseline)
        now, before = gather(self.weekly, span).pooled, gather(self.weekly, baseline).pooled
        if not self._enough(now, before):
            return None
        if now.weeks + before.weeks < FEWEST_WEEKS:
            return few_weeks(self.weekly, span, baseline)
        return effect(self.weekly, now, before, self.persistence, shown=self.shown)

    def trend(self) -> Trend | None:
        """Where its periods go, by period: in the unit of the metric, or a ratio − 1 for durations and counts."""
        rates = self.weekly.rates
        if self.series.quantity is Quantity.COUNT:
            rates = [log(rate) if rate else None for rate in rates]
        found = trend(rates)
        if found is None:
            return None
        ratio = self.series.quantity in (Quantity.COUNT, Quantity.DURATION)
        return replace(found, slope=expm1(found.slope) if ratio else self.weekly.width * found.slope)

    def neighbours(self) -> Neighbours | None:
        """How alike its neighbouring weeks are; None of a stock, whose weeks are one level."""
        if self.series.quantity is Quantity.STOCK:
            return None
        return neighbours(self.weekly, (self.subject, self.before(self.subject)))

    def past(self, below: float) -> Iterator[tuple[int, Effect | None]]:
        """Each period that is not the subject, against the others that are a fair measure of it.

        None for one whose p is surely not below this.
        """
        if self.series.quantity is Quantity.STOCK or self.series.aged:
            return
        fair = {*self._fair(range(len(self.periods)))}
        others, errors = gather(self.weekly, fair), -normal_quantile(below / 2)
        for number, pieces in enumerate(self.weekly.periods):
            if number in self.subject:
                continue
            now, before = alone(pieces), others.without(pieces) if number in fair else others.pooled
            if self._enough(now, before) and now.weeks + before.weeks >= FEWEST_WEEKS:
                if are_near(self.weekly, now, before, errors):
                    yield number, None
                else:
                    yield from self._apart(number, now, before, below)

    def _apart(
        self, number: int, now: Pooled, before: Pooled, below: float
    ) -> Iterator[tuple[int, Effect | None]]:
        """A period against others that it may be far from; nothing where all rows are alike."""
        if found := distance(self.weekly, now, before, self.persistence):
            yield number, found.effect(self.weekly, now, before) if found.may_be_below(below) else None

    def _enough(self, now: Pooled, before: Pooled) -> bool:
        """Whether both have five rows; for a count, as many as the two together let expect."""
        rate = 1.0
        if self.series.quantity is Quantity.COUNT:
            rate = (now.total + before.total) / (now.n + before.n) if now.n + before.n else 0.0
        return min(now.n, before.n) * rate >= FEWEST_ROWS

    def prospect(self) -> Prospect | None:
        """Whether the process can meet the metric's target."""
        series = self.series
        sums = summed([self.weekly.rows[number] for number in self.subject])
        if not series.target or sums.n < FEWEST_ROWS or series.quantity is Quantity.COUNT:
            return None
        limits = self.usual.latest if self.usual else None
        target, width = series.target, self.weekly.width
        low = series.bounds[0] if series.bounds else 0.0
        variance = 0.0 if series.quantity is Quantity.DURATION else width**2 * self.weekly.variance(sums.rate)
        return prospect(target, limits, low + width * sums.rate, variance, sums.n, series.values)


def lay_out(
    series: Series, periods: Sequence[Period], subject: int, days: Sequence[Filled], *, shown: bool = True
) -> Desk:
    """A series made ready by the days of its periods; its subject are the latest of them.

    Limits that are not `shown` are not in the unit of the metric.
    """
    weekly = evened(series, days)
    last = len(periods)
    usual = _usual(series, weekly)
    if usual and shown:
        usual = _in_its_unit(usual, series, weekly)
    return Desk(series, periods, weekly, tuple(range(last - subject, last)), usual, shown=shown)


def _moved(
    series: Series, weekly: Weekly, limits: Interval | None, rate: float | None, rows: Sums, n: float
) -> Interval | None:
    """The limits of one period, at its own weekdays."""
    if limits is None or rate is None:
        return None
    if series.quantity is Quantity.COUNT:
        return max(0.0, limits[0]) * n, limits[1] * n
    low, high = (_shown(series, weekly, limit + rows.rate - rate) for limit in limits)
    return low, high


def _counting(values: Sequence[float | None], sizes: Sequence[float]) -> list[float | None]:
    """The values of the periods of which rows count."""
    return [value if n else None for value, n in zip(values, sizes, strict=True)]


def _usual(series: Series, weekly: Weekly) -> UsualRange | None:
    """The usual range of the periods; none of a stock, which wanders."""
    if series.quantity is Quantity.STOCK:
        return None
    errors = [1 / sqrt(n or 1.0) for n in weekly.sizes]
    if _is_by_values(series):
        return usual_range(_counting(series.values, weekly.sizes), errors, logs=True)
    return usual_range(weekly.rates, errors)


def _is_by_values(series: Series) -> bool:
    """Whether its usual range is that of its figures as they are printed, not of what rows bring."""
    return series.quantity is Quantity.DURATION and bool(series.values)


def _in_its_unit(found: UsualRange, series: Series, weekly: Weekly) -> UsualRange:
    """The usual range of the figures of the periods, in their unit.

    Limits are those of even weekdays, moved to the weekdays that a period has.
    """
    if _is_by_values(series):
        return found
    sizes = weekly.sizes
    places = zip(found.limits, weekly.rates, weekly.rows, sizes, strict=True)
    moved = [_moved(series, weekly, *place) for place in places]
    middle = (
        found.middle * sum(sizes) / sum(n > 0 for n in sizes)
        if series.quantity is Quantity.COUNT
        else _shown(series, weekly, found.middle)
    )
    return replace(found, middle=middle, limits=tuple(moved))


def _shown(series: Series, weekly: Weekly, rate: float) -> float:
    """What rows bring, in the unit of the metric and within its bounds."""
    if not weekly.bounds:
        return series.shown(rate)
    low, high = weekly.bounds
    return min(max(low + weekly.width * rate, low), high)

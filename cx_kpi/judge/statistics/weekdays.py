"""Equal weekdays and equal age: spans made comparable before they are compared.

A month has four or five Mondays; where Mondays differ from Sundays, that alone would be a change.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property, partial
from itertools import chain
from typing import Any, NamedTuple

from cx_kpi.judge.statistics.series import Period, Series
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.sums import NOTHING, Quantity, Sums, summed

WEEK = 7
Day = tuple[int, float, float, float]  # its number, its rows, what they bring, and the sum of squares of that
Week = tuple[int, tuple[tuple[int, float, float], ...]]
NOWHERE = (0.0,) * WEEK  # no weekday is away from the rate
ALIKE = (1.0,) * WEEK  # each weekday weighs as much as the others
FEWEST_ROWS = 5  # of a figure that is judged


class Piece(NamedTuple):
    """What one ISO week brings to one period; bounded contributions run from 0 to 1, the days of a count weigh alike."""

    week: int
    n: float
    total: float


@dataclass(frozen=True)  # without slots: what it has been asked is kept
class Weekly:
    """A series in pieces by period, its weekdays evened out; `rows` are the sums of each period, not evened.

    `spread` is the variance of a row within its period and weekday: for what is bounded in units of r(1 − r), for a
    count in units of r.
    """

    quantity: Quantity
    periods: tuple[tuple[Piece, ...], ...]
    spread: float
    rows: tuple[Sums, ...]
    bounds: tuple[float, float] | None = None

    @cached_property
    def gathered(self) -> dict[tuple[int, ...], Any]:
        """What is known of several of its periods together."""
        return {}

    @property
    def width(self) -> float:
        """How much one unit of the pieces is in the unit of the series."""
        return self.bounds[1] - self.bounds[0] if self.bounds else 1.0

    @cached_property
    def sizes(self) -> Sequence[float]:
        """The rows of each period; of a count, its days, each by how much comes on its weekday."""
        return [sum([n for _, n, _ in pieces]) for pieces in self.periods]

    @cached_property
    def rates(self) -> Sequence[float | None]:
        """What a row brings in each period, weekdays evened out; None with fewer than five rows."""
        return [
            sum([total for *_, total in pieces]) / n if n and rows.n >= FEWEST_ROWS else None
            for n, pieces, rows in zip(self.sizes, self.periods, self.rows, strict=True)
        ]

    def variance(self, rate: float) -> float:
        """The variance of a row where rows bring `rate` on average."""
        if self.bounds:
            return self.spread * max(0.0, rate * (1 - rate))
        return self.spread * rate if self.quantity is Quantity.COUNT else self.spread


@dataclass(frozen=True)  # without slots: its pieces are kept
class Filled:
    """The days of one period that have rows, their sums in all, and by weekday their rows and what those bring.

    `weeks` are the days by ISO week: the weekday of each, its rows, and what those bring.
    `away` is how much more each weekday brings than the rate of the period lets expect, `squares` the sum over days of
    that² ÷ n; both None of a period shorter than a week, whose own rate tells little.
    """

    days: tuple[Day, ...]
    weeks: tuple[Week, ...]
    sums: Sums
    rows: tuple[float, ...]
    totals: tuple[float, ...]
    away: tuple[float, ...] | None
    squares: float

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Its weeks where no weekday differs from the others, which is most often so of few rows."""
        return tuple([_piece(*week) for week in self.weeks])

    def weighed(self, weights: Sequence[float]) -> tuple[Piece, ...]:
        """Its weeks where weekdays weigh differently, of a count."""
        return tuple(
            [
                Piece(week, sum([n * weights[weekday] for weekday, n, _ in days]), plain.total)
                for (week, days), plain in zip(self.weeks, self.pieces, strict=True)
            ]
        )

    def without(self, effects: Sequence[float]) -> tuple[Piece, ...]:
        """Its weeks without what their weekdays bring more than others."""
        pieces = []
        for (week, days), plain in zip(self.weeks, self.pieces, strict=True):
            total = 0.0
            for weekday, n, brought in days:
                total = total + brought - n * effects[weekday]
            pieces.append(Piece(week, plain.n, total))
        return tuple(pieces)


def filled(series: Series, periods: Sequence[Period]) -> list[Filled]:
    """Each period of a series; bounded contributions run from 0 to 1, and a count has a row for every day."""
    return [_filled(_days(series, period), period) for period in periods]


def _filled(days: list[Day], period: Period) -> Filled:
    if len(days) == 1 and period.end - period.start < WEEK:
        return _of_one(days)
    rows, totals, n, total, squares = [0.0] * WEEK, [0.0] * WEEK, 0.0, 0.0, 0.0
    weeks: dict[int, list[tuple[int, float, float]]] = {}
    for day, its_n, its_total, its_squares in days:
        week, weekday = divmod(day - 1, WEEK)
        rows[weekday] += its_n
        totals[weekday] += its_total
        n, total, squares = n + its_n, total + its_total, squares + its_squares
        weeks.setdefault(week, []).append((weekday, its_n, its_total))
    sums, long = Sums(n, total, squares), period.end - period.start >= WEEK
    away, off = _away(days, sums.rate) if n and long else (NOWHERE, 0.0)
    known = away if long or not days else None
    each = tuple([(week, tuple(found)) for week, found in weeks.items()])
    return Filled(tuple(days), each, sums, tuple(rows), tuple(totals), known, off)


def _of_one(days: list[Day]) -> Filled:
    """The same of a single day, as thousands of periods are: it is added to nothing."""
    ((day, n, total, squares),) = days
    week, weekday = divmod(day - 1, WEEK)
    before, after = NOWHERE[:weekday], NOWHERE[weekday + 1 :]
    sums = Sums(0.0 + n, 0.0 + total, 0.0 + squares)
    weeks = ((week, ((weekday, n, total),)),)
    return Filled(
        tuple(days), weeks, sums, (*before, sums.n, *after), (*before, sums.total, *after), None, 0.0
    )


def even(series: Series, periods: Sequence[Period]) -> Weekly:
    """The days of a series as pieces of weeks, in which each weekday has the same weight."""
    return evened(series, filled(series, periods))


def evened(series: Series, periods: Sequence[Filled]) -> Weekly:
    """The same, of periods whose days are known."""
    by_period = [period.sums for period in periods]
    rows = [sum(each) for each in zip(*(period.rows for period in periods), strict=True)]
    whole = summed(by_period)
    if series.quantity is Quantity.COUNT:
        totals = [sum(each) for each in zip(*(period.totals for period in periods), strict=True)]
        weights, spread = _paces(whole, rows, totals), 1.0
        alike, turned = weights == ALIKE, partial(Filled.weighed, weights=weights)
    else:
        effects, spread = _effects(whole, periods, rows)
        alike, turned = effects == NOWHERE, partial(Filled.without, effects=effects)
    if series.bounds:
        spread = _binomial(spread, whole, by_period)
    pieces = tuple([period.pieces if alike else turned(period) for period in periods])
    return Weekly(series.quantity, pieces, spread, tuple(by_period), series.bounds)


def _away(days: Iterable[Day], rate: float) -> tuple[tuple[float, ...], float]:
    """How much more each weekday brings than a rate lets expect, and the sum over days of that² ÷ n."""
    away, squares = [0.0] * WEEK, 0.0
    for day, n, total, _ in days:
        more = total - n * rate
        away[(day - 1) % WEEK] += more
        squares += more**2 / n
    return tuple(away), squares


def _binomial(spread: float, whole: Sums, by_period: Sequence[Sums]) -> float:
    """The variance of a bounded row in units of r(1 − r)."""
    binomial = sum(each.n * each.rate * (1 - each.rate) for each in by_period if each.n)
    return spread * whole.n / binomial if binomial > 0 else 0.0


def _days(series: Series, period: Period) -> list[Day]:
    """The days of a period that have rows, in their order: thousands of each report."""
    low, high = series.bounds or (0.0, 1.0)
    numbers, found = range(max(period.start, series.begins), period.end), series.days.get
    if series.quantity is Quantity.COUNT:
        return [(day, 1, found(day, NOTHING).total, 0.0) for day in numbers]
    days = [(day, *sums) for day in numbers if (sums := found(day)) and sums.n]
    if (low, high) == (0.0, 1.0):
        return days
    width = high - low
    return [
        (day, n, (total - n * low) / width, (squares - 2 * low * total + n * low * low) / width**2)
        for day, n, total, squares in days
    ]


def _effects(
    whole: Sums, periods: Sequence[Filled], weekdays: Sequence[float]
) -> tuple[tuple[float, ...], float]:
    """By how much a row of each weekday is above the average, and the variance of rows without that.

    `weekdays` are their rows.
    """
    if not whole.n:
        return NOWHERE, 0.0
    sums = [period.sums for period in periods if period.sums.n]
    within = whole.squares - sum(each.total**2 / each.n for each in sums)
    free = whole.n - len(sums)
    variance = _ratio(max(0.0, within), free)
    away, squares = _all_away(periods, whole.rate)
    raw = [more / n if n else 0.0 for more, n in zip(away, weekdays, strict=True)]
    between = sum(n * effect**2 for n, effect in zip(weekdays, raw, strict=True))
    days = sum(len(period.days) for period in periods)
    scale = variance * _of_days(squares - between, variance, days - len(periods))
    kept = _kept(_ratio(between, scale), weekdays)
    left = within - between * (1 - (1 - kept) ** 2)
    return tuple([kept * effect for effect in raw]), _ratio(max(0.0, left), free)


def _all_away(periods: Sequence[Filled], rate: float) -> tuple[Sequence[float], float]:
    """How far weekdays are from the rate of their periods, from that of all where a period is shorter than a week."""
    own = [period.away for period in periods if period.away]
    if len(own) < len(periods):
        return _away(chain.from_iterable(period.days for period in periods), rate)
    return [sum(each) for each in zip(*own, strict=True)], sum(period.squares for period in periods)


def _ratio(number: float, of: float) -> float:
    """One number by another; 0 where that is not positive."""
    return number / of if of > 0 else 0.0


def _paces(whole: Sums, days: Sequence[float], totals: Sequence[float]) -> tuple[float, ...]:
    """How much of an average day each weekday is, for counts."""
    pace = whole.rate if whole.n else 0.0
    if not pace:
        return ALIKE
    raw = [total / n / pace - 1 if n else 0.0 for n, total in zip(days, totals, strict=True)]
    between = sum(n * effect**2 for n, effect in zip(days, raw, strict=True)) * pace
    kept = _kept(between, days)
    return tuple([1 + kept * effect for effect in raw])


def _of_days(squares: float, variance: float, days: int) -> float:
    """By how much more days of one weekday differ than their rows would make them; never below 1."""
    free = days - WEEK + 1
    return max(1.0, squares / variance / free) if variance > 0 and free > 0 else 1.0


def _kept(between: float, weekdays: Sequence[float]) -> float:
    """How much of the differences between weekdays is more than chance (James and Stein)."""
    df = sum(1 for n in weekdays if n) - 1
    return max(0.0, 1 - df / between) if between > 0 and df > 0 else 0.0


def _piece(week: int, days: Sequence[tuple[int, float, float]]) -> Piece:
    return Piece(week, sum([n for _, n, _ in days]), sum([brought for _, _, brought in days]))

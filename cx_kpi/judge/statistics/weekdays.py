"""Equal weekdays and equal age: spans made comparable before they are compared.

A month has four or five Mondays; where Mondays differ from Sundays, that alone would be a change.
"""

from collections.abc import Iterable, Iterator, Sequence

from cx_kpi.judge.statistics.series import Period, Series
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.sums import NOTHING, Quantity, Sums, summed

WEEK = 7
FEWEST_ROWS = 5  # of a figure that is judged


@dataclass(frozen=True, slots=True)
class Piece:
    """What one ISO week brings to one period; bounded contributions run from 0 to 1, the days of a count weigh alike."""

    week: int
    n: float
    total: float


@dataclass(frozen=True, slots=True)
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

    @property
    def width(self) -> float:
        """How much one unit of the pieces is in the unit of the series."""
        return self.bounds[1] - self.bounds[0] if self.bounds else 1.0

    def sizes(self) -> list[float]:
        """The rows of each period; of a count, its days, each by how much comes on its weekday."""
        return [sum(piece.n for piece in pieces) for pieces in self.periods]

    def rates(self) -> list[float | None]:
        """What a row brings in each period, weekdays evened out; None with fewer than five rows."""
        return [
            sum(piece.total for piece in pieces) / n if n and rows.n >= FEWEST_ROWS else None
            for n, pieces, rows in zip(self.sizes(), self.periods, self.rows, strict=True)
        ]

    def variance(self, rate: float) -> float:
        """The variance of a row where rows bring `rate` on average."""
        if self.bounds:
            return self.spread * max(0.0, rate * (1 - rate))
        return self.spread * rate if self.quantity is Quantity.COUNT else self.spread


Dated = tuple[int, int, Sums]  # a day, the number of its period, and what its rows bring


def even(series: Series, periods: Sequence[Period]) -> Weekly:
    """The days of a series as pieces of weeks, in which each weekday has the same weight."""
    dated = list(_dated(series, periods))
    by_period = _summed_by(((number, sums) for _, number, sums in dated), len(periods))
    by_weekday = _summed_by((((day - 1) % WEEK, sums) for day, _, sums in dated), WEEK)
    whole = summed(by_period)
    if series.quantity is Quantity.COUNT:
        weights, effects, spread = _paces(whole, by_weekday), [0.0] * WEEK, 1.0
    else:
        weights = [1.0] * WEEK
        rates = _expected(whole, by_period, periods)
        effects, spread = _effects(whole, by_period, [each.n for each in by_weekday], [*_away(dated, rates)])
    if series.bounds:
        spread = _binomial(spread, whole, by_period)
    pieces = _pieces(dated, len(periods), weights, effects)
    return Weekly(series.quantity, pieces, spread, tuple(by_period), series.bounds)


def _summed_by(sums: Iterable[tuple[int, Sums]], places: int) -> list[Sums]:
    """The sums of each place added up."""
    found: list[list[Sums]] = [[] for _ in range(places)]
    for place, each in sums:
        found[place].append(each)
    return [summed(each) for each in found]


def _expected(whole: Sums, by_period: Sequence[Sums], periods: Sequence[Period]) -> list[float]:
    """What a row of each period lets expect: the rate of the period, of all where one is shorter than a week."""
    if not whole.n:
        return []
    long = all(period.end - period.start >= WEEK for period in periods)
    return [(each if long and each.n else whole).rate for each in by_period]


def _binomial(spread: float, whole: Sums, by_period: Sequence[Sums]) -> float:
    """The variance of a bounded row in units of r(1 − r)."""
    binomial = sum(each.n * each.rate * (1 - each.rate) for each in by_period if each.n)
    return spread * whole.n / binomial if binomial > 0 else 0.0


def _dated(series: Series, periods: Sequence[Period]) -> Iterator[Dated]:
    """Each day in its period; bounded contributions from 0 to 1; a count has a row for every day."""
    low, high = series.bounds or (0.0, 1.0)
    width = high - low
    counts, scaled = series.quantity is Quantity.COUNT, (low, high) != (0.0, 1.0)
    for number, period in enumerate(periods):
        for day in range(max(period.start, series.begins), period.end):
            sums = series.days.get(day, NOTHING)
            if counts:
                yield day, number, Sums(1, sums.total, 0.0)
            elif sums.n and scaled:
                squares = (sums.squares - 2 * low * sums.total + sums.n * low * low) / width**2
                yield day, number, Sums(sums.n, (sums.total - sums.n * low) / width, squares)
            elif sums.n:
                yield day, number, sums


def _effects(
    whole: Sums, periods: Sequence[Sums], weekdays: Sequence[float], days: Sequence[tuple[int, float, float]]
) -> tuple[list[float], float]:
    """By how much a row of each weekday is above the average, and the variance of rows without that.

    `days` are weekday, rows, and how much more those bring than is usual: in their period, or at all where periods are
    shorter than a week.
    """
    if not whole.n:
        return [0.0] * WEEK, 0.0
    filled = [each for each in periods if each.n]
    within = whole.squares - sum(each.total**2 / each.n for each in filled)
    free = whole.n - len(filled)
    variance = _ratio(max(0.0, within), free)
    away, squares = [0.0] * WEEK, 0.0
    for weekday, n, more in days:
        away[weekday] += more
        squares += more**2 / n
    raw = [more / n if n else 0.0 for more, n in zip(away, weekdays, strict=True)]
    between = sum(n * effect**2 for n, effect in zip(weekdays, raw, strict=True))
    scale = variance * _of_days(squares - between, variance, len(days) - len(periods))
    kept = _kept(_ratio(between, scale), weekdays)
    left = within - between * (1 - (1 - kept) ** 2)
    return [kept * effect for effect in raw], _ratio(max(0.0, left), free)


def _ratio(number: float, of: float) -> float:
    """One number by another; 0 where that is not positive."""
    return number / of if of > 0 else 0.0


def _paces(whole: Sums, weekdays: Sequence[Sums]) -> list[float]:
    """How much of an average day each weekday is, for counts."""
    pace = whole.rate if whole.n else 0.0
    if not pace:
        return [1.0] * WEEK
    raw = [each.rate / pace - 1 if each.n else 0.0 for each in weekdays]
    between = sum(each.n * effect**2 for each, effect in zip(weekdays, raw, strict=True)) * pace
    kept = _kept(between, [each.n for each in weekdays])
    return [1 + kept * effect for effect in raw]


def _away(dated: Sequence[Dated], rates: Sequence[float]) -> Iterator[tuple[int, float, float]]:
    """Weekday and rows of each day, and how much more those bring than the rate of their period lets expect."""
    for day, number, sums in dated:
        yield (day - 1) % WEEK, sums.n, sums.total - sums.n * rates[number]


def _of_days(squares: float, variance: float, days: int) -> float:
    """By how much more days of one weekday differ than their rows would make them; never below 1."""
    free = days - WEEK + 1
    return max(1.0, squares / variance / free) if variance > 0 and free > 0 else 1.0


def _kept(between: float, weekdays: Sequence[float]) -> float:
    """How much of the differences between weekdays is more than chance (James and Stein)."""
    df = sum(1 for n in weekdays if n) - 1
    return max(0.0, 1 - df / between) if between > 0 and df > 0 else 0.0


def _pieces(
    dated: Sequence[Dated], periods: int, weights: Sequence[float], effects: Sequence[float]
) -> tuple[tuple[Piece, ...], ...]:
    found: list[dict[int, tuple[float, float]]] = [{} for _ in range(periods)]
    for day, number, sums in dated:
        week, weekday = divmod(day - 1, WEEK)
        n, total = found[number].get(week, (0.0, 0.0))
        found[number][week] = n + sums.n * weights[weekday], total + sums.total - sums.n * effects[weekday]
    return tuple(
        tuple(Piece(week, n, total) for week, (n, total) in pieces.items() if n > 0) for pieces in found
    )

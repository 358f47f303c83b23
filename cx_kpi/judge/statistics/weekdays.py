"""Equal weekdays and equal age: spans made comparable before they are compared.

A month has four or five Mondays; where Mondays differ from Sundays, that alone would be a change.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cx_kpi.judge.statistics.sums import NOTHING, Kind, Period, Series, Sums, summed

WEEK = 7
FEWEST_ROWS = 5  # of a figure that is judged


@dataclass(frozen=True, slots=True)
class Piece:
    """What one ISO week brings to one period; bounded contributions run from 0 to 1, the days of a count weigh alike."""

    week: int
    period: int
    n: float
    total: float


@dataclass(frozen=True, slots=True)
class Weekly:
    """A series in pieces, its weekdays evened out; `rows` are the sums of each period, not evened.

    `spread` is the variance of a row within its period and weekday: for what is bounded in units of r(1 − r), for a
    count in units of r.
    """

    kind: Kind
    pieces: tuple[Piece, ...]
    spread: float
    rows: tuple[Sums, ...]
    bounds: tuple[float, float] | None = None

    @property
    def width(self) -> float:
        """How much one unit of the pieces is in the unit of the series."""
        return self.bounds[1] - self.bounds[0] if self.bounds else 1.0

    def sizes(self) -> list[float]:
        """The rows of each period; of a count, its days, each by how much comes on its weekday."""
        sizes = [0.0] * len(self.rows)
        for piece in self.pieces:
            sizes[piece.period] += piece.n
        return sizes

    def rates(self) -> list[float | None]:
        """What a row brings in each period, weekdays evened out; None with fewer than five rows."""
        totals = [0.0] * len(self.rows)
        for piece in self.pieces:
            totals[piece.period] += piece.total
        return [
            total / n if n and rows.n >= FEWEST_ROWS else None
            for n, total, rows in zip(self.sizes(), totals, self.rows, strict=True)
        ]

    def variance(self, rate: float) -> float:
        """The variance of a row where rows bring `rate` on average."""
        if self.bounds:
            return self.spread * max(0.0, rate * (1 - rate))
        return self.spread * rate if self.kind is Kind.COUNT else self.spread


def even(series: Series, periods: Sequence[Period]) -> Weekly:
    """The days of a series as pieces of weeks, in each of which all weekdays count as if they came equally often."""
    placed = list(_placed(series, periods))
    rows: list[list[Sums]] = [[] for _ in periods]
    weekdays: list[list[Sums]] = [[] for _ in range(WEEK)]
    for day, number, sums in placed:
        rows[number].append(sums)
        weekdays[(day - 1) % WEEK].append(sums)
    by_period, by_weekday = [summed(each) for each in rows], [summed(each) for each in weekdays]
    whole = summed(by_period)
    if series.kind is Kind.COUNT:
        pieces = _pieces(placed, *_paces(whole, by_weekday))
        return Weekly(series.kind, pieces, 1.0, tuple(by_period))
    effects, spread = _effects(whole, by_period, by_weekday)
    if series.bounds:
        binomial = sum(each.n * each.rate * (1 - each.rate) for each in by_period if each.n)
        spread = spread * whole.n / binomial if binomial > 0 else 0.0
    return Weekly(
        series.kind, _pieces(placed, [1.0] * WEEK, effects), spread, tuple(by_period), series.bounds
    )


def _placed(series: Series, periods: Sequence[Period]) -> Iterator[tuple[int, int, Sums]]:
    """Each day with the number of its period; bounded contributions from 0 to 1; a count has a row for every day."""
    low, high = series.bounds or (0.0, 1.0)
    width = high - low
    if series.kind is Kind.COUNT:
        for number, period in enumerate(periods):
            for day in range(period.start, period.end):
                yield day, number, Sums(1, series.days.get(day, NOTHING).total, 0.0)
        return
    starts = [period.start for period in periods]
    for day, sums in series.days.items():
        number = bisect_right(starts, day) - 1
        if number < 0 or day >= periods[number].end or not sums.n:
            continue
        n, total, squares = sums.n, sums.total, sums.squares
        if series.bounds:
            squares = (squares - 2 * low * total + n * low * low) / width**2
            total = (total - n * low) / width
        yield day, number, Sums(n, total, squares)


def _effects(whole: Sums, periods: Sequence[Sums], weekdays: Sequence[Sums]) -> tuple[list[float], float]:
    """By how much a row of each weekday is above the average, and the variance of rows without that."""
    if not whole.n:
        return [0.0] * WEEK, 0.0
    within = whole.squares - sum(each.total**2 / each.n for each in periods if each.n)
    free = whole.n - sum(1 for each in periods if each.n)
    variance = max(0.0, within) / free if free > 0 else 0.0
    raw = [each.rate - whole.rate if each.n else 0.0 for each in weekdays]
    between = sum(each.n * effect**2 for each, effect in zip(weekdays, raw, strict=True))
    kept = _kept(between / variance if variance > 0 else 0.0, weekdays)
    left = within - between * (1 - (1 - kept) ** 2)
    spread = max(0.0, left) / free if free > 0 else 0.0
    return [kept * effect for effect in raw], spread


def _paces(whole: Sums, weekdays: Sequence[Sums]) -> tuple[list[float], list[float]]:
    """How much of an average day each weekday is, for counts; no effects."""
    pace = whole.rate if whole.n else 0.0
    if not pace:
        return [1.0] * WEEK, [0.0] * WEEK
    raw = [each.rate / pace - 1 if each.n else 0.0 for each in weekdays]
    between = sum(each.n * effect**2 for each, effect in zip(weekdays, raw, strict=True)) * pace
    kept = _kept(between, weekdays)
    return [1 + kept * effect for effect in raw], [0.0] * WEEK


def _kept(between: float, weekdays: Sequence[Sums]) -> float:
    """How much of the differences between weekdays is more than chance (James and Stein)."""
    df = sum(1 for each in weekdays if each.n) - 1
    return max(0.0, 1 - df / between) if between > 0 and df > 0 else 0.0


def _pieces(
    placed: Sequence[tuple[int, int, Sums]], weights: Sequence[float], effects: Sequence[float]
) -> tuple[Piece, ...]:
    counts: dict[tuple[int, int], float] = defaultdict(float)
    totals: dict[tuple[int, int], float] = defaultdict(float)
    for day, number, sums in placed:
        weekday = (day - 1) % WEEK
        key = (day - 1) // WEEK, number
        counts[key] += sums.n * weights[weekday]
        totals[key] += sums.total - sums.n * effects[weekday]
    return tuple(
        Piece(*key, counts[key], totals[key]) for key in sorted(counts) if counts[key] > 0 or totals[key] > 0
    )


def at_equal_age(
    cohorts: Mapping[int, Mapping[int, int]], rows: Mapping[int, int], ends: Sequence[int], lag: int
) -> list[Sums]:
    """The share of each period's rows that had their event `lag` days after the period's end.

    `rows` are the rows begun on each day, `cohorts` how many of them had the event at which age in days; the periods
    follow one another, each up to one of `ends`. What came later does not count: the latest period cannot have it yet.
    """
    found = [NOTHING] * len(ends)
    for day, n in rows.items():
        number = bisect_right(ends, day)
        if number < len(ends):
            oldest = ends[number] + lag - day
            hits = sum(k for age, k in cohorts.get(day, {}).items() if age < oldest)
            found[number] += Sums(n, hits, hits)
    return found

"""How much weeks differ beyond what their rows would make them, and how long a good or bad week lasts."""

from collections.abc import Collection, Mapping, Sequence
from math import sqrt
from typing import NamedTuple

from cx_kpi.judge.statistics.weekdays import Piece, Weekly
from cx_kpi.model.frozen import dataclass

_NO_ROWS = (0.0, 0.0)
_LEAST = 1e-9  # less than this of the rows is rounding
_MOST = 0.9  # at most so much of a good or bad week lasts into the next


class Pooled(NamedTuple):
    """The rows of a span, the sum of their values, the sum over weeks of total² ÷ n, and the number of weeks."""

    n: float
    total: float
    squares: float
    weeks: int

    @property
    def rate(self) -> float:
        """What a row brings on average; bounded contributions run from 0 to 1."""
        return self.total / self.n

    @property
    def between(self) -> float:
        """Σ over weeks of n (rate − rate of the span)²."""
        return self.squares - self.total**2 / self.n


class Gathered(NamedTuple):
    """Periods gathered by week: one week that two periods share is one."""

    by_week: dict[int, tuple[float, float]]
    pooled: Pooled

    def without(self, pieces: Sequence[Piece]) -> Pooled:
        """The part that is left without the pieces of one of its periods."""
        n, total, squares, weeks = self.pooled
        for week, its_n, its_total in pieces:
            rows, brought = self.by_week[week]
            left = rows - its_n
            n, total, squares = n - its_n, total - its_total, squares - brought**2 / rows
            if left > _LEAST * rows:
                squares += (brought - its_total) ** 2 / left
            else:
                weeks -= 1
        return Pooled(n, total, squares, weeks)


def gather(weekly: Weekly, periods: Collection[int]) -> Gathered:
    """The periods of these numbers together, which are asked for by several tests."""
    key = tuple(periods)
    found: Gathered | None = weekly.gathered.get(key)
    if found is None:
        found = weekly.gathered[key] = _gather(weekly, key)
    return found


def alone(pieces: Sequence[Piece]) -> Pooled:
    """One period by itself: each of its pieces is of another week."""
    squares = sum([total**2 / n for _, n, total in pieces])
    return Pooled(sum([n for _, n, _ in pieces]), sum([total for *_, total in pieces]), squares, len(pieces))


def _gather(weekly: Weekly, periods: Sequence[int]) -> Gathered:
    found: dict[int, tuple[float, float]] = {}
    for number in periods:
        for week, its_n, its_total in weekly.periods[number]:
            n, total = found.get(week, _NO_ROWS)
            found[week] = n + its_n, total + its_total
    sums = found.values()
    squares = sum([total**2 / n for n, total in sums])
    return Gathered(
        found, Pooled(sum([n for n, _ in sums]), sum([total for _, total in sums]), squares, len(found))
    )


def overdispersion(weekly: Weekly, now: Pooled, before: Pooled) -> float:
    """φ: by how much more the sums of weeks differ than their rows alone would make them; never below 1."""
    squares = 0.0
    for part in (now, before):
        variance = weekly.variance(part.rate)
        squares += part.between / variance if variance > 0 else 0.0
    return max(1.0, squares / (now.weeks + before.weeks - 2))


@dataclass(frozen=True, slots=True)
class Persistence:
    """How alike neighbouring weeks are (their correlation), and by what factor that falls with each further week."""

    near: float = 0.0
    decay: float = 0.0

    def inflation(self, weeks: int) -> float:
        """The factor by which the mean of N weeks varies more than if they were independent."""
        near, more = self.near, 0.0
        for apart in range(1, weeks):
            more += (1 - apart / weeks) * near
            near *= self.decay
            if near < _LEAST:
                break
        return 1 + 2 * more


INDEPENDENT = Persistence()


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The correlation of a series' neighbouring weeks, the part of their variance that is not of rows, how many."""

    correlation: float
    excess: float
    weeks: int


def neighbours(weekly: Weekly, spans: Sequence[Collection[int]]) -> Neighbours | None:
    """How alike neighbouring weeks are, each measured from the rate of its span; None where none are unlike."""
    off: dict[int, float] = {}
    expected = 0.0
    for span in spans:
        found = gather(weekly, span)
        if not found.pooled.n:
            continue
        rate, scale = found.pooled.rate, sqrt(weekly.variance(found.pooled.rate))
        expected += found.pooled.weeks - 1
        if scale > 0:
            off |= {week: sqrt(n) * (total / n - rate) / scale for week, (n, total) in found.by_week.items()}
    squares = sum([each**2 for each in off.values()])
    if squares <= 0 or expected <= 0:
        return None
    products = sum([each * off[week + 1] for week, each in off.items() if week + 1 in off])
    return Neighbours(products / squares + 1 / len(off), max(0.0, 1 - expected / squares), len(off))


def persistences(found: Mapping[str, Neighbours]) -> dict[str, Persistence]:
    """How long the luck of a week lasts, for each series: estimated from all series together, and its own deviation.

    The luck of weeks lasts alike in all, so that of a series is that times its excess; the rest is drawn to that by
    the empirical Bayes rule.
    """
    weight = sum(each.excess**2 for each in found.values())
    common = sum(each.excess * each.correlation for each in found.values()) / weight if weight > 0 else 0.0
    common = min(max(common, 0.0), _MOST)
    rest = {name: each.correlation - common * each.excess for name, each in found.items()}
    chance = sum(1 / each.weeks for each in found.values()) / len(found) if found else 0.0
    spread = max(0.0, sum(each**2 for each in rest.values()) / len(found) - chance) if found else 0.0
    kept = spread / (spread + chance) if chance else 0.0
    near = {
        name: min(max(common * each.excess + kept * rest[name], 0.0), _MOST) for name, each in found.items()
    }
    return {name: Persistence(each, max(each, common)) for name, each in near.items()}

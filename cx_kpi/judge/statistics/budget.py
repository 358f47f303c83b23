"""One error budget for all verdicts of a report: Benjamini and Hochberg's procedure, families counted once."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from itertools import chain
from math import inf
from typing import TypeVar

PRESENT, STOCKS, PAST = 0.035, 0.005, 0.01  # of the present, of stocks that grow or shrink, of past periods
INSIDE = 0.05  # of the parts of one survivor
NAMING = 0.08  # of the segments that may be named: a wrong one in 7 % of reports, as simulated

Key = TypeVar("Key", bound=Hashable)
Family = TypeVar("Family", bound=Hashable)


def combined(chances: Mapping[Key, float], parts: Mapping[Key, float]) -> float:
    """One p of several tests of the same thing: the smallest, each against its part of 1 (Bonferroni)."""
    return min(1.0, *(p / parts[key] for key, p in chances.items()))


def survivors(
    chances: Mapping[Key, float],
    q: float,
    families: Mapping[Key, Family] | None = None,
    weights: Mapping[Family, float] | None = None,
) -> set[Key]:
    """The verdicts that hold when at most a share `q` of them may be false.

    A family counts once: by its smallest p times its members, or its second smallest times half of them, and so on
    (Simes). Weights, of any sum, say how much of the budget a family may use (Genovese, Roeder and Wasserman 2006).
    """
    if families is None and weights is None:
        return _kept(chances.items(), chances, q)
    members: dict[Hashable, dict[Key, float]] = defaultdict(dict)
    for key, p in chances.items():
        members[families[key] if families else key][key] = p
    given: Mapping[Hashable, float] = dict.fromkeys(members, 1.0) | dict(weights or {})
    scaled = _scaled(members, given, q)
    best = {family: min(found.values(), default=inf) for family, found in scaled.items()}
    return _kept(chain.from_iterable(found.items() for found in scaled.values()), best, q)


def _kept(chances: Iterable[tuple[Key, float]], best: Mapping[Family, float], q: float) -> set[Key]:
    """Those that hold, by the smallest p of each family."""
    small = {family: p for family, p in best.items() if p <= q}
    passed = sum(p <= q for p in _adjusted(small, len(best)).values())
    return {key for key, p in chances if passed and p <= q * passed / len(best)}


def _scaled(
    members: Mapping[Hashable, Mapping[Key, float]], given: Mapping[Hashable, float], q: float
) -> dict[Hashable, dict[Key, float]]:
    """The adjusted p of each member of a family, by the family's part of the budget; of those within it alone."""
    mean = sum(given[family] for family in members) / len(members) if members else 1.0
    return {family: _scaled_family(found, mean, given[family], q) for family, found in members.items()}


def _scaled_family(found: Mapping[Key, float], mean: float, part: float, q: float) -> dict[Key, float]:
    small = {key: p for key, p in found.items() if p * mean / part <= q}
    return {key: p * mean / part for key, p in _adjusted(small, len(found)).items()}


def _adjusted(chances: Mapping[Key, float], tests: int) -> dict[Key, float]:
    """The smallest p of so many tests, each times their number ÷ its rank, at most that of the next larger one (Benjamini and Hochberg)."""
    lowest, found = inf, {}
    ordered = sorted(chances, key=chances.__getitem__)
    for rank, key in reversed([*enumerate(ordered, 1)]):
        lowest = found[key] = min(lowest, chances[key] * tests / rank)
    return found

"""One error budget for everything a report says: Benjamini and Hochberg's procedure, twins counted once."""

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import TypeVar

PRESENT, PAST, INSIDE = 0.04, 0.01, 0.05  # of the present, of past periods, of the parts of one survivor

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
    """What may be said when at most a share `q` of what is said may be false.

    Of a family, which counts once, the smallest p times its members; weights, of any sum, say how much of the budget
    a family may use (Genovese, Roeder and Wasserman 2006).
    """
    owners: Mapping[Key, Hashable] = families or {key: key for key in chances}
    members = Counter(owners[key] for key in chances)
    given: Mapping[Hashable, float] = dict.fromkeys(members, 1.0) | dict(weights or {})
    mean = sum(given[family] for family in members) / len(members) if members else 1.0
    scaled = {key: p * members[owners[key]] * mean / given[owners[key]] for key, p in chances.items()}
    best: dict[Hashable, float] = {}
    for key, p in scaled.items():
        best[owners[key]] = min(p, best.get(owners[key], p))
    allowed = [q * place / len(best) for place in range(1, len(best) + 1)]
    passed = [limit for p, limit in zip(sorted(best.values()), allowed, strict=True) if p <= limit]
    return {key for key, p in scaled.items() if passed and p <= passed[-1]}

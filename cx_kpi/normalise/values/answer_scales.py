"""The scale of answers, from the worst to the best, by the words of a column."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from cx_kpi.normalise.vocabulary.dictionaries import answers, dictionary, plain
from cx_kpi.normalise.vocabulary.scale_words import Scale

_TOPS = (5.0, 7.0, 10.0, 100.0)


def turned_by_labels(pairs: Iterable[tuple[float, float]]) -> Scale | None:
    """The scale of cells such as `1 - Very satisfied`, where better words go with lower numbers."""
    known = list(pairs)
    if len({number for number, _ in known}) < 2:
        return None
    mean = [sum(column) / len(known) for column in zip(*known, strict=True)]
    if sum((number - mean[0]) * (score - mean[1]) for number, score in known) >= 0:
        return None
    top = max(number for number, _ in known)
    return next((each for each in _TOPS if top <= each), top), min(1.0, *(number for number, _ in known))


def in_company(keys: Sequence[str]) -> dict[str, tuple[float, float, float]]:
    """What words mean among the others of their column: `good` is best of two, and second of five."""
    there = frozenset(keys)
    known = {key for key in there if key in answers() or key in _of_sets()}
    for one in dictionary("scores")["sets"]:
        levels = _levels(one)
        marked = not one.get("any") or not there.isdisjoint(map(plain, one["any"]))
        if marked and there.issuperset(map(plain, one.get("all", ()))) and known <= levels.keys():
            return {key: levels[key] for key in known}
    return {}


def _levels(one: Mapping[str, Any]) -> dict[str, tuple[float, float, float]]:
    count = len(one["levels"])
    return {
        plain(word): (float(count - place), 1.0, float(count))
        for place, words in enumerate(one["levels"])
        for word in words
    }


@cache
def _of_sets() -> frozenset[str]:
    return frozenset(word for one in dictionary("scores")["sets"] for word in _levels(one))

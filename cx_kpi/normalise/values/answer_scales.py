"""The scale of answers, from the worst to the best, by the words of a column."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from cx_kpi.normalise.vocabulary.dictionaries import answers, dictionary, plain
from cx_kpi.normalise.vocabulary.scale_words import Scale

_TOPS = (5.0, 7.0, 10.0, 100.0)
_EXPECTED = {
    "nps": (0.0, 10.0),
    "ces": (1.0, 7.0),
    "sps": (1.0, 5.0),
    "self": (1.0, 5.0),
    "review": (1.0, 5.0),
}
_LADDER = ((0.0, 1.0), (1.0, 5.0), (1.0, 7.0))
_WIDEST = (0.0, 10.0)
_ONE_END = ({0.0}, {1.0})
_MIDDLE = 3.0  # of five
_FIVE, _SIX, _SEVEN = 5.0, 6.0, 7.0
_MANY = 10  # answers, none of which is the best of five by chance
_OTHERS = 8  # answers that fill a scale, beside which a lone one is a slip
_SLIPS = 0.1  # fewer answers than this share beyond the widest scale are slips, more are a wider scale


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
        if known <= levels.keys() and _is_meant(one, there, levels):
            return {key: levels[key] for key in known}
    return {}


def _is_meant(one: Mapping[str, Any], there: frozenset[str], levels: Collection[str]) -> bool:
    """Whether the words of a column are those of this set, and not of another that shares some."""
    marked = not one.get("any") or not there.isdisjoint(map(plain, one["any"]))
    alone = not one.get("alone") or there.issubset(levels)
    return marked and alone and there.issuperset(map(plain, one.get("all", ())))


def _levels(one: Mapping[str, Any]) -> dict[str, tuple[float, float, float]]:
    count, worst = len(one["levels"]), float(one.get("worst", 1))
    scores = one.get("scores", [worst + count - 1 - place for place in range(count)])
    low, high = one.get("scale", (worst, worst + count - 1))
    return {
        plain(word): (float(score), float(low), float(high))
        for score, words in zip(scores, one["levels"], strict=True)
        for word in words
    }


@cache
def _of_sets() -> frozenset[str]:
    return frozenset(word for one in dictionary("scores")["sets"] for word in _levels(one))


def scales_by_scores(given: Iterable[tuple[str, float, int]]) -> dict[str, Scale]:
    """The scale of each kind of survey, as far as its scores show it; `given`: kind, score and how often it was given."""
    by_kind: dict[str, Counter[float]] = defaultdict(Counter)
    for kind, score, times in given:
        by_kind[kind][score] += times
    inferred = {kind: scale_by_scores(kind, scores) for kind, scores in by_kind.items()}
    return {kind: scale for kind, scale in inferred.items() if scale}


def scale_by_scores(kind: str, scores: Mapping[float, int]) -> Scale | None:
    """The scale of a kind of survey by how often each score was given; None where they do not tell it."""
    usual = {score: times for score, times in scores.items() if _WIDEST[0] <= score <= _WIDEST[1]}
    every = sum(scores.values())
    if every - sum(usual.values()) >= _SLIPS * every:
        return (min(0.0, *scores), max(100.0, *scores)) if scores else None
    expected = _EXPECTED.get(kind)
    return _usual_scale(expected, _without_lone(expected, usual))


def _without_lone(expected: Scale | None, scores: Mapping[float, int]) -> Mapping[float, int]:
    """The scores without one in a hundred, or a lone one, far beyond a scale that all others fill: slips of the pen."""
    for end in (_FIVE, _SEVEN):
        kept = {score: times for score, times in scores.items() if score <= end}
        most, lone = sum(kept.values()), sum(scores.values()) - sum(kept.values())
        is_filled = end in kept and most >= _OTHERS and not (expected and expected[1] > end)
        if is_filled and 0 < lone <= max(1, most // 100) and min(scores.keys() - kept.keys()) > end + 1:
            return kept
    return scores


def _usual_scale(expected: Scale | None, scores: Mapping[float, int]) -> Scale | None:
    """The same for scores from 0 to 10; `expected`: that of most surveys of this kind."""
    low, high = min(scores), max(scores)
    if not (expected and expected[0] <= low) and _is_open(scores):
        return None
    narrow = expected == _WIDEST and high <= _FIVE
    tried = filter(None, (None if narrow else expected, *_LADDER))
    return next((scale for scale in tried if scale[0] <= low and high <= scale[1]), _widest(low))


def _is_open(scores: Mapping[float, int]) -> bool:
    """Whether scores could as well be of one scale as of another: one end of yes and no, or up to 4 or 5 from 0."""
    return set(scores) in _ONE_END or (min(scores) < 1 < max(scores) <= _FIVE)


def likely_scale(scores: Mapping[float, int]) -> Scale:
    """A scale that scores which tell none may be of, as an example."""
    low, high = min(1.0, *scores), max(scores)
    return (low, max(_FIVE, high)) if low or high > 1 else (0.0, 1.0)


def ends_early(scale: Scale, scores: Mapping[float, int]) -> bool:
    """Whether so many answers leave out the best of a scale, or all above 5 of 10, that it may end before.

    On a scale of five a few are enough of which none is above the middle, so that none counts as satisfied.
    """
    best = {_FIVE: _FIVE, _SEVEN: _SEVEN, _WIDEST[1]: _SIX}.get(scale[1], 0.0)
    few = len(scores) > 1 and scale[1] == _FIVE and max(scores) <= _MIDDLE
    return (few or sum(scores.values()) >= _MANY) and 1 < max(scores) < best


def _widest(low: float) -> tuple[float, float]:
    return _WIDEST if low < 1 else (1.0, 10.0)

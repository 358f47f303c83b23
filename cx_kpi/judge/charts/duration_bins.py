"""Bins of durations as people read them: `under 1 min`, `1–5 min`, `over 28 d`."""

from collections.abc import Sequence

from cx_kpi.wording.language import mark
from cx_kpi.wording.units import DASH, DAY, HOUR, LENGTHS, MINUTE, SPACE, Words

UNDER, OVER = mark("under {length}"), mark("over {length}")


def bins(edges: Sequence[float], counts: Sequence[int], words: Words) -> tuple[list[str], list[int]]:
    """The names and counts of the bins from the first that holds anything to the last.

    The edges, in seconds, are the lower ones, the first of them 0.
    """
    full = [i for i, count in enumerate(counts) if count]
    if not full:
        return [], []
    names = [_name(edges, i, words) for i in range(len(edges))]
    kept = slice(full[0], full[-1] + 1)
    return names[kept], list(counts[kept])


def _name(edges: Sequence[float], i: int, words: Words) -> str:
    if i == 0:
        return words.language(UNDER, length=words.duration(edges[1]))
    if i == len(edges) - 1:
        return words.language(OVER, length=words.duration(edges[i]))
    unit = next(each for each in (DAY, HOUR, MINUTE, 1) if edges[i] >= each)
    low, high = (words.numerals.decimal(edge / unit) for edge in (edges[i], edges[i + 1]))
    return words.language(LENGTHS[unit], n=f"{low}{DASH}{high}").replace(" ", SPACE)

"""Why there are more or fewer rows: how many of them each segment brings, and which grew beyond the others."""

from collections.abc import Mapping, Sequence

from cx_kpi.judge.verdicts.decomposition import (
    MIN_ROWS,
    Cause,
    Contrast,
    Opened,
    SegmentWeeks,
    Standing,
    gathered,
    standings,
)
from cx_kpi.model.sums import NOTHING, Sums, summed


def opened_counts(slices: Sequence[SegmentWeeks], length: float) -> Opened | None:
    """The rows that each segment has more than before, over spans of one length; None where a span has no rows.

    `length` is how long the later span is, in lengths of the earlier one. A segment stands out where it became more or
    less of all rows.
    """
    sums = [(summed(each.before.values()), summed(each.now.values())) for each in slices]
    before, now = summed(pair[0] for pair in sums), summed(pair[1] for pair in sums)
    if not before.n or not now.n:
        return None
    standing = _standing(slices)
    causes = []
    for number, (each, (old, new)) in enumerate(zip(slices, sums, strict=True)):
        beyond, p = standing.get(number, (0.0, None))
        scaled = Sums(old.n * length, old.total * length, old.squares * length)
        share = (old.n / before.n + new.n / now.n) / 2
        causes.append(Cause(each.name, scaled, new, new.n - scaled.n, 0.0, share, p, beyond))
    return Opened(now.n - before.n * length, causes, now.n + before.n * length**2)


def _standing(slices: Sequence[SegmentWeeks]) -> dict[int, Standing]:
    """By how much the share of each segment in all rows grew, and its p."""
    whole = [gathered([each.before for each in slices]), gathered([each.now for each in slices])]
    contrasts = (_contrast([(each.before, whole[0]), (each.now, whole[1])]) for each in slices)
    return standings({number: each for number, each in enumerate(contrasts) if each})


def _contrast(spans: Sequence[tuple[Mapping[int, Sums], Mapping[int, Sums]]]) -> Contrast | None:
    """By how much the share of a segment in all rows grew, before to now; None with too few rows."""
    change = variance = squares = 0.0
    weeks = 0
    for sign, (part, every) in zip((-1, 1), spans, strict=True):
        n, mine = summed([*every.values()]).n, summed([*part.values()]).n
        share = mine / n
        spread = share * (1 - share)
        if min(mine, n - mine) < MIN_ROWS:
            return None
        change += sign * share
        variance += spread / n
        off = ((part.get(week, NOTHING).n - rows.n * share) ** 2 / rows.n for week, rows in every.items())
        squares += sum(off) / spread
        weeks += len(every)
    return Contrast(change, variance, squares / max(weeks - 2, 1), weeks)

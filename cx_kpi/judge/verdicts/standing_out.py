"""Which segments stand out: worse than all others together, by more than chance explains. Where to look follows it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from cx_kpi.judge.statistics.budget import PAST, survivors
from cx_kpi.judge.statistics.change import Change, compare
from cx_kpi.model.figures import Mean, Net, Proportion, Sample
from cx_kpi.model.report import Segment
from cx_kpi.model.values import Better, Status

FEWEST = 5  # rows of a segment and of all others

Rows = Sequence[tuple[Segment, Sample | None]]
Place = tuple[str, int]  # a metric, and which of its segments


def standing_out(cut: Mapping[str, Rows], better: Mapping[str, Better], *, dated: bool) -> list[Segment]:
    """The segments of a cut, metric by metric; those that stand out say so. One error budget for the cut.

    Asked of metrics of which a segment misses its target, and of data without dates, that cannot change.
    """
    asked = {name: rows for name, rows in cut.items() if not dated or _is_missed(rows)}
    changes = {(name, at): each for name, rows in asked.items() for at, each in _changes(rows)}
    chances = {place: each.p for place, each in changes.items() if each.p is not None}
    kept = {place for place in survivors(chances, PAST) if _is_worse(changes[place], better[place[0]])}
    return [
        replace(segment, stands_out=True) if (name, at) in kept else segment
        for name, rows in cut.items()
        for at, (segment, _) in enumerate(rows)
    ]


def _is_missed(rows: Rows) -> bool:
    return any(segment.status is Status.MISSED for segment, _ in rows)


def _is_worse(change: Change, better: Better) -> bool:
    size = change.change or 0.0
    return size > 0 if better is Better.LOWER else size < 0 if better is Better.HIGHER else False


def _changes(rows: Rows) -> Iterator[tuple[int, Change]]:
    """Each known segment against all others, where both are large enough."""
    known = [sample for _, sample in rows if sample is not None]
    rest_of = rest_of_all(known)
    for place, (segment, sample) in enumerate(rows):
        rest = rest_of(sample) if sample is not None and None not in segment.by.values() else None
        if sample is not None and rest is not None and min(sample.n, rest.n) >= FEWEST:
            yield place, compare(sample, rest)


def rest_of_all(known: Sequence[Sample]) -> Callable[[Sample], Sample | None]:
    """What gives all rows but those of one of these samples; None of what cannot be taken away, such as quantiles."""
    shares = [each for each in known if isinstance(each, Proportion)]
    nets = [each for each in known if isinstance(each, Net)]
    means = [each for each in known if isinstance(each, Mean)]
    n, hits = sum(each.n for each in known), sum(each.hits for each in shares)
    promoters, detractors = sum(each.promoters for each in nets), sum(each.detractors for each in nets)
    total, squares = sum(each.n * each.mean for each in means), sum(map(_squares, means))

    def rest(sample: Sample) -> Sample | None:
        match sample:
            case Proportion():
                return Proportion(hits - sample.hits, n - sample.n, sample.per)
            case Net():
                return Net(promoters - sample.promoters, detractors - sample.detractors, n - sample.n)
            case Mean() if n - sample.n > 1:
                left = n - sample.n
                mean = (total - sample.n * sample.mean) / left
                spread = squares - _squares(sample) - left * mean**2
                return Mean(left, mean, max(spread, 0.0) / (left - 1))
            case _:
                return None

    return rest


def _squares(sample: Mean) -> float:
    """The sum of the squares of its values."""
    return (sample.n - 1) * sample.variance + sample.n * sample.mean**2

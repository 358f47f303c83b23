"""Which segments stand out: worse than all others together, by more than chance explains. Where to look follows it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from cx_kpi.judge.statistics.budget import PAST, survivors
from cx_kpi.judge.statistics.change import Change, compare
from cx_kpi.judge.statistics.distributions import overdispersed
from cx_kpi.model.figures import Mean, Net, Proportion, Sample
from cx_kpi.model.report import Segment
from cx_kpi.model.values import Better, Status

FEWEST = 5  # rows of a segment and of all others

Rows = tuple[Sequence[Segment], Sequence[Sample | None]]  # segments, and the sample behind the value of each
Place = tuple[str, int]  # a metric, and which of its segments


def standing_out(
    cut: Mapping[str, Rows], better: Mapping[str, Better], unlike: Mapping[str, float], *, dated: bool
) -> list[Segment]:
    """The segments of a cut, metric by metric; those that stand out say so. One error budget for the cut.

    Asked of metrics of which a segment misses its target, and of data without dates, that cannot change. `unlike` is φ of
    the whole of each metric: weeks that are good or bad for one segment alone make segments differ by as much.
    """
    asked = {name: rows for name, rows in cut.items() if not dated or _is_missed(rows)}
    changes = {(name, at): each for name, rows in asked.items() for at, each in _changes(rows)}
    chances = {
        place: _chance(each.p, unlike.get(place[0], 1.0))
        for place, each in changes.items()
        if each.p is not None
    }
    kept = {place for place in survivors(chances, PAST) if _is_worse(changes[place], better[place[0]])}
    every = {name: [*segments] for name, (segments, _) in cut.items()}
    for name, at in kept:
        every[name][at] = replace(every[name][at], stands_out=True)
    return [*chain.from_iterable(every.values())]


def _chance(p: float, factor: float) -> float:
    """A p where the variance is larger by this factor, as far as it can survive."""
    return p if p > PAST and factor >= 1 else overdispersed(p, factor)


def _is_missed(rows: Rows) -> bool:
    return any(segment.status is Status.MISSED for segment in rows[0])


def _is_worse(change: Change, better: Better) -> bool:
    size = change.change or 0.0
    return size > 0 if better is Better.LOWER else size < 0 if better is Better.HIGHER else False


def _changes(rows: Rows) -> Iterator[tuple[int, Change]]:
    """Each known segment against all others, where both are large enough; those of the same counts share a sample."""
    known = [sample for sample in rows[1] if sample is not None]
    rest_of = rest_of_all(known)
    large = {id(sample): sample for sample in known if sample.n >= FEWEST}
    changes = {key: _change(sample, rest_of(sample)) for key, sample in large.items()}
    for place, (segment, sample) in enumerate(zip(*rows, strict=True)):
        change = changes.get(id(sample))
        if change and None not in segment.by.values():
            yield place, change


def _change(sample: Sample, rest: Sample | None) -> Change | None:
    """A segment against the rest; None where that is too small."""
    if rest is None or rest.n < FEWEST:
        return None
    return compare(sample, rest, bounded=False, asked=PAST)


def rest_of_all(known: Sequence[Sample]) -> Callable[[Sample], Sample | None]:
    """What gives all rows but those of one of these samples; None of what cannot be taken away, such as quantiles."""
    whole = [sum(column) for column in zip(*map(_sums, known), strict=True)]

    def rest(sample: Sample) -> Sample | None:
        return _of_sums([each - mine for each, mine in zip(whole, _sums(sample), strict=True)], sample)

    return rest


def _sums(sample: Sample) -> tuple[float, ...]:
    """What adds up over samples of one kind, the rows first."""
    if isinstance(sample, Proportion):
        return sample.n, sample.hits
    if isinstance(sample, Mean):
        n, mean = sample.n, sample.mean
        return n, n * mean, (n - 1) * sample.variance + n * mean**2
    return (sample.n, sample.promoters, sample.detractors) if isinstance(sample, Net) else ()


def _of_sums(sums: Sequence[float], like: Sample) -> Sample | None:
    """The sample of one kind that has these sums."""
    n = int(sums[0]) if sums else 0
    if isinstance(like, Proportion):
        return Proportion(int(sums[1]), n, like.per)
    if isinstance(like, Net):
        return Net(int(sums[1]), int(sums[2]), n)
    if isinstance(like, Mean) and n > 1:
        mean = sums[1] / n
        return Mean(n, mean, max(sums[2] - n * mean**2, 0.0) / (n - 1))
    return None

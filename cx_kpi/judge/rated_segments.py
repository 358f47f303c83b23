"""The segments of a cut with their targets: metric by metric, since there may be thousands of segments of each."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from cx_kpi.engine.aggregation.cells import OVERALL, Cell
from cx_kpi.engine.aggregation.cuts import Cut, Values
from cx_kpi.engine.planning.plan import Job
from cx_kpi.judge.bench import EMPTY, Bench, interval_of, scalars, status_of
from cx_kpi.metrics.definition.metric import Metric
from cx_kpi.model.figures import Figure, Sample
from cx_kpi.model.report import Segment
from cx_kpi.model.schema import rank
from cx_kpi.model.values import Target, Unit

FEWEST = 5  # a segment with fewer rows shows their number alone
Rated = tuple[Segment, Sample | None]  # a segment, and the sample behind its value
By = dict[str, str | None]


def rated_segments(bench: Bench, jobs: Iterable[Job], cut: Cut) -> dict[str, list[Rated]]:
    """By metric, the segments of a cut that have rows, in the order of their values, unknown last."""
    found = [(job, _figures(bench, job, cut)) for job in jobs]
    every = set[Values]().union(*(figures for _, figures in found))
    order = sorted(every, key=lambda values: _place(cut, values))
    named = [(values, dict(zip(cut, values, strict=True))) for values in order]
    return {
        job.metric.id: [
            *_rated(bench, job, cut, [(by, each) for values, by in named if (each := figures.get(values))])
        ]
        for job, figures in found
    }


def _figures(bench: Bench, job: Job, cut: Cut) -> dict[Values, Figure]:
    """The figures of a cut that have rows, by the values of their cells."""
    known = bench.results.figures.get(job.metric.id, {}).items()
    return {cell.values: each for cell, each in known if cell.cut == cut and each.n}


def _place(cut: Cut, values: Values) -> list[tuple[bool, int, str]]:
    """What the segments of a cut are sorted by."""
    pairs = zip(cut, values, strict=True)
    return [(value is None, rank(dimension, value), value or "") for dimension, value in pairs]


def _rated(bench: Bench, job: Job, cut: Cut, rows: Sequence[tuple[By, Figure]]) -> Iterator[Rated]:
    """A metric in each segment."""
    name, fewest = job.metric.id, 0 if job.metric.unit is Unit.COUNT else FEWEST
    target_of, details_of = _target_of(bench, job.metric, cut), _details_of(bench, job, cut)
    for by, figure in rows:
        n, sample = figure.n, figure.sample
        if n < fewest:
            yield Segment(name, by, None, n), sample
            continue
        target, bounds = target_of(by, figure), interval_of(figure)
        status = status_of(figure, bounds, target) if target else None
        yield Segment(name, by, figure.value, n, bounds, target, status, details_of(by, figure)), sample


def _target_of(bench: Bench, metric: Metric, cut: Cut) -> Callable[[By, Figure], Target | None]:
    """What gives the target in a segment: one for all that no rule tells apart."""
    if metric.target_scale:
        return lambda by, figure: bench.target(metric, figure, by, OVERALL)
    told_apart = any(name in cut for rule in bench.rules[metric.id] for name in rule.when)
    if told_apart:
        return lambda by, _: bench.target(metric, EMPTY, by, OVERALL)
    target = bench.target(metric, EMPTY, dict.fromkeys(cut), OVERALL)
    return lambda *_: target


def _details_of(bench: Bench, job: Job, cut: Cut) -> Callable[[By, Figure], dict[str, Any]]:
    """What gives the details in a segment."""
    if not bench.adds_details(job):
        return lambda _, figure: scalars(figure.details)
    return lambda by, _: scalars(bench.details(job, Cell(*OVERALL[:2], cut, tuple(by.values()))))

"""The segments of a cut with their targets: metric by metric, since there may be thousands of segments of each."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import compress
from operator import attrgetter
from typing import Any

from cx_kpi.engine.aggregation.cells import OVERALL, Cell
from cx_kpi.engine.aggregation.cuts import Cut, Values
from cx_kpi.engine.planning.plan import Job
from cx_kpi.judge.bench import Bench, interval_of, status_of
from cx_kpi.judge.verdicts.judged import EMPTY
from cx_kpi.model.figures import Figure, Sample, scalars
from cx_kpi.model.report import Segment
from cx_kpi.model.schema import rank
from cx_kpi.model.values import Target, Unit

FEWEST = 5  # a segment with fewer rows shows their number alone
Rated = tuple[list[Segment], list[Sample | None]]  # segments, and the sample behind the value of each
By = dict[str, str | None]
Targets = Target | Callable[[Figure, By], Target | None] | None  # of all segments, or what gives that of each
Details = Callable[[Figure, Cell], dict[str, Any]]


def rated_segments(bench: Bench, jobs: Iterable[Job], cut: Cut) -> dict[str, Rated]:
    """By metric, the segments of a cut that have rows, in the order of their values, unknown last."""
    found = [(job, _figures(bench, job, cut)) for job in jobs]
    every = set[Values]().union(*(figures for _, figures in found))
    order = sorted(every, key=lambda values: _place(cut, values))
    named: list[By] = [dict(zip(cut, values, strict=True)) for values in order]
    return {
        job.metric.id: _rated(bench, job, cut, named, [*map(figures.get, order)]) for job, figures in found
    }


def _figures(bench: Bench, job: Job, cut: Cut) -> dict[Values, Figure]:
    """The figures of a cut that have rows, by the values of their cells."""
    known = bench.results.figures.get(job.metric.id, {}).items()
    return {cell.values: each for cell, each in known if cell.cut == cut and each.n}


def _place(cut: Cut, values: Values) -> list[tuple[bool, int, str]]:
    """What the segments of a cut are sorted by."""
    pairs = zip(cut, values, strict=True)
    return [(value is None, rank(dimension, value), value or "") for dimension, value in pairs]


def _rated(bench: Bench, job: Job, cut: Cut, named: Sequence[By], known: Sequence[Figure | None]) -> Rated:
    """A metric in each segment. Segments of the same counts share one figure, of which all is told once if it can be."""
    whose, figures = [*compress(named, known)], [*filter(None, known)]
    target = _targets(bench, job, cut)
    tell = partial(_told, job, target, _details(bench, job))
    if bench.tells_of_others(job) or callable(target):
        told = [*map(tell, whose, figures)]
    else:
        places = [*map(id, figures)]
        once = dict(zip(places, zip(whose, figures, strict=True), strict=True))
        once_told = {place: tell(*each) for place, each in once.items()}
        told = [*map(once_told.__getitem__, places)]
    name = job.metric.id
    segments = [Segment(name, by, *each) for by, each in zip(whose, told, strict=True)]
    return segments, [*map(attrgetter("sample"), figures)]


def _details(bench: Bench, job: Job) -> Details | None:
    """What gives the details of a segment, where they are not its figure's own."""
    return bench.details_of(job) if bench.adds_details(job) else None


def _targets(bench: Bench, job: Job, cut: Cut) -> Targets:
    """The target of all segments, or what gives that of each where they may differ."""
    metric = job.metric
    when = {name for rule in bench.rules[metric.id] for name in rule.when}
    if metric.target_scale or not when.isdisjoint(cut):
        return lambda figure, by: bench.target(metric, figure, by, OVERALL)
    return bench.target(metric, EMPTY, {}, OVERALL)


def _told(job: Job, targets: Targets, more: Details | None, by: By, figure: Figure) -> tuple[Any, ...]:
    """What a segment tells, from its value on; `more` gives the details if they are not its figure's own."""
    if figure.n < FEWEST and job.metric.unit is not Unit.COUNT:
        return None, figure.n
    target = targets(figure, by) if callable(targets) else targets
    bounds = interval_of(figure)
    status = status_of(figure, bounds, target) if target else None
    details = figure.details
    if more:
        details = more(figure, Cell(*OVERALL[:2], tuple(by), tuple(by.values())))
    return figure.value, figure.n, bounds, target, status, scalars(details)

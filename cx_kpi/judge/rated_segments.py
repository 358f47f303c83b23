"""The segments of a cut with their targets: metric by metric, since there may be thousands of segments of each."""

from collections.abc import Callable, Iterable, Sequence
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
Rated = tuple[Segment, Sample | None]  # a segment, and the sample behind its value
By = dict[str, str | None]
Targets = Target | Callable[[Figure, By], Target | None] | None  # of all segments, or what gives that of each
Details = Callable[[Figure, Cell], dict[str, Any]]


def rated_segments(bench: Bench, jobs: Iterable[Job], cut: Cut) -> dict[str, list[Rated]]:
    """By metric, the segments of a cut that have rows, in the order of their values, unknown last."""
    found = [(job, _figures(bench, job, cut)) for job in jobs]
    every = set[Values]().union(*(figures for _, figures in found))
    order = sorted(every, key=lambda values: _place(cut, values))
    named = [(values, dict(zip(cut, values, strict=True))) for values in order]
    return {
        job.metric.id: _rated(
            bench, job, cut, [(by, each) for values, by in named if (each := figures.get(values))]
        )
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


def _rated(bench: Bench, job: Job, cut: Cut, rows: Sequence[tuple[By, Figure]]) -> list[Rated]:
    """A metric in each segment. Segments of the same counts share one figure, of which all is told once if it can be."""
    target = _targets(bench, job, cut)
    more = bench.details_of(job) if bench.adds_details(job) else None
    if bench.tells_of_others(job) or not isinstance(target, Target | None):
        told = [_told(job, target, more, by, figure) for by, figure in rows]
    else:
        figures = {id(figure): (by, figure) for by, figure in rows}
        known = {place: _told(job, target, more, *each) for place, each in figures.items()}
        told = [known[id(figure)] for _, figure in rows]
    name = job.metric.id
    return [(Segment(name, by, *each), figure.sample) for (by, figure), each in zip(rows, told, strict=True)]


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

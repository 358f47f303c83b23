"""Metrics of installed packages, by the entry points `cxkpi.metrics`: each a `Metric`, or several of them."""

from collections.abc import Iterator
from functools import cache
from importlib.metadata import EntryPoint

from cx_kpi.metrics.definition.metric import Metric
from cx_kpi.model.errors import UsageProblem
from cx_kpi.normalise.vocabulary.installed_points import installed

GROUP = "cxkpi.metrics"


@cache
def installed_metrics() -> tuple[Metric, ...]:
    """The metrics of installed packages, in the order of their names; `UsageProblem` for one that is none."""
    return tuple(metric for point in installed(GROUP) for metric in _loaded(point))


def _loaded(point: EntryPoint) -> Iterator[Metric]:
    try:
        said = point.load()
    except Exception as problem:  # whatever the package does wrong
        raise UsageProblem(
            f"installed metrics {point.value}: {type(problem).__name__}: {problem}; mend or remove that package"
        ) from problem
    for each in [said] if isinstance(said, Metric) else said:
        if not isinstance(each, Metric):
            raise UsageProblem(f"installed metrics {point.value}: {type(each).__name__} is no Metric")
        yield each

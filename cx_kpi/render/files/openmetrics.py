"""The readings as OpenMetrics, for Prometheus and its textfile collector, through prometheus-client.

`cxkpi_<metric>_<unit>` holds the values, `by` and `segment` empty for the whole; names and labels stay.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cx_kpi.model.errors import UsageProblem, missing_package
from cx_kpi.model.report import Reading, Report, Segment
from cx_kpi.model.values import Status, Unit
from cx_kpi.render.elements.sanitise import cleaned, file_name

if TYPE_CHECKING:
    from prometheus_client.metrics_core import GaugeMetricFamily

UNITS = {
    Unit.COUNT: "",
    Unit.SECONDS: "seconds",
    Unit.SHARE: "ratio",
    Unit.RATIO: "ratio",
    Unit.POINTS: "points",
    Unit.SCORE: "score",
    Unit.CURRENCY: "currency",
}
WHOLE = ("by", "segment")
Place = tuple[str, str]


def render(report: Report) -> str:
    """The text of an exposition; raises `UsageProblem` where the package for it is missing."""
    try:
        from prometheus_client import CollectorRegistry
        from prometheus_client.openmetrics.exposition import generate_latest
    except ImportError:
        raise UsageProblem(missing_package("openmetrics", "prometheus")) from None
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(list(_families(cleaned(report)))))
    write: Callable[[CollectorRegistry], bytes] = generate_latest
    return write(registry).decode()


class _Collector:
    """Hands out what was made."""

    def __init__(self, families: "list[GaugeMetricFamily]") -> None:
        self._families = families

    def collect(self) -> "Iterable[GaugeMetricFamily]":
        """All families, in order."""
        return self._families


def _families(report: Report) -> Iterator["GaugeMetricFamily"]:
    for metric, reading in report.metrics.items():
        if reading.unit in UNITS:
            yield _values(metric, reading, _judged(report, metric, reading))
    every = [
        (metric, *each)
        for metric, reading in report.metrics.items()
        for each in _judged(report, metric, reading)
    ]
    labels = ("metric", *WHOLE)
    rows = (((metric, *place), judged.n) for metric, place, judged in every)
    yield _family("rows", "Rows that a reading is computed from.", labels, rows)
    targets = (
        ((metric, *place, judged.target.operator), judged.target.value)
        for metric, place, judged in every
        if judged.target
    )
    yield _family("target", "The target of a reading, in its unit.", (*labels, "operator"), targets)
    known = (
        ((metric, *place), judged.status is Status.MISSED)
        for metric, place, judged in every
        if judged.status in (Status.MET, Status.MISSED)
    )
    yield _family(
        "target_missed", "1 where the target of a reading is missed, 0 where it is met.", labels, known
    )
    yield from _about(report)


def _judged(report: Report, metric: str, reading: Reading) -> list[tuple[Place, Reading | Segment]]:
    """The whole and each segment of a metric, with the labels of its place."""
    parts = [segment for segment in report.segments if segment.metric == metric]
    return [(("", ""), reading), *((_place(segment), segment) for segment in parts)]


def _place(segment: Segment) -> Place:
    return ",".join(segment.by), ",".join(value or "" for value in segment.by.values())


def _values(
    metric: str, reading: Reading, judged: list[tuple[Place, Reading | Segment]]
) -> "GaugeMetricFamily":
    unit = UNITS[reading.unit]
    name = metric if not unit or metric.endswith(f"_{unit}") else f"{metric}_{unit}"
    values = ((place, each.value) for place, each in judged if isinstance(each.value, int | float))
    return _family(name, reading.about, WHOLE, values, unit)


def _about(report: Report) -> Iterator["GaugeMetricFamily"]:
    """How old the data is, how its rows were used, and how many notices there are."""
    if report.as_of:
        moment = datetime.fromisoformat(report.as_of).timestamp()
        yield _family(
            "data_timestamp_seconds", "The moment the data is as of.", (), [((), moment)], "seconds"
        )
    used: dict[tuple[str, str, str], int] = {}
    for source in report.sources:
        for state in ("used", "set_aside", "filtered"):
            key = (source.table, file_name(source.path), state)
            used[key] = used.get(key, 0) + getattr(source, state)
    yield _family(
        "file_rows", "Rows of a file, by what became of them.", ("table", "file", "state"), used.items()
    )
    levels = {
        (level,): sum(notice.level == level for notice in report.notices) for level in ("warning", "info")
    }
    yield _family("notices", "What was odd about the files.", ("level",), levels.items())


def _family(
    name: str, about: str, labels: tuple[str, ...], values: Iterable[tuple[Any, float]], unit: str = ""
) -> "GaugeMetricFamily":
    from prometheus_client.metrics_core import GaugeMetricFamily

    family = GaugeMetricFamily(f"cxkpi_{name}", about, labels=labels, unit=unit)
    for place, value in values:
        family.add_metric(place, float(f"{value:.10g}"))
    return family

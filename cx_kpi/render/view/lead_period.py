"""What leads: each metric as it was in the latest full period, or over the window where that is judged."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from cx_kpi.model.report import Latest, Reading, Report
from cx_kpi.wording.units import Words

NAMES = (  # details that are of no period, or of the latest
    *("currency", "method", "cohort", "calendar", "elsewhere"),
    *("ahead", "pace", "new_words"),
)
OF_WINDOW = {
    "weakest",
    "weakest_mean",
    "widest",
    "gap",
}  # names of groups, which a period has too few rows for
STOCK = "stock"  # the cohort of what is there at a moment
LEAST = (
    2  # periods without a figure at either end, and as many as a tenth of all: the rest has a name of its own
)
LACKING = 10


def leads(report: Report) -> dict[str, Reading]:
    """Each metric with the figures of its latest period in place of those of the window."""
    details = {(point.metric, point.start, point.end): point.details for point in report.series}
    return {metric: _lead(metric, reading, report, details) for metric, reading in report.metrics.items()}


def is_whole(latest: Latest | None, report: Report) -> bool:
    """Whether the window itself is what is judged, or nothing is."""
    window = report.window
    return latest is None or window is None or (latest.start, latest.end) == (window.start, window.end)


def length(report: Report, words: Words) -> str:
    """The name of the window next to the latest period: `18 months`; nothing where they are the same."""
    found = next((reading.latest for reading in report.metrics.values() if reading.latest), None)
    if report.window is None or is_whole(found, report):
        return ""
    return words.dates.length(report.window.start, report.window.end, report.window.grain)


def own_span(metric: str, report: Report, words: Words) -> str:
    """What the figure of the window covers where that is less than the window: a level its last day, others `3 months`."""
    window, reading = report.window, report.metrics[metric]
    if window is None or reading.of_length:
        return ""
    if reading.cohort == STOCK:
        last = date.fromisoformat(window.end) - timedelta(days=1)
        return words.dates.span(last.isoformat(), window.end)
    points = [point for point in report.series if point.metric == metric]
    places = [place for place, point in enumerate(points) if point.value is not None]
    missing = len(points) - (places[-1] - places[0] + 1) if places else 0
    if missing < max(LEAST, len(points) / LACKING):
        return ""
    return words.dates.length(points[places[0]].start, points[places[-1]].end, window.grain)


def _lead(
    metric: str, reading: Reading, report: Report, details: dict[tuple[str, str, str], dict[str, Any]]
) -> Reading:
    latest = reading.latest
    if latest is None or is_whole(latest, report):
        return reading
    kept = {name: reading.details[name] for name in NAMES if name in reading.details}
    return replace(
        reading,
        value=latest.value,
        n=latest.n,
        interval=latest.interval,
        target=latest.target,
        status=latest.status,
        details=_without(details.get((metric, latest.start, latest.end), {}), OF_WINDOW) | kept,
    )


def _without(details: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: each for name, each in details.items() if name not in names}

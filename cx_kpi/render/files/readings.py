"""The readings as rows of plain columns, for warehouses: the same for NDJSON and Parquet."""

from collections.abc import Iterator
from typing import Any

from cx_kpi.model.report import Reading, Report
from cx_kpi.model.values import Target, Value
from cx_kpi.render.elements.sanitise import cleaned
from cx_kpi.render.files.json import rounded

COLUMNS: dict[str, type] = {  # the first ones tell a table of ours from an export
    "section": str,  # metrics: the window; series: a period; segments: some rows of the window
    "metric": str,
    "title": str,
    "unit": str,
    "measure": str,
    "start": str,
    "end": str,
    "partial": bool,
    "by": str,  # of a segment: `channel=email; priority=high`
    "value": float,
    "text": str,  # in place of a value, where it is a name or a list
    "n": int,
    "low": float,
    "high": float,
    "operator": str,
    "target": float,
    "status": str,
    "previous": float,
    "change": float,  # of the two spans in `compared_…`
    "verdict": str,  # of a metric, on `latest_…`; of a period, on the period
    "as_of": str,
    "timezone": str,
    "compared_current_start": str,
    "compared_current_end": str,
    "compared_previous_start": str,
    "compared_previous_end": str,
    "latest_start": str,
    "latest_end": str,
    "latest_value": float,
    "latest_n": int,
    "latest_change": float,  # against its baseline; a ratio less 1 where `latest_relative`
    "latest_relative": bool,
}


def readings(report: Report) -> Iterator[dict[str, Any]]:
    """A row for each metric, period and segment, every column in each; what is not known is null."""
    report = cleaned(report)
    empty = dict.fromkeys(COLUMNS) | {"measure": "value", "as_of": report.as_of, "timezone": report.timezone}
    for row in (*_metrics(report), *_series(report), *_segments(report)):
        yield empty | {name: _plain(value) for name, value in row.items()}


def _metrics(report: Report) -> Iterator[dict[str, Any]]:
    window = report.window
    span = {"start": window.start, "end": window.end} if window else {}
    for metric, reading in report.metrics.items():
        yield (
            _named("metrics", report, metric)
            | span
            | _value(reading.value)
            | _bounds(reading.interval)
            | _target(reading.target)
            | {"n": reading.n, "status": reading.status, "verdict": reading.verdict}
            | {"previous": _number(reading.previous), "change": reading.change}
            | _spans(reading)
        )


def _series(report: Report) -> Iterator[dict[str, Any]]:
    for point in report.series:
        span = {"start": point.start, "end": point.end, "partial": point.partial}
        yield (
            _named("series", report, point.metric)
            | span
            | _value(point.value)
            | _bounds(point.interval)
            | _target(point.target)
            | {"n": point.n, "status": point.status, "verdict": point.verdict}
        )


def _segments(report: Report) -> Iterator[dict[str, Any]]:
    window = report.window
    span = {"start": window.start, "end": window.end} if window else {}
    for segment in report.segments:
        yield (
            _named("segments", report, segment.metric)
            | span
            | _value(segment.value)
            | _bounds(segment.interval)
            | _target(segment.target)
            | {"by": segment_name(segment.by), "n": segment.n, "status": segment.status}
        )


def segment_name(by: dict[str, str | None]) -> str:
    """`channel=email; priority=high`; nothing after the sign where the value is not known."""
    return "; ".join(f"{dimension}={value or ''}" for dimension, value in by.items())


def _spans(reading: Reading) -> dict[str, Any]:
    """The two spans that `change` is between, and the one that `verdict` is about with its own change."""
    found: dict[str, Any] = {}
    if reading.compared:
        two = {"current": reading.compared.current, "previous": reading.compared.previous}
        for name, span in two.items():
            found |= {f"compared_{name}_start": span.start, f"compared_{name}_end": span.end}
    if judged := reading.latest:
        found |= {"latest_start": judged.start, "latest_end": judged.end, "latest_n": judged.n}
        found |= {"latest_value": _number(judged.value), "latest_change": judged.change}
        found |= {"latest_relative": judged.relative}
    return found


def _named(section: str, report: Report, metric: str) -> dict[str, Any]:
    reading = report.metrics.get(metric)
    known = {"title": reading.title, "unit": reading.unit} if reading else {}
    return {"section": section, "metric": metric, **known}


def _value(value: Value) -> dict[str, Any]:
    if isinstance(value, list):
        return {"text": ", ".join(value)}
    return {"text": value} if isinstance(value, str) else {"value": value}


def _number(value: Value) -> float | None:
    return value if isinstance(value, int | float) else None


def _bounds(interval: tuple[float, float] | None) -> dict[str, Any]:
    return {"low": interval[0], "high": interval[1]} if interval else {}


def _target(target: Target | None) -> dict[str, Any]:
    return {"operator": target.operator, "target": target.value} if target else {}


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return rounded(value)
    return str(value) if isinstance(value, str) else value

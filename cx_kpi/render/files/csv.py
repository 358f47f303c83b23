"""The report as one long table: a line for each value, whole or by period, segment or detail."""

import csv
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

from cx_kpi.model.report import Reading, Report
from cx_kpi.model.values import Target
from cx_kpi.render.elements.sanitise import cleaned
from cx_kpi.render.files.json import rounded

COLUMNS = (
    "section",
    "metric",
    "title",
    "unit",
    "measure",
    "start",
    "end",
    "partial",
    "by",
    "value",
    "n",
    "low",
    "high",
    "operator",
    "target",
    "status",
    "previous",
    "change",
    "verdict",
)
# a spreadsheet may split a line at any of these, then take what follows a sign for a formula
_FORMULA = re.compile(r"(^|[;,|\t])(\s*)([=+\-@＝＋－＠])")  # fmt: skip


def render(report: Report) -> str:
    """The report as CSV text with a header."""
    out = StringIO()
    table = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    table.writeheader()
    for line in _lines(cleaned(report)):
        table.writerow({column: _cell(value) for column, value in line.items()})
    return out.getvalue()


def _cell(value: Any) -> Any:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float():
            return rounded(value)
        case int():
            return value
        case list():
            return harmless(", ".join(map(str, value)))
        case _:
            return harmless(str(value))


def harmless(text: str) -> str:
    """The text with an apostrophe before whatever a spreadsheet would take for the start of a formula."""
    return _FORMULA.sub(r"\1'\2\3", text)


def _lines(report: Report) -> Iterator[dict[str, Any]]:
    for metric, reading in report.metrics.items():
        yield from _metric(report, metric, reading)
    for point in report.series:
        values = {"start": point.start, "end": point.end, "partial": point.partial, "status": point.status}
        yield _named("series", report, point.metric) | values | {"value": point.value, "n": point.n}
    for segment in report.segments:
        values = {"by": _by(segment.by), "value": segment.value, "n": segment.n, "status": segment.status}
        yield (
            _named("segments", report, segment.metric)
            | values
            | _bounds(segment.interval)
            | _goal(segment.target)
        )
    for left in report.left_out:
        yield {"section": "left_out", "metric": left.metric, "title": left.title, "value": left.why}
    for notice in report.notices:
        yield {"section": "notices", "measure": notice.code, "value": notice.message, "n": notice.rows}


def _metric(report: Report, metric: str, reading: Reading) -> Iterator[dict[str, Any]]:
    window = report.window
    span = {"start": window.start, "end": window.end} if window else {}
    yield (
        _named("metrics", report, metric)
        | span
        | _bounds(reading.interval)
        | _goal(reading.target)
        | {name: getattr(reading, name) for name in ("value", "n", "status", "previous", "change", "verdict")}
    )
    for key, value in reading.details.items():
        for measure, by, plain in _flat(key, value):
            yield (
                _named("details", report, metric)
                | span
                | {"measure": measure, "by": by, "value": plain, "unit": ""}
            )


def _flat(key: str, value: Any) -> Iterator[tuple[str, str, Any]]:
    """(measure, by, value) of a detail: one for a plain one, one for each cell of a table."""
    match value:
        case dict():
            yield from ((key, str(name), plain) for name, plain in value.items())
        case [dict(), *_]:
            for row in value:
                (head, name), *cells = row.items()
                yield from ((measure, _by({head: name}), plain) for measure, plain in cells)
        case _:
            yield key, "", value


def _named(section: str, report: Report, metric: str) -> dict[str, Any]:
    reading = report.metrics.get(metric)
    known = {"title": reading.title, "unit": reading.unit} if reading else {}
    return {"section": section, "metric": metric, "measure": "value", **known}


def _by(by: dict[str, Any]) -> str:
    return "; ".join(f"{dimension}={'' if value is None else value}" for dimension, value in by.items())


def _bounds(interval: tuple[float, float] | None) -> dict[str, Any]:
    return {"low": interval[0], "high": interval[1]} if interval else {}


def _goal(target: Target | None) -> dict[str, Any]:
    return {"operator": target.operator, "target": target.value} if target else {}

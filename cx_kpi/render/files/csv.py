"""The report as one long table: a line for each value, whole or by period, segment or detail."""

import csv
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

from cx_kpi.model.report import Point, Reading, Report, Segment
from cx_kpi.render.elements.reading_columns import cells, columns
from cx_kpi.render.elements.reading_fields import Place
from cx_kpi.render.elements.sanitise import cleaned
from cx_kpi.render.files.json import plain, rounded

HEAD = ("section", "metric", "title", "unit", "measure")
KINDS: tuple[type, ...] = (Reading, Point, Segment)
COLUMNS = (*HEAD, *columns(KINDS, Place.CSV))
# a spreadsheet may split a line at any of these, then take what follows a sign for a formula
_FORMULA = re.compile(r"(^|[;,|\t])(\s*)([=+\-@＝＋－＠])")  # fmt: skip


def render(report: Report) -> str:
    """The report as CSV text with a header."""
    out = StringIO()
    read = (*report.metrics.values(), *report.series, *report.segments)
    every = columns([*KINDS, *map(type, read)], Place.CSV)
    table = csv.DictWriter(out, (*HEAD, *every), restval="", lineterminator="\n")
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
            text = ", ".join(map(str, plain(value)))
        case dict():
            text = _by(value)
        case _:
            text = str(value)
    return harmless(text)


def harmless(text: str) -> str:
    """The text with an apostrophe before whatever a spreadsheet would take for the start of a formula."""
    return _FORMULA.sub(r"\1'\2\3", text)


def _lines(report: Report) -> Iterator[dict[str, Any]]:
    if report.alarm:
        yield {"section": "alarm", "value": report.alarm}
    for metric, reading in report.metrics.items():
        yield from _metric(report, metric, reading)
    for section, read in (("series", report.series), ("segments", report.segments)):
        for each in read:
            yield _named(section, report, each.metric) | cells(each, Place.CSV)
    for left in report.left_out:
        yield {"section": "left_out", "metric": left.metric, "title": left.title, "value": left.why}
    for notice in report.notices:
        yield {"section": "notices", "measure": notice.code, "value": notice.message, "n": notice.rows}


def _metric(report: Report, metric: str, reading: Reading) -> Iterator[dict[str, Any]]:
    window = report.window
    span = {"start": window.start, "end": window.end} if window else {}
    yield _named("metrics", report, metric) | span | cells(reading, Place.CSV)
    for key, value in reading.details.items():
        for measure, by, single in _flat(key, value):
            yield (
                _named("details", report, metric)
                | span
                | {"measure": measure, "by": by, "value": single, "unit": ""}
            )


def _flat(key: str, value: Any) -> Iterator[tuple[str, str, Any]]:
    """(measure, by, value) of a detail: one for a plain one, one for each cell of a table."""
    match value:
        case dict():
            yield from ((key, str(name), single) for name, single in value.items())
        case [dict(), *_]:
            for row in value:
                (head, name), *cells = row.items()
                yield from ((measure, _by({head: name}), single) for measure, single in cells)
        case _:
            yield key, "", value


def _named(section: str, report: Report, metric: str) -> dict[str, Any]:
    reading = report.metrics.get(metric)
    known = {"title": reading.title, "unit": reading.unit} if reading else {}
    return {"section": section, "metric": metric, "measure": "value", **known}


def _by(by: dict[str, Any]) -> str:
    return "; ".join(f"{dimension}={'' if value is None else value}" for dimension, value in by.items())

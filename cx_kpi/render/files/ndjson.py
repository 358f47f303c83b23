"""The readings as NDJSON: one JSON object a line, every column in each."""

import json

from cx_kpi.model.report import Report
from cx_kpi.render.files.readings import readings


def render(report: Report) -> str:
    """The lines; a report without readings is an empty line."""
    lines = [json.dumps(row, ensure_ascii=False, allow_nan=False) for row in readings(report)]
    return "\n".join(lines) + "\n"

"""A report of ours that was saved as JSON, read again."""

import json
from pathlib import Path

from cx_kpi.model.errors import InputProblem
from cx_kpi.model.report import Report, from_dict


def saved_report(path: str) -> Report:
    """The report in a file; raises `InputProblem` where there is none."""
    try:
        return from_dict(json.loads(Path(path).read_text(encoding="utf-8")))
    except OSError as problem:
        raise InputProblem(f"{path}: {problem.strerror}") from None
    except ValueError:
        raise InputProblem(
            f"{path}: no report that cxkpi wrote as JSON; make one with -o report.json"
        ) from None

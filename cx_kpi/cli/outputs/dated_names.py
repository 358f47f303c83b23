"""Outputs named after the report's day: `reports/{year}-W{week}.html`. The day is the last of the window."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cx_kpi.model.errors import OutputProblem, UsageProblem, nearest

if TYPE_CHECKING:
    from cx_kpi.api import Run

PARTS = ("year", "quarter", "month", "week", "day")
_PART = re.compile(r"\{([A-Za-z]+)\}")


def beforehand(path: str) -> str:
    """What can be checked before the day is known: the file in the last folder that has no date in its name.

    Raises `UsageProblem` for a part that no date has.
    """
    for part in _PART.findall(path):
        if part not in PARTS:
            raise UsageProblem(f"{path}: {{{part}}} is no part of a date{nearest(part, PARTS)}")
    file = Path(path)
    first = next((folder for folder in reversed(file.parents) if _PART.search(folder.name)), None)
    return str(first.parent / file.name) if first else path


def named(paths: Sequence[str], done: "Run", inputs: Sequence[str]) -> list[str]:
    """The paths of a run, held for it; folders with a date in their names are made. Raises `CxkpiError`."""
    from cx_kpi.cli.outputs import output as out

    found = [_named(path, done) for path in paths]
    new = [path for path, old in zip(found, paths, strict=True) if path != old]
    for path in new:
        out.check_file(path, inputs)
    out.alone(new)
    return found


def _named(path: str, done: "Run") -> str:
    if not _PART.search(path):
        return path
    windows = done.results.windows
    if windows is None:
        raise OutputProblem(f"{path}: no row has a date to name it after; choose another name")
    name = dated(path, windows.overall.end - timedelta(days=1))
    if beforehand(path) != path:
        _make(Path(name).parent)
    return name


def dated(path: str, day: date) -> str:
    """The path with the parts of a day filled in; beside a week, the year is the one the week belongs to."""
    week = day.isocalendar()
    parts = {
        "year": f"{week.year if '{week}' in path else day.year:04}",
        "quarter": f"{(day.month + 2) // 3}",
        "month": f"{day.month:02}",
        "week": f"{week.week:02}",
        "day": f"{day.day:02}",
    }
    return _PART.sub(lambda found: parts[found[1]], path)


def pattern(path: str) -> str:
    """What finds the files of all days."""
    return _PART.sub("*", path)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise OutputProblem(f"{folder}: the folder cannot be made: {problem.strerror}") from None

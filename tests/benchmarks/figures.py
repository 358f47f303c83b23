"""The figures of a report in one flat form, so that any engine's can be compared: metric → cell → name → value.

A cell is `overall`, the first day of a month, or a channel.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from math import isclose
from typing import Any

Figures = dict[str, dict[str, dict[str, Any]]]
WORDS = ("ahead",)  # sentences about what comes
WITHHELD = ("backlog", "backlog_overdue", "backlog_age")  # null until the export reaches back far enough


def of_report(report: dict[str, Any]) -> Figures:
    """The figures of `cxkpi report -f json`."""
    found: Figures = defaultdict(dict)
    for metric, reading in report["metrics"].items():
        found[metric]["overall"] = _names(reading)
    for point in report["series"]:
        found[point["metric"]][point["start"]] = _names(point)
    for segment in report["segments"]:
        found[segment["metric"]][segment["by"]["channel"]] = _names(segment)
    return found


def _names(reading: dict[str, Any]) -> dict[str, Any]:
    names = {"value": reading["value"], "n": reading["n"]}
    for name, value in reading["details"].items():
        match value:
            case str() if name in WORDS:
                pass
            case dict() if name == "bands":
                names |= {f"{name}.{key}": number for key, number in value.items()}
            case [{"name": _}, *_]:
                names[name] = {row["name"]: row["n"] for row in value}
            case int() | float() | str() | None:
                names[name] = value
    return names


def differences(ours: Figures, theirs: Figures) -> Iterator[str]:
    """Every figure of ours that theirs does not give within 1e-6; none and nothing are alike.

    Metrics that theirs does not compute at all are told by name.
    """
    if alone := sorted(metric for metric in ours.keys() - theirs.keys() if any(ours[metric].values())):
        print("not compared:", *alone)
    for metric, cells in ours.items():
        if metric not in theirs:
            continue
        for cell, names in cells.items():
            other = theirs.get(metric, {}).get(cell, {})
            for name, value in names.items():
                if not _same(value, other.get(name)) and not _hidden(metric, names, name):
                    yield f"{metric} {cell} {name}: {value!r}, not {other.get(name)!r}"
    for metric, cells in theirs.items():
        for cell in cells.keys() - ours.get(metric, {}).keys():
            if any(cells[cell].values()):
                yield f"{metric} {cell}: {json.dumps(cells[cell])} is missing"


def _hidden(metric: str, names: dict[str, Any], name: str) -> bool:
    """Whether cxkpi shows no value here on purpose: too few rows, or an export that cannot know it."""
    few = names["n"] < 5 and name == "value"
    return names["value"] is None and (few or metric in WITHHELD)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)
    return one == other or not (one or other)

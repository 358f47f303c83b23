"""The report as one JSON object: strict, rounded at the edge, the same bytes for the same figures."""

import json
import re
from enum import Enum
from math import isfinite
from typing import Any

from cx_kpi.model.report import Report

DIGITS = 10  # significant: beyond them, the order in which rows were added shows
_UNSEEN = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def render(report: Report) -> str:
    """The report as JSON text, a newline at its end."""
    return dumps(report.as_dict())


def as_plain(report: Report) -> dict[str, Any]:
    """The object itself: dicts, lists, texts and numbers, as they are printed."""
    made: dict[str, Any] = plain(report.as_dict())
    return made


def dumps(data: dict[str, Any]) -> str:
    """Plain data as JSON text, a newline at its end."""
    text = json.dumps(plain(data), ensure_ascii=False, allow_nan=False, indent=2)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def plain(value: Any) -> Any:
    """The value as JSON can hold it; numbers rounded, so that the order in which rows were added does not show."""
    match value:
        case Enum():
            return str(value)
        case str():
            return value.encode("utf-8", "replace").decode()
        case float():
            return rounded(value)
        case dict():
            return {plain(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case _:
            return value


def rounded(number: float) -> float | None:
    """The number to ten significant digits, without a negative zero; None where it is no number."""
    kept = float(f"{number:.{DIGITS}g}") + 0.0
    return kept if isfinite(kept) else None

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
    plain: dict[str, Any] = _plain(report.as_dict())
    return plain


def dumps(data: dict[str, Any]) -> str:
    """Plain data as JSON text, a newline at its end."""
    text = json.dumps(_plain(data), ensure_ascii=False, allow_nan=False, indent=2)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return str(value)
        case str():
            return value.encode("utf-8", "replace").decode()
        case float():
            return rounded(value)
        case dict():
            return {_plain(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return value


def rounded(number: float) -> float | None:
    """The number to ten significant digits, without a negative zero; None where it is no number."""
    kept = float(f"{number:.{DIGITS}g}") + 0.0
    return kept if isfinite(kept) else None

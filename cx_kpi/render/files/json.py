"""The report as one JSON object: strict, rounded at the edge, the same bytes for the same figures."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache, lru_cache
from json.encoder import encode_basestring
from math import isfinite
from typing import Any

from cx_kpi.model.report import Report

QUOTE = '"'
_CONSTANTS = {None: "null", True: "true", False: "false"}
DIGITS = 10  # significant: beyond them, the order in which rows were added shows
_UNSEEN = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def render(report: Report) -> str:
    """The report as JSON text, a newline at its end."""
    return dumps(report)


def as_plain(report: Report) -> dict[str, Any]:
    """The object itself: dicts, lists, texts and numbers, as they are printed."""
    made: dict[str, Any] = plain(report)
    return made


def dumps(data: Any) -> str:
    """Plain data or dataclasses as JSON text, a newline at its end."""
    pieces: list[str] = []
    _write(data, "\n", pieces)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", "".join(pieces)) + "\n"


def _write(value: Any, line: str, pieces: list[str]) -> None:
    """Add the text of a value as `json.dumps` has it with an indent of 2; `line` begins a line at its depth."""
    scalar = _scalar(value)
    if scalar is not None:
        pieces.append(scalar)
        return
    deeper = line + "  "
    is_list = isinstance(value, (list, tuple))
    first, last = "[]" if is_list else "{}"
    between = first + deeper
    for key, item in ((None, item) for item in value) if is_list else _items(value):
        pieces.append(between if is_list else between + _key(key))
        _write(item, deeper, pieces)
        between = "," + deeper
    pieces.append(line + last if between[0] == "," else first + last)


def _scalar(value: Any) -> str | None:
    """The text of a value that holds no others; None for one that does."""
    match value:
        case None | bool():
            return _CONSTANTS[value]
        case Enum():
            return _quoted(str(value))
        case str():
            return _quoted(value)
        case float():
            number = rounded(value)
            return "null" if number is None else repr(number)
        case int():
            return repr(value)
        case _:
            return None


@lru_cache(maxsize=10_000)
def _quoted(text: str) -> str:
    return encode_basestring(text.encode("utf-8", "replace").decode())


@lru_cache(maxsize=10_000, typed=True)
def _key(name: Any) -> str:
    text = _scalar(name) or ""
    return f"{text if text[:1] == QUOTE else _quoted(text)}: "


def _items(value: Any) -> Iterator[tuple[Any, Any]]:
    """Names and values of a dict or of a dataclass."""
    if isinstance(value, dict):
        return iter(value.items())
    kind: Any = type(value)
    return ((name, getattr(value, name)) for name in _names(kind))


@cache
def _names(of: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(of))


def plain(value: Any) -> Any:
    """The value as JSON can hold it; numbers rounded, so that the order in which rows were added does not show."""
    match value:
        case Enum():
            return str(value)
        case str():
            return value.encode("utf-8", "replace").decode()
        case float():
            return rounded(value)
        case list() | tuple():
            return [plain(item) for item in value]
        case _ if isinstance(value, dict) or is_dataclass(value):
            return {plain(key): plain(item) for key, item in _items(value)}
        case _:
            return value


def rounded(number: float) -> float | None:
    """The number to ten significant digits, without a negative zero; None where it is no number."""
    kept = float(f"{number:.{DIGITS}g}") + 0.0
    return kept if isfinite(kept) else None

"""The report as one JSON object: strict, rounded at the edge, the same bytes for the same figures."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache, lru_cache
from itertools import repeat
from json.encoder import encode_basestring
from math import isfinite
from operator import attrgetter
from typing import Any

from cx_kpi.model.report import Report

QUOTE = '"'
DIGITS = 10  # significant: beyond them, the order in which rows were added shows
_SHORT = f"%.{DIGITS}g"  # in a third of the time of `format`
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
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", _text(data, "\n")) + "\n"


def _text(value: Any, line: str) -> str:
    """The text of a value as `json.dumps` has it with an indent of 2; `line` begins a line at its depth."""
    if plainly := _TEXTS.get(type(value)):
        return plainly(value)
    if isinstance(value, Enum):
        return _quoted(str(value))
    brackets, begun, items = _opened(value, line)
    if not items:
        return brackets
    deeper = line + "  "
    lines = [
        start + (plainly(item) if (plainly := _TEXTS.get(type(item))) else _text(item, deeper))
        for start, item in zip(begun, items, strict=False)
    ]
    return brackets[0] + ",".join(lines) + line + brackets[1]


def _opened(value: Any, line: str) -> tuple[str, Iterable[str], Collection[Any]]:
    """The brackets around what a value holds, what begins the line of each thing in it, and these."""
    if isinstance(value, (list, tuple)):
        return "[]", repeat(line + "  "), value
    if isinstance(value, dict):
        return "{}", [f"{line}  {_key(key)}" for key in value], value.values()
    kind: Any = type(value)
    return "{}", _begun(kind, line), _values(kind)(value)


def _number(value: float) -> str:
    text = _SHORT % value
    if "." in text and "e" not in text:
        return text  # which `repr` would write, too
    number = rounded(value)
    return "null" if number is None else repr(number)


@lru_cache(maxsize=10_000)
def _quoted(text: str) -> str:
    return encode_basestring(text.encode("utf-8", "replace").decode())


_TEXTS: dict[type, Callable[[Any], str]] = {  # of values that hold no others
    type(None): lambda _: "null",
    bool: lambda value: "true" if value else "false",
    int: repr,
    float: _number,
    str: _quoted,
}


@lru_cache(maxsize=10_000, typed=True)
def _key(name: Any) -> str:
    text = _text(name, "")
    return f"{text if text[:1] == QUOTE else _quoted(text)}: "


@cache
def _names(of: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(of))


@cache
def _begun(of: type, line: str) -> tuple[str, ...]:
    """What begins the line of each field of a dataclass."""
    return tuple(f"{line}  {_key(name)}" for name in _names(of))


@cache
def _values(of: type) -> Callable[[Any], Collection[Any]]:
    """What gets the values of the fields of a dataclass."""
    names = _names(of)
    return attrgetter(*names) if len(names) > 1 else lambda value: [getattr(value, name) for name in names]


def _items(value: Any) -> Iterable[tuple[Any, Any]]:
    """Names and values of a dict or of a dataclass."""
    kind: Any = type(value)
    return value.items() if isinstance(value, dict) else zip(_names(kind), _values(kind)(value), strict=True)


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
    kept = float(_SHORT % number) + 0.0
    return kept if isfinite(kept) else None

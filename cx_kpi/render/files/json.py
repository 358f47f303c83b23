"""The report as one JSON object: strict, rounded at the edge, the same bytes for the same figures."""

import re
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache, lru_cache
from json.encoder import encode_basestring
from math import isfinite
from operator import attrgetter
from typing import Any

from cx_kpi.model.report import Report

QUOTE = '"'
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
    kind: Any = type(value)
    if text := _TEXTS.get(kind):
        pieces.append(text(value))
    elif isinstance(value, Enum):
        pieces.append(_quoted(str(value)))
    elif isinstance(value, (list, tuple)):
        _enclose("[]", ((line + "  ", item) for item in value), line, pieces)
    elif isinstance(value, dict):
        _enclose("{}", ((f"{line}  {_key(key)}", item) for key, item in value.items()), line, pieces)
    else:
        _enclose("{}", zip(_begun(kind, line), _values(kind)(value), strict=True), line, pieces)


def _enclose(brackets: str, items: Iterable[tuple[str, Any]], line: str, pieces: list[str]) -> None:
    """Add what is listed or named, each after what begins its line."""
    before, deeper, more = brackets[0], line + "  ", pieces.append
    for begun, item in items:
        if text := _TEXTS.get(type(item)):
            more(before + begun + text(item))
        else:
            more(before + begun)
            _write(item, deeper, pieces)
        before = ","
    more(line + brackets[1] if before == "," else brackets)


def _number(value: float) -> str:
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
    pieces: list[str] = []
    _write(name, "", pieces)
    text = pieces[0]
    return f"{text if text[:1] == QUOTE else _quoted(text)}: "


@cache
def _names(of: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(of))


@cache
def _begun(of: type, line: str) -> tuple[str, ...]:
    """What begins the line of each field of a dataclass."""
    return tuple(f"{line}  {_key(name)}" for name in _names(of))


@cache
def _values(of: type) -> Callable[[Any], Iterable[Any]]:
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
    kept = float(f"{number:.{DIGITS}g}") + 0.0
    return kept if isfinite(kept) else None

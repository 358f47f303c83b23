"""Text from files made harmless for a screen: no control, bidi or escape codes, one line, valid Unicode."""

import re
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from itertools import chain
from operator import is_
from typing import Any, TypeVar, cast
from unicodedata import category

T = TypeVar("T")
_SEQUENCE = re.compile(
    r"(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"  # OSC: titles, links, clipboard
    r"|(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x1b\x9c]*(?:\x1b\\|\x9c)"  # DCS and its like
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|\x1b[ -/]*[0-~]"
)
_JOINERS = "\u200c\u200d"  # they shape letters and emoji, and move nothing


class _Harmless(dict[int, str | None]):
    """What becomes of a character, decided once for each."""

    def __missing__(self, code: int) -> str | None:
        self[code] = _harmless(chr(code))
        return self[code]


def _harmless(char: str) -> str | None:
    kind = category(char)
    if char in "\t\n\r\v\f\x85" or kind in {"Zl", "Zp"}:
        return " "
    if kind == "Cs" or _is_none(ord(char)):
        return "\ufffd"
    return None if kind == "Cc" or (kind == "Cf" and char not in _JOINERS) else char


def _is_none(code: int) -> bool:
    """Whether this is no character for good: XML cannot hold it, and what draws charts would stop the program."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


_TABLE = _Harmless()
_PLAIN = {type(None), bool, int, float}


def clean(text: str) -> str:
    """The text on one line, without terminal sequences, control, bidi and other unseen characters."""
    if text.isascii() and text.isprintable():
        return text
    return _SEQUENCE.sub("", text).translate(_TABLE)


def cleaned(value: T) -> T:
    """The value with every text in it clean, in dataclasses, dicts, lists and tuples; itself where all are."""
    return cast("T", _cleaned(value))


def _cleaned(value: Any) -> Any:
    kind = type(value)
    if kind is str:
        return clean(value)
    if kind in _PLAIN or isinstance(value, Enum):
        return value
    return _inside(value, kind)


def _inside(value: Any, kind: Any) -> Any:
    """The same, of what holds other values: most of them are plain, and are not asked about one by one."""
    if kind is dict:
        texts, made = _inside([*value], list), _inside([*value.values()], list)
        same = all(map(is_, texts, value)) and all(map(is_, made, value.values()))
        return value if same else dict(zip(texts, made, strict=True))
    if kind is list or kind is tuple:
        return _items(value, kind)
    return _of_fields(value, kind)


def _items(value: Any, kind: Any) -> Any:
    """The same, of a list or a tuple."""
    if {*map(type, value)} == {dict} and _are_clean(value):
        return value
    each = [item if type(item) in _PLAIN else _cleaned(item) for item in value]
    return value if all(map(is_, each, value)) else kind(each)


def _are_clean(rows: Sequence[dict[Any, Any]]) -> bool:
    """Whether rows hold clean texts, numbers and lists of numbers alone: of the thousands of a table it is asked at once."""
    cells = [*chain({*chain.from_iterable(rows)}, *map(dict.values, rows))]
    lists = chain.from_iterable(cell for cell in cells if type(cell) is list)
    if not {*map(type, cells)} <= _PLAIN | {str, list} or not {*map(type, lists)} <= _PLAIN:
        return False
    texts = "".join(cell for cell in cells if type(cell) is str)
    return clean(texts) == texts


def _of_fields(value: Any, kind: Any) -> Any:
    """The same, of a dataclass."""
    changed = {}
    for name in kind.__dataclass_fields__:
        item = getattr(value, name)
        if type(item) not in _PLAIN and (made := _cleaned(item)) is not item:
            changed[name] = made
    return replace(value, **changed) if changed else value


def file_name(path: str) -> str:
    """The last part of a path."""
    return path.replace("\\", "/").rsplit("/", 1)[-1]

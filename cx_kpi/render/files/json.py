"""The report as one JSON object: strict, rounded at the edge, the same bytes for the same figures."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache, lru_cache
from io import BytesIO
from itertools import chain, count, islice
from json.encoder import encode_basestring
from math import isfinite
from operator import add, attrgetter
from typing import Any

from cx_kpi.model.report import Report

QUOTE = '"'
TOGETHER = 1000  # items of lists that are written together
MANY = 2  # dicts for each set of keys, on average: fewer are written one by one
KNOWN = 20_000  # texts that are kept: as many as a cut has segments
DIGITS = 10  # significant: beyond them, the order in which rows were added shows
_SHORT = f"%.{DIGITS}g"  # in a third of the time of `format`
_UNSEEN = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def render(report: Report) -> bytes:
    """The report as JSON in UTF-8, a newline at its end; as text it would be copied whole twice."""
    made = BytesIO()
    for part in _parts(report, "\n"):
        made.write(part.encode())
    made.write(b"\n")
    return made.getvalue()


def as_plain(report: Report) -> dict[str, Any]:
    """The object itself: dicts, lists, texts and numbers, as they are printed."""
    made: dict[str, Any] = plain(report)
    return made


def dumps(data: Any) -> str:
    """Plain data or dataclasses as JSON text, a newline at its end."""
    return "".join([*_parts(data, "\n"), "\n"])


def _parts(value: Any, line: str) -> Iterator[str]:
    """The text of one value; a long list in it comes in parts, for whole it would be copied at each depth."""
    kind: Any = type(value)
    if is_dataclass(value):
        for place, name in enumerate(_names(kind)):
            yield f"{',' if place else '{'}{line}  {_key(name)}"
            yield from _parts(getattr(value, name), line + "  ")
        yield line + "}"
    elif kind is list and len(value) > TOGETHER:
        kinds = {*map(type, value)}
        alike = len(kinds) == 1 and is_dataclass(value[0])
        for start, text in zip(count(), (_records if alike else _joined)(value, line + "  ")):
            yield ("," if start else "[") + line + "  "
            yield text
        yield line + "]"
    else:
        yield _texts([value], line)[0]


def _joined(values: Sequence[Any], line: str) -> Iterator[str]:
    """The texts of items, some at a time."""
    for part in _some(values):
        yield f",{line}".join(_texts(part, line))


def _some(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[start : start + TOGETHER] for start in range(0, len(values), TOGETHER))


def _records(values: Sequence[Any], line: str) -> Iterator[str]:
    """The same of dataclasses of one kind, each part of a text put in its place: whole records would be copied twice."""
    kind: Any = type(values[0])
    before = [f"{',' if place else '{'}{line}  {_key(name)}" for place, name in enumerate(_names(kind))]
    between = f"{line}}},{line}{before[0]}"
    fields = [(attrgetter(name), dict[int, str]()) for name in _names(kind)]
    for part in _some(values):
        pieces = [""] * (2 * len(before) * len(part))
        for place, (key, (of, known)) in enumerate(zip([between, *before[1:]], fields, strict=True)):
            pieces[2 * place :: 2 * len(before)] = [key] * len(part)
            pieces[2 * place + 1 :: 2 * len(before)] = _column([*map(of, part)], line + "  ", known)
        pieces[0] = before[0]
        yield "".join(pieces) + line + "}"


def _column(values: Sequence[Any], line: str, known: dict[int, str]) -> list[str]:
    """The texts of one field; of dicts some are `known`, such as who a segment is of whom there are many figures."""
    if type(values[0]) is not dict or len(known) >= KNOWN:
        return _texts(values, line)
    new = {id(each): each for each in values if id(each) not in known}
    known.update(zip(new, _texts([*new.values()], line), strict=True))
    return [known[id(each)] for each in values]


def _texts(values: Sequence[Any], line: str) -> list[str]:
    """The texts of values as `json.dumps` has them with an indent of 2; `line` begins a line at their depth.

    Values of one kind are written together: a report has many alike, and this takes a third of the time.
    """
    kinds = [*map(type, values)]
    if len({*kinds}) == 1:
        return _alike(kinds[0], values, line)
    return _in_turn(kinds, {kind: _alike(kind, some, line) for kind, some in _apart(kinds, values).items()})


def _apart(groups: Iterable[Any], values: Iterable[Any]) -> dict[Any, list[Any]]:
    """The values of each group, which each value has."""
    found: dict[Any, list[Any]] = {}
    for group, value in zip(groups, values, strict=True):
        found.setdefault(group, []).append(value)
    return found


def _in_turn(groups: Iterable[Any], texts: Mapping[Any, Iterable[str]]) -> list[str]:
    """The texts of each group, in the order of the values they were made of."""
    rest = {group: iter(some) for group, some in texts.items()}
    return [next(rest[group]) for group in groups]


def _alike(kind: Any, values: Sequence[Any], line: str) -> list[str]:
    """The texts of values of one kind."""
    if plainly := _TEXTS.get(kind):
        return plainly(values)
    if issubclass(kind, Enum):
        return [_quoted(str(each)) for each in values]
    once = {id(each): each for each in values}
    if len(once) == len(values):
        return _holding(kind, values, line)
    texts = dict(zip(once, _holding(kind, [*once.values()], line), strict=True))
    return [texts[id(each)] for each in values]


def _holding(kind: Any, values: Sequence[Any], line: str) -> list[str]:
    """The same of values that hold others. One that is there many times, such as a target, comes once."""
    if issubclass(kind, (list, tuple)):
        return _around("[]", values, _items([*chain.from_iterable(values)], line + "  "), line)
    if issubclass(kind, dict):
        return _dicts(kind, values, line)
    columns = [_texts([*map(attrgetter(name), values)], line + "  ") for name in _names(kind)]
    return _filled(_record(kind, line), columns)


def _filled(pattern: str, columns: Iterable[Iterable[str]]) -> list[str]:
    """A pattern for each row of texts."""
    return [*map(pattern.__mod__, zip(*columns, strict=True))]


def _dicts(kind: Any, values: Sequence[dict[Any, Any]], line: str) -> list[str]:
    """The texts of dicts, those with the same keys together where there are many of them."""
    keys = [*map(tuple, values)]
    apart = _apart(keys, values)
    if len(values) >= MANY * len(apart):
        return _in_turn(keys, {each: _with_keys(each, kind, some, line) for each, some in apart.items()})
    items = _texts([*chain.from_iterable(each.values() for each in values)], line + "  ")
    return _around("{}", values, [*map(add, map(_key, chain.from_iterable(values)), items)], line)


def _with_keys(keys: tuple[Any, ...], kind: Any, values: Sequence[dict[Any, Any]], line: str) -> list[str]:
    """The texts of dicts with these keys."""
    if not keys:
        return ["{}"] * len(values)
    columns = zip(*map(kind.values, values), strict=True)
    return _filled(_pattern(keys, line), [_texts(each, line + "  ") for each in columns])


def _items(values: Sequence[Any], line: str) -> list[str]:
    """The items of lists; not all at once, or their parts would all be in memory together."""
    if len(values) <= TOGETHER or type(values[0]) in _TEXTS:
        return _texts(values, line)
    return [text for part in _some(values) for text in _texts(part, line)]


def _around(brackets: str, values: Iterable[Collection[Any]], items: Iterable[str], line: str) -> list[str]:
    """Brackets around the lines of what each value holds, which are taken from those of all."""
    rest, start, between, end = iter(items), f"{brackets[0]}{line}  ", f",{line}  ", line + brackets[1]
    return [
        f"{start}{between.join(islice(rest, len(value)))}{end}" if value else brackets for value in values
    ]


def _numbers(values: Sequence[float]) -> list[str]:
    texts = (f"{_SHORT} " * len(values) % tuple(values)).split()
    return [  # as `repr` would write them
        text if "." in text and "e" not in text else f"{text}.0" if text.isdecimal() else _number(value)
        for text, value in zip(texts, values, strict=True)
    ]


def _number(value: float) -> str:
    number = rounded(value)
    return "null" if number is None else repr(number)


@lru_cache(maxsize=10_000)
def _quoted(text: str) -> str:
    quoted = encode_basestring(text.encode("utf-8", "replace").decode())
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


_TEXTS: dict[type, Callable[[Any], list[str]]] = {  # of values that hold no others
    type(None): lambda values: ["null"] * len(values),
    bool: lambda values: ["true" if value else "false" for value in values],
    int: lambda values: [*map(repr, values)],
    float: _numbers,
    str: lambda values: [*map(_quoted, values)],
}


@lru_cache(maxsize=10_000, typed=True)
def _key(name: Any) -> str:
    text = _texts([name], "")[0]
    return f"{text if text[:1] == QUOTE else _quoted(text)}: "


@cache
def _names(of: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(of))


@cache
def _record(of: type, line: str) -> str:
    """A dataclass with a place for the text of each field."""
    return _pattern(_names(of), line)


def _pattern(names: Iterable[Any], line: str) -> str:
    """An object with these keys, with a place for the text of each value."""
    lines = ",".join(f"{line}  {_key(name).replace('%', '%%')}%s" for name in names)
    return "{" + lines + line + "}"


def _pairs(value: Any) -> Iterable[tuple[Any, Any]]:
    """Names and values of a dict or of a dataclass."""
    kind: Any = type(value)
    return (
        value.items() if isinstance(value, dict) else [(name, getattr(value, name)) for name in _names(kind)]
    )


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
            return {plain(key): plain(item) for key, item in _pairs(value)}
        case _:
            return value


def rounded(number: float) -> float | None:
    """The number to ten significant digits, without a negative zero; None where it is no number."""
    kept = float(_SHORT % number) + 0.0
    return kept if isfinite(kept) else None

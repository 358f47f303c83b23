"""The fields of readings, points and segments as columns of plain values, as they are declared."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from cx_kpi.render.elements.reading_fields import FIELDS, Field, Place, declared

WIDTH = 12  # characters of a column in a workbook


@cache
def layout(kinds: tuple[type, ...], place: Place) -> Mapping[str, Mapping[str, float]]:
    """The fields that some of these kinds show in a place, in order: the columns of each, and their widths."""
    hints = {
        name: hint
        for kind in kinds
        for name, hint in get_type_hints(kind).items()
        if _belongs(declared(name), kind, place)
    }
    names = [*(name for name in FIELDS if name in hints), *(name for name in hints if name not in FIELDS)]
    return {name: _columns(name, hints[name]) for name in names}


def columns(kinds: Iterable[type], place: Place) -> dict[str, float]:
    """The columns in a place that some of these kinds have, and their widths in characters."""
    found = layout(tuple(dict.fromkeys(kinds)), place)
    return {column: width for each in found.values() for column, width in each.items()}


def _belongs(found: Field, kind: type, place: Place) -> bool:
    out = any(issubclass(kind, of) and place is where for of, where in found.but)
    return place in found.places and not out


def _columns(name: str, hint: Any) -> Mapping[str, float]:
    """The columns that are declared; else a column, two for a pair, or those of the fields inside."""
    if declared(name).columns:
        return declared(name).columns
    kinds = (hint, *get_args(hint))  # of `Span | None`, both
    inner = [each for each in kinds if isinstance(each, type) and is_dataclass(each)]
    if inner:
        return {f"{name}_{column}": width for column, width in columns(inner, Place.DATA).items()}
    if any(get_origin(each) is tuple for each in kinds):
        return {f"{name}_low": WIDTH, f"{name}_high": WIDTH}
    return {name: WIDTH}


def cells(read: Any, place: Place) -> dict[str, Any]:
    """The plain values of a reading, point or segment by column, in the units of the JSON."""
    found: dict[str, Any] = {}
    for name, its in layout((type(read),), place).items():
        value = getattr(read, name)
        found |= dict(zip(its, [None] * len(its) if value is None else _plain(name, value), strict=True))
    return found


def _plain(name: str, value: Any) -> list[Any]:
    """A value as its cells."""
    if isinstance(value, tuple):
        return list(value)
    if not is_dataclass(value):
        return [value]
    if declared(name).columns:
        return [getattr(value, each.name) for each in fields(value)]
    return list(cells(value, Place.DATA).values())

"""The fields of readings, points and segments, each declared once: title, columns, and the places where it is shown.

Renderers take their columns from here. A field that is declared nowhere is shown everywhere, under its own name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, is_dataclass
from dataclasses import fields as fields_of
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from cx_kpi.model.report import Point
from cx_kpi.model.values import Unit
from cx_kpi.wording.language import mark

DEFAULT_WIDTH = 12  # characters of a column in a workbook


class Place(StrEnum):
    """Where a field is shown."""

    CSV = "csv"  # a column
    DATA = "data"  # a column of the data sheets of a workbook
    ROW = "row"  # with a metric: page, Markdown, mail, terminal, first sheet of a workbook
    TREND = "trend"  # a column of the numbers under a trend
    CELL = "cell"  # behind the value in tables of many values: by period, by segment


EVERYWHERE = frozenset(Place)
NOWHERE: frozenset[Place] = frozenset()  # a renderer gives it a place of its own
TABLES = frozenset({Place.CSV, Place.DATA})
READ = TABLES | {Place.TREND}


@dataclass(frozen=True, slots=True)
class Field:
    """What a field is called, its columns in tables of data and their widths in characters, and where it is shown.

    Where a field with a `sign` is true, the sign stands before the value. Numbers are in `unit`, else in the metric's.
    """

    title: str = ""
    places: frozenset[Place] = EVERYWHERE
    columns: Mapping[str, float] = field(default_factory=dict)
    unit: Unit | None = None
    sign: str = ""
    but: tuple[tuple[type, Place], ...] = ()  # the places where it is not shown of a kind


FIELDS: dict[str, Field] = {  # in the order of the columns
    "start": Field(places=TABLES),
    "end": Field(places=TABLES),
    "partial": Field(places=TABLES, columns={"partial": 9}),
    "by": Field(places=frozenset({Place.CSV})),
    "value": Field(mark("Value"), READ, {"value": 14}),
    "n": Field(mark("n"), READ, {"n": 10}, Unit.COUNT),
    "interval": Field(mark("95% interval"), READ, {"low": 12, "high": 12}, but=((Point, Place.CSV),)),
    "target": Field(mark("Target"), READ, {"operator": 9, "target": 12}, but=((Point, Place.CSV),)),
    "status": Field(mark("Status"), READ, {"status": 14}),
    "previous": Field(places=TABLES),
    "change": Field(mark("Change"), TABLES),
    "verdict": Field(mark("Verdict"), TABLES, {"verdict": 26}),
    "latest": Field(mark("Latest period"), TABLES),
    "usual": Field(mark("Usual range"), READ),
    "outside": Field(mark("Outside it"), READ),
} | dict.fromkeys(
    (
        *("metric", "title", "group", "unit", "better", "clock", "cohort"),
        *("about", "formula", "worked", "compared", "details", "twin_of", "account"),
    ),
    Field(places=NOWHERE),
)


def declared(name: str) -> Field:
    """The declaration of a field; one that has none goes by its own name."""
    return FIELDS.get(name) or Field(name.replace("_", " "))


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
        return {f"{name}_low": DEFAULT_WIDTH, f"{name}_high": DEFAULT_WIDTH}
    return {name: DEFAULT_WIDTH}


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
        return [getattr(value, each.name) for each in fields_of(value)]
    return list(cells(value, Place.DATA).values())

"""The fields of readings, points and segments, each declared once: title, columns, and the places where it is shown.

Renderers take their columns from here. A field that is declared nowhere is shown everywhere, under its own name.
"""

from collections.abc import Callable, Mapping
from dataclasses import field, fields
from enum import StrEnum
from typing import Any

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Point, Reading, Segment
from cx_kpi.model.values import Unit
from cx_kpi.render.elements.details import read as in_words
from cx_kpi.render.elements.details import said
from cx_kpi.wording.language import mark
from cx_kpi.wording.units import SPACE, Words


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

    Where a field with a `sign` is true, the value has the sign before it. Numbers are in `unit`, else in the metric's.
    `written` puts the field of a reading, point or segment into words, where its kind of value does not tell how.
    """

    title: str = ""
    places: frozenset[Place] = EVERYWHERE
    columns: Mapping[str, float] = field(default_factory=dict)
    unit: Unit | None = None
    sign: str = ""
    written: Callable[[Any, Reading, Words], str] | None = None
    but: tuple[tuple[type, Place], ...] = ()  # the places where it is not shown of a kind


def signs(read: Any) -> str:
    """The signs before the value: `≥` of a lower bound."""
    names = [each.name for each in fields(read)]
    return "".join(declared(name).sign for name in names if declared(name).sign and getattr(read, name))


def value_of(read: Any, reading: Reading, words: Words) -> str:
    """The value with its signs: `≥ 243`."""
    whole = isinstance(read, Reading | Point | Segment)
    text = in_words(read, reading, words) if whole else said(read.value, reading, words)
    lead = signs(read)
    return f"{lead}{SPACE}{text}" if lead and read.value is not None else text


def _change(read: Any, reading: Reading, words: Words) -> str:
    before = getattr(read, "previous", None)
    return words.change(read.change, reading.unit, before, reading.details.get("currency", ""))


_OF_POINT = ((Point, Place.CSV), (Point, Place.DATA))  # against other periods than the change of a reading
FIELDS: dict[str, Field] = {  # in the order of the columns
    "start": Field(places=TABLES),
    "end": Field(places=TABLES),
    "partial": Field(places=TABLES, columns={"partial": 9}),
    "by": Field(places=frozenset({Place.CSV})),
    "value": Field(mark("Value"), READ, {"value": 14}, written=value_of),
    "n": Field(mark("n"), READ, {"n": 10}, Unit.COUNT),
    "interval": Field(mark("95% interval"), READ, {"low": 12, "high": 12}, but=((Point, Place.CSV),)),
    "target": Field(mark("Target"), READ, {"operator": 9, "target": 12}, but=((Point, Place.CSV),)),
    "status": Field(mark("Status"), READ, {"status": 14}),
    "previous": Field(places=TABLES),
    "change": Field(mark("Change"), TABLES, written=_change, but=_OF_POINT),
    "verdict": Field(mark("Verdict"), TABLES, {"verdict": 26}),
    "latest": Field(mark("Latest period"), TABLES),
    "usual": Field(mark("Usual range"), READ),
    "outside": Field(mark("Outside it"), READ),
    "recorded": Field(mark("Out of a history"), READ),
    "compared": Field(places=frozenset({Place.CSV})),  # else in the words of the change
} | dict.fromkeys(
    (
        *("metric", "title", "group", "unit", "better", "clock", "cohort"),
        *(
            "about",
            "formula",
            "worked",
            "details",
            "twin_of",
            "account",
            "of_length",
            "stands_out",
        ),
    ),
    Field(places=NOWHERE),
)


def declared(name: str) -> Field:
    """The declaration of a field; one that has none goes by its own name."""
    return FIELDS.get(name) or Field(name.replace("_", " "))

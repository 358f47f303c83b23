"""The fields of readings, points and segments in words, as they are declared."""

from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any

from cx_kpi.model.report import Point, Reading, Usual, Window
from cx_kpi.model.values import Status, Target, Verdict
from cx_kpi.render.elements.labels import STATUS, STATUS_TONE, VERDICT, VERDICT_TONE
from cx_kpi.render.elements.reading_columns import layout
from cx_kpi.render.elements.reading_fields import FIELDS, Place, declared, value_of
from cx_kpi.render.elements.report_view import Cell, Fact, Tone
from cx_kpi.wording.units import Words

LEADING = ("start", "end", "value")  # what is inside another field begins with these


def facts_of(read: Any, reading: Reading, words: Words, place: Place) -> list[Fact]:
    """The fields shown in a place, each with its title; empty ones and signs are left out."""
    names = (name for name in layout((type(read),), place) if not declared(name).sign)
    found = (Fact(title(name, words), cell(name, read, reading, words).text, beside=True) for name in names)
    return [fact for fact in found if fact.text]


def period_name(point: Point, window: Window, words: Words) -> str:
    """`March 2026`, `March 2026 (so far)`."""
    name = words.dates.period(point.start, window.grain)
    return words.dates.partly(name, over=is_over(point, window)) if point.partial else name


def is_over(point: Point, window: Window) -> bool:
    """Whether a period has ended; one that is partial all the same has data for a part of it. Days end with their data."""
    return window.grain != "day" and point.end <= window.end


def title(name: str, words: Words) -> str:
    """What a field is called."""
    return words.language(declared(name).title) if name in FIELDS else declared(name).title


def cell(name: str, read: Any, reading: Reading, words: Words) -> Cell:
    """One field of a reading, point or segment."""
    value, written = getattr(read, name), declared(name).written
    match value:
        case Status():
            return Cell(words.language(STATUS[value]), STATUS_TONE.get(value, Tone.PLAIN))
        case Verdict():
            return Cell(words.language(VERDICT[value]), VERDICT_TONE.get(value, Tone.PLAIN))
    return Cell(written(read, reading, words) if written else _text(name, value, reading, words))


def _text(name: str, value: Any, reading: Reading, words: Words) -> str:
    """A value by its kind; nothing where there is none, or where it is not so."""
    unit, currency = declared(name).unit or reading.unit, reading.details.get("currency", "")
    match value:
        case None | bool():
            text = words.language("yes") if value else ""
        case Usual():
            text = words.interval((value.low, value.high), unit, currency)
        case Target():
            text = words.target(value, unit, currency)
        case (int() | float() as low, int() | float() as high):
            text = words.interval((low, high), unit, currency)
        case list() | tuple() | dict():
            text = ", ".join(_each(name, value, reading, words))
        case _ if is_dataclass(value):
            text = ", ".join(_parts(value, reading, words))
        case _:
            text = words.value(value, unit, currency)
    return text


def _each(name: str, value: Any, reading: Reading, words: Words) -> Iterator[str]:
    """The values of a list or a mapping, these with their keys."""
    if isinstance(value, dict):
        yield from (f"{key}: {_text(name, each, reading, words)}" for key, each in value.items())
    else:
        yield from (_text(name, each, reading, words) for each in value)


def _parts(inner: Any, reading: Reading, words: Words) -> Iterator[str]:
    """What is inside a field: `March 2026: 88.6%`, then the rest with their titles."""
    text = value_of(inner, reading, words) if hasattr(inner, "value") else ""
    span = words.dates.span(inner.start, inner.end) if hasattr(inner, "start") else ""
    yield ": ".join(filter(None, (span, text)))
    for name in layout((type(inner),), Place.DATA):
        text = "" if name in LEADING else cell(name, inner, reading, words).text
        if text:
            judged = isinstance(getattr(inner, name), Status | Verdict)
            yield text if judged else f"{title(name, words)} {text}"

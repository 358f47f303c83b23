"""The details of a reading, whatever they are: facts with labels, and tables."""

from collections.abc import Iterable
from typing import Any

from cx_kpi.render.labels import DETAIL, SILENT, VALUE, Detail
from cx_kpi.render.view import Cell, Fact, Table
from cx_kpi.render.words import DASH, Words
from cx_kpi.report import Reading, Unit

STARTS = {"share": Unit.SHARE, "mean": Unit.SCORE, "per_": Unit.RATIO}
ENDS = {
    "share": Unit.SHARE,
    "rate": Unit.SHARE,
    "seconds": Unit.SECONDS,
    "mean": Unit.SCORE,
    "score": Unit.SCORE,
}


def facts(reading: Reading, words: Words) -> list[Fact]:
    """Each plain detail as a label and a text; those with nothing to say are left out."""
    shown = [
        _fact(key, value, reading, words)
        for key, value in reading.details.items()
        if key not in SILENT and value is not None and not isinstance(value, dict)
    ]
    return [fact for fact in shown if fact.text]


def _fact(key: str, value: Any, reading: Reading, words: Words) -> Fact:
    detail = DETAIL.get(key, Detail(_spoken(key)))
    unit = detail.unit if key in DETAIL else unit_of(key, value)
    beside = detail.beside and (unit is not Unit.COUNT or reading.unit is Unit.SECONDS)
    return Fact(words.language(detail.label), _text(value, unit or reading.unit, words), beside)


def _text(value: Any, unit: Unit, words: Words) -> str:
    if isinstance(value, bool):
        return words.language("yes") if value else words.language("no")
    if isinstance(value, list | tuple):
        numbers = all(isinstance(item, int | float) for item in value)
        parts = [words.value(item, unit, trim=True) for item in value if item is not None]
        return (DASH if numbers else ", ").join(parts)
    return words.value(value, unit)


def unit_of(key: str, value: Any) -> Unit:
    """The unit that a key's own words tell; whole numbers are counts."""
    for start, unit in STARTS.items():
        if key.startswith(start):
            return unit
    for end, unit in ENDS.items():
        if key.endswith(end):
            return unit
    return Unit.COUNT if isinstance(value, int) else Unit.RATIO


def tables(reading: Reading, words: Words) -> list[Table]:
    """The table of a breakdown, and each dict among the details as a table of names and counts."""
    found = [_table(reading.details["table"], reading, words)] if reading.details.get("table") else []
    return found + [
        _table([{key: name, "n": n} for name, n in value.items()], reading, words)
        for key, value in reading.details.items()
        if isinstance(value, dict) and value
    ]


def _table(rows: list[dict[str, Any]], reading: Reading, words: Words) -> Table:
    keys = list(rows[0])
    known = vocabulary(row.get(keys[0]) for row in rows)
    labels = [words.language(DETAIL[key].label) if key in DETAIL else _spoken(key) for key in keys]
    body = [
        [Cell(name(row.get(keys[0]), known, words))]
        + [Cell(_cell(key, row.get(key), reading, words)) for key in keys[1:]]
        for row in rows
    ]
    return Table(reading.title, labels, body)


def _cell(key: str, value: Any, reading: Reading, words: Words) -> str:
    if value is None:
        return ""
    detail = DETAIL.get(key)
    unit = (detail.unit or reading.unit) if detail else unit_of(key, value)
    return _text(value, unit, words)


def vocabulary(names: Iterable[Any]) -> dict[str, str]:
    """The closed vocabulary that all of these names belong to, else an empty one."""
    seen = {name for name in names if name is not None}
    return next((known for known in VALUE.values() if seen and seen <= known.keys()), {})


def name(value: Any, known: dict[str, str], words: Words) -> str:
    """A name as it is shown: in words where it is one of ours, `unknown` where there is none."""
    if value is None:
        return words.language("unknown")
    return words.language(known[value]) if value in known else str(value)


def _spoken(key: str) -> str:
    return key.replace("_", " ")

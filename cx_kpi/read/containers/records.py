"""JSON: one object per line, one array of objects, or lists inside an envelope; nested names are joined by dots."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from cx_kpi.model.errors import InputProblem
from cx_kpi.read.containers.envelope import Object, Rows, lists, messages, unwrapped
from cx_kpi.read.raw.binary import File
from cx_kpi.read.raw.column_names import unique
from cx_kpi.read.raw.encoding import LABELS, detect
from cx_kpi.read.raw.own_output import is_own_object, own
from cx_kpi.read.raw.source import SAMPLE, Phrase, Reject, Remark, TextFrame, counted, damage, parts
from cx_kpi.wording.language import mark

_MOST_COLUMNS = 10_000
NOT_AN_OBJECT = Phrase(mark("not a JSON object"))
_HALVES = mark("Halves of characters, replaced: {rows}.")
_ENTRIES = mark(
    "Entries of the list that are no JSON objects, set aside: {rows}, the first is entry {entry}."
)
_HALF = re.compile("[\ud800-\udfff]")
_ESCAPED_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_DECODER = json.JSONDecoder(
    parse_int=str, parse_float=str, parse_constant=str
)  # digits as written; NaN and Infinity are words that no reader takes for a number

Record = dict[str, str | None]


def open_json(file: File) -> list[TextFrame]:
    """The lists of a JSON or NDJSON file, all columns text, empty values null; raises `InputProblem`."""
    data = b"".join(file.chunks())
    encoding, length = detect(data[: 1 << 18])
    text = data[length:].decode(encoding, "replace")
    if text.strip(" \t\r\n\0\ufeff") in ("", "[]", "{}"):
        raise file.empty()
    rejects: list[Reject] = []
    found = _whole(text, file) or _lined(text, rejects)
    if not found:
        raise InputProblem(_wrong(file, text))
    halves = _ESCAPED_HALF.search(text) is not None
    frames = {each.name: _frame(file, each, LABELS[encoding], rejects, halves=halves) for each in found}
    there = {name: frame for name, frame in frames.items() if frame.headers}
    if not there:
        raise InputProblem(f"{file.name}: objects without a single field, not a table; export it again")
    return parts(file.name, there)


def _wrong(file: File, text: str) -> str:
    """Why there are no objects in this text."""
    try:
        _DECODER.decode(text)
    except json.JSONDecodeError as error:
        return f"{file.name}:{error.lineno}: damaged or cut short here, not JSON; export it again"
    except RecursionError:
        pass
    return f"{file.name}: no JSON objects in this file; give one per line, or one array"


def _whole(text: str, file: File) -> list[Rows]:
    """The lists of a file that is one JSON value; none where it is not. Raises `OwnOutput`."""
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return []
    if isinstance(value, dict) and is_own_object(value):
        raise own(file.name)
    found = [each for each in lists(value) if each.objects]
    return messages(found[0].objects) or found if len(found) == 1 else found


def _lined(text: str, rejects: list[Reject]) -> list[Rows]:
    objects = list(_lines(text, rejects))
    return (messages(objects) or [Rows("", objects)]) if objects else []


def _lines(text: str, rejects: list[Reject]) -> Iterator[Object]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = _DECODER.decode(line.strip())
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict):
            yield value
        else:
            rejects.append(Reject(number, NOT_AN_OBJECT))


def _frame(file: File, rows: Rows, encoding: str, rejects: Sequence[Reject], *, halves: bool) -> TextFrame:
    frame, lost = _table(file, [_flat(one) for one in unwrapped(rows.objects)], halves=halves)
    aside = [*rejects, *(Reject(0, NOT_AN_OBJECT) for _ in rows.others)]
    remarks = [*damage(rejects), *_entries(rows), *counted("bad_bytes", _HALVES, lost), *rows.remarks()]
    return TextFrame(
        file.name,
        frame.lazy(),
        tuple(frame.columns),
        frame.head(SAMPLE),
        encoding,
        tuple(remarks),
        rejects=tuple(aside),
    )


def _entries(rows: Rows) -> Iterator[Remark]:
    if rows.others:
        values = {"rows": len(rows.others), "entry": rows.others[0]}
        yield Remark("damaged_rows", Phrase(_ENTRIES, values), len(rows.others))


def _flat(value: Object, prefix: str = "") -> Record:
    record: Record = {}
    for key, inner in value.items():
        if isinstance(inner, dict):
            record |= _flat(inner, f"{prefix}{key}.")
        else:
            record[prefix + key] = _text(inner)
    return record


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        plain = all(isinstance(one, str) for one in value)
        value = ", ".join(value) if plain else json.dumps(value, ensure_ascii=False)
    return value or None


def _table(file: File, records: list[Record], *, halves: bool) -> tuple[pl.DataFrame, int]:
    """The records as columns of text, and how many halves of characters had to be replaced."""
    keys = list(dict.fromkeys(key for record in records for key in record))
    if len(keys) > _MOST_COLUMNS:
        raise InputProblem(f"{file.name}: over {_MOST_COLUMNS:,} different names in its objects; not a table")
    names, lost = unique([_HALF.sub("\ufffd", key) for key in keys]), 0
    columns = {name: [record.get(key) for record in records] for key, name in zip(keys, names, strict=True)}
    if halves:
        lost = sum(len(_HALF.findall(cell)) for cells in columns.values() for cell in cells if cell)
        columns = {
            name: [cell and _HALF.sub("\ufffd", cell) for cell in cells] for name, cells in columns.items()
        }
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), lost

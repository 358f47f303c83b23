"""JSON: one object per line, one array of objects, or lists inside an envelope; nested names are joined by dots."""

import json
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
from cx_kpi.wording.patterns import compiled_later

_MOST_COLUMNS = 10_000
_LONGEST = 1_000  # characters of a name, with those it lies in
_OBJECT, _VALUE = 64, 56  # bytes that one takes, whatever it says
_CELL = 8  # bytes of an empty one
USUAL = 1 << 30  # bytes; up to here nobody asks how much it becomes
NOT_AN_OBJECT = Phrase(mark("not a JSON object"))
_HALVES = mark("Halves of characters, replaced: {rows}.")
_ENTRIES = mark(
    "Entries of the list that are no JSON objects, set aside: {rows}, the first is entry {entry}."
)
_HALF = compiled_later("[\ud800-\udfff]")
_ESCAPED_HALF = compiled_later(r"\\u[dD][89a-fA-F]")
DECODER = json.JSONDecoder(
    parse_int=str, parse_float=str, parse_constant=str
)  # digits as written; NaN and Infinity are words that no reader takes for a number

Record = dict[str, str | None]


class _LongName(Exception):
    """The name of a value, with those it lies in, is no name of a column."""


def open_json(file: File) -> list[TextFrame]:
    """The lists of a JSON or NDJSON file, all columns text, empty values null; raises `InputProblem`."""
    data = b"".join(file.chunks())
    encoding, length = detect(data[: 1 << 18])
    text = data[length:].decode(encoding, "replace")
    _check_weight(text, file)
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


def _check_weight(text: str, file: File) -> None:
    """Raises `InputProblem` where the objects would take far more memory than a file of that size may fill."""
    weight = _OBJECT * text.count("{") + _VALUE * (text.count("[") + text.count(",") + text.count(":"))
    if weight > max(file.most_unpacked(file.size), USUAL):
        raise file.too_large(file.size)


def _wrong(file: File, text: str) -> str:
    """Why there are no objects in this text."""
    try:
        DECODER.decode(text)
    except json.JSONDecodeError as error:
        return f"{file.name}:{error.lineno}: damaged or cut short here, not JSON; export it again"
    except RecursionError:
        pass
    return f"{file.name}: no JSON objects in this file; give one per line, or one array"


def _whole(text: str, file: File) -> list[Rows]:
    """The lists of a file that is one JSON value; none where it is not. Raises `OwnOutput`."""
    try:
        value = DECODER.decode(text)
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
            value = DECODER.decode(line.strip())
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict):
            yield value
        else:
            rejects.append(Reject(number, NOT_AN_OBJECT))


def _frame(file: File, rows: Rows, encoding: str, rejects: Sequence[Reject], *, halves: bool) -> TextFrame:
    frame, lost = _table(file, records_of(unwrapped(rows.objects), file.name), halves=halves)
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


def records_of(objects: Sequence[Object], name: str) -> list[Record]:
    """Objects as rows of texts, their parts under dotted names. Raises `InputProblem` for a name that no column has."""
    try:
        return [*map(_flat, objects)]
    except _LongName:
        raise InputProblem(f"{name}: a name of over {_LONGEST:,} characters; not a table") from None


def check_names(keys: Sequence[str], name: str) -> None:
    """Raises `InputProblem` for more names than a table has columns."""
    if len(keys) > _MOST_COLUMNS:
        raise InputProblem(f"{name}: over {_MOST_COLUMNS:,} different names in its objects; not a table")


def _flat(value: Object, prefix: str = "") -> Record:
    record: Record = {}
    for key, inner in value.items():
        if len(prefix) + len(key) > _LONGEST:
            raise _LongName
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
    keys = _filled(list(dict.fromkeys(key for record in records for key in record)), records)
    check_names(keys, file.name)
    if len(keys) * len(records) * _CELL > max(file.most_unpacked(file.size), USUAL):
        raise file.too_large(file.size)
    names = unique([_HALF.sub("\ufffd", key) for key in keys])
    columns = {name: [record.get(key) for record in records] for key, name in zip(keys, names, strict=True)}
    columns, lost = _without_halves(columns) if halves else (columns, 0)
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), lost


def _filled(keys: list[str], records: list[Record]) -> list[str]:
    """The names without those that are null wherever they are not an object with names of its own."""
    above = {key[:place] for key in keys for place, sign in enumerate(key) if sign == "."}
    null = {key for key in above.intersection(keys) if all(record.get(key) is None for record in records)}
    return [key for key in keys if key not in null]


def _without_halves(columns: dict[str, list[str | None]]) -> tuple[dict[str, list[str | None]], int]:
    """The columns with halves of characters replaced, and how many."""
    lost = sum(len(_HALF.findall(cell)) for cells in columns.values() for cell in cells if cell)
    return {
        name: [cell and _HALF.sub("\ufffd", cell) for cell in cells] for name, cells in columns.items()
    }, lost

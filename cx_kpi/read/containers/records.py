"""JSON: one object per line, or one array of objects; nested names are joined by dots, all values text."""

import json
from collections.abc import Iterator
from typing import Any

import polars as pl

from cx_kpi.model.errors import InputProblem
from cx_kpi.read.raw.binary import File
from cx_kpi.read.raw.column_names import unique
from cx_kpi.read.raw.encoding import LABELS, detect
from cx_kpi.read.raw.own_output import is_own_object, own
from cx_kpi.read.raw.source import SAMPLE, Phrase, Reject, TextFrame, damage
from cx_kpi.wording.language import mark

_MOST_COLUMNS = 10_000
_LONGEST = 1_000  # characters of a name, with those it lies in
_OBJECT, _VALUE = 64, 56  # bytes that one takes, whatever it says
_CELL = 8  # bytes of an empty one
_USUAL = 1 << 30  # bytes; up to here nobody asks how much it becomes
NOT_AN_OBJECT = Phrase(mark("not a JSON object"))
_DECODER = json.JSONDecoder(
    parse_int=str, parse_float=str, parse_constant=lambda _: None
)  # digits as written

Record = dict[str, str | None]


class _LongName(Exception):
    """The name of a value, with those it lies in, is no name of a column."""


def open_json(file: File) -> TextFrame:
    """A JSON or NDJSON file, all columns text, empty values null; raises `InputProblem`."""
    data = b"".join(file.chunks())
    encoding, mark = detect(data[: 1 << 18])
    text = data[mark:].decode(encoding, "replace")
    _check_weight(text, file)
    rejects: list[Reject] = []
    objects = _whole(text, file) or list(_lines(text, rejects))
    if text.strip(" \t\r\n\0\ufeff") in ("", "[]", "{}"):
        raise file.empty()
    if not objects:
        raise InputProblem(_wrong(file, text))
    try:
        records = [_flat(one) for one in _unwrapped(objects)]
    except _LongName:
        raise InputProblem(f"{file.name}: a name of over {_LONGEST:,} characters; not a table") from None
    frame = _frame(file, records)
    names = tuple(frame.columns)
    return TextFrame(
        file.name,
        frame.lazy(),
        names,
        frame.head(SAMPLE),
        LABELS[encoding],
        damage(rejects),
        rejects=tuple(rejects),
    )


def _check_weight(text: str, file: File) -> None:
    """Raises `InputProblem` where the objects would take far more memory than a file of that size may fill."""
    weight = _OBJECT * text.count("{") + _VALUE * (text.count("[") + text.count(",") + text.count(":"))
    if weight > max(file.most_unpacked(file.size), _USUAL):
        raise file.too_large(file.size)


def _wrong(file: File, text: str) -> str:
    """Why there are no objects in this text."""
    try:
        _DECODER.decode(text)
    except json.JSONDecodeError as error:
        return f"{file.name}:{error.lineno}: damaged or cut short here, not JSON; export it again"
    except RecursionError:
        pass
    return f"{file.name}: no JSON objects in this file; give one per line, or one array"


def _whole(text: str, file: File) -> list[dict[str, Any]]:
    """The objects of a file that is one JSON value; none where it is not. Raises `OwnOutput`."""
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return []
    if isinstance(value, dict):
        if is_own_object(value):
            raise own(file.name)
        lists = [inner for inner in value.values() if isinstance(inner, list)]
        value = max(lists, key=len, default=[value])
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _lines(text: str, rejects: list[Reject]) -> Iterator[dict[str, Any]]:
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


def _unwrapped(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The inner objects where every one is `{"ticket": {…}}`."""
    keys = {tuple(one) for one in objects}
    key = next(iter(keys))[0] if len(keys) == 1 and len(next(iter(keys))) == 1 else None
    inner = [one[key] for one in objects] if key is not None else []
    return inner if inner and all(isinstance(one, dict) for one in inner) else objects


def _flat(value: dict[str, Any], prefix: str = "") -> Record:
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


def _frame(file: File, records: list[Record]) -> pl.DataFrame:
    keys = list(dict.fromkeys(key for record in records for key in record))
    if len(keys) > _MOST_COLUMNS:
        raise InputProblem(f"{file.name}: over {_MOST_COLUMNS:,} different names in its objects; not a table")
    if len(keys) * len(records) * _CELL > max(file.most_unpacked(file.size), _USUAL):
        raise file.too_large(file.size)
    columns = {
        name: [record.get(key) for record in records] for key, name in zip(keys, unique(keys), strict=True)
    }
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))

"""Raw tables of loaders: each row holds an object as JSON in one column, beside what the loader itself noted."""

from dataclasses import replace

import polars as pl

from cx_kpi.model.errors import InputProblem
from cx_kpi.read.containers.envelope import LOADED, Object
from cx_kpi.read.containers.records import DECODER, USUAL, check_names, records_of
from cx_kpi.read.raw.column_names import unique
from cx_kpi.read.raw.source import SAMPLE, TextFrame

_OWN = "_"  # how the names of the loader's own columns begin


def loads_objects(headers: tuple[str, ...]) -> str | None:
    """The column in which a loader keeps the objects, where all others are its own."""
    found = next((each for each in headers if each.casefold() in LOADED), None)
    return found if all(each.startswith(_OWN) for each in headers) else None


def unloaded(source: TextFrame) -> TextFrame:
    """The file with the fields of the objects as its columns, where it is a raw table of a loader; else as it is.

    A cell that holds no object is a row of empty cells. Raises `InputProblem` for more than memory may hold.
    """
    column = loads_objects(source.headers)
    if column is None or not isinstance(dtype := source.sample.schema[column], pl.String | pl.Struct):
        return source
    if isinstance(dtype, pl.Struct):
        frame = source.frame.select(pl.col(column).struct.unnest())
        sample = source.sample.select(pl.col(column).struct.unnest())
        return replace(source, frame=frame, sample=sample, headers=tuple(sample.columns), above=None)
    if (source.frame.select(pl.col(column).str.len_bytes().sum()).collect().item() or 0) > USUAL:
        raise InputProblem(f"{source.path}: too large a raw table to be unpacked; load it into columns")
    cells = source.frame.select(column).collect()[column]
    table = _table(records_of([*map(_object, cells)], source.path), source.path)
    return replace(
        source, frame=table.lazy(), sample=table.head(SAMPLE), headers=tuple(table.columns), above=None
    )


def _object(cell: str | None) -> Object:
    try:
        found = DECODER.decode(cell or "")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _table(records: list[dict[str, str | None]], path: str) -> pl.DataFrame:
    keys = list(dict.fromkeys(key for record in records for key in record))
    check_names(keys, path)
    columns = zip(unique(keys), keys, strict=True)
    return pl.DataFrame(
        {name: pl.Series([one.get(key) for one in records], dtype=pl.String) for name, key in columns}
    )

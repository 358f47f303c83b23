"""Files whose columns have types: only plain ones go on, so that every reader meets what it knows."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from cx_kpi.read.containers.loaded_rows import unloaded
from cx_kpi.read.raw.column_names import unique
from cx_kpi.read.raw.source import Phrase, Remark, TextFrame
from cx_kpi.wording.language import mark

if TYPE_CHECKING:
    from polars.datatypes import DataTypeClass

_LEFT = mark("Columns of a kind that cannot be read, left out: {names}.")
_MOST = 10_000  # columns
_CASTS: tuple[tuple[tuple[type[pl.DataType], ...], type[pl.DataType]], ...] = (
    ((pl.Decimal, pl.Int128, pl.UInt128), pl.Float64),
    ((pl.Categorical, pl.Enum, pl.Null), pl.String),
)


def plainly(source: TextFrame) -> TextFrame:
    """The file with the parts of structs as columns of dotted names, lists as joined words, times of day as text."""
    source = unloaded(source)
    schema = source.sample.schema
    if set(schema.dtypes()) <= {pl.String()}:
        return source
    found = [each for name, dtype in schema.items() for each in _plain(name, pl.col(name), dtype)][:_MOST]
    kept = [(name, column) for name, column in found if column is not None]
    names = unique([name for name, _ in kept])
    columns = [column.alias(name) for name, (_, column) in zip(names, kept, strict=True)]
    left = ", ".join(name for name, column in found if column is None)
    said = (Remark("columns_left", Phrase(_LEFT, {"names": left})),) if left else ()
    return replace(
        source,
        frame=source.frame.select(columns),
        sample=source.sample.select(columns),
        headers=names,
        remarks=(*source.remarks, *said),
    )


def _plain(name: str, column: pl.Expr, dtype: pl.DataType) -> Iterator[tuple[str, pl.Expr | None]]:
    """The column as plain ones under their names; None where it has no plain form."""
    if isinstance(dtype, pl.BaseExtension):
        column, dtype = column.ext.storage(), dtype.ext_storage()  # type: ignore[assignment]
    if isinstance(dtype, pl.Struct):
        for each in dtype.fields:
            yield from _plain(f"{name}.{each.name}", column.struct.field(each.name), _type(each.dtype))
    else:
        yield name, _single(column, dtype)


def _single(column: pl.Expr, dtype: pl.DataType) -> pl.Expr | None:
    if isinstance(dtype, pl.Array | pl.List):
        column = column.arr.to_list() if isinstance(dtype, pl.Array) else column
        return _joined(column, _type(dtype.inner))
    if isinstance(dtype, pl.Time):  # which may be a length of time as well
        return column.dt.to_string("%H:%M:%S")
    if isinstance(dtype, pl.Duration):
        return column.dt.to_string("iso")
    if isinstance(dtype, pl.Binary):  # as older programs write text
        return column.map_elements(_text, return_dtype=pl.String)
    to = next((to for kinds, to in _CASTS if isinstance(dtype, kinds)), None)
    return None if isinstance(dtype, pl.Object) else column.cast(to) if to else column


def _joined(column: pl.Expr, inner: pl.DataType) -> pl.Expr | None:
    """The values of each list in a row; structs and lists in them as JSON."""
    if isinstance(inner, pl.Struct):
        return column.list.eval(pl.element().struct.json_encode()).list.join(", ", ignore_nulls=True)
    one = _single(pl.element(), inner)
    if one is None:
        return None
    return column.list.eval(one.cast(pl.String)).list.join(" ", ignore_nulls=True)


def _type(dtype: "pl.DataType | DataTypeClass") -> pl.DataType:
    return dtype() if isinstance(dtype, type) else dtype


def _text(cell: bytes) -> str:
    """The text these bytes are, else their digits."""
    try:
        return cell.decode()
    except UnicodeDecodeError:
        return cell.hex()

"""Files whose columns have types: only plain ones go on, so that every reader meets what it knows."""

from dataclasses import replace

import polars as pl

from cx_kpi.read.raw.source import TextFrame


def plainly(source: TextFrame) -> TextFrame:
    """The file with lists as joined words and dictionaries as text, without columns that are no single values."""
    schema = source.sample.schema
    if set(schema.dtypes()) <= {pl.String()}:
        return source
    plain = {name: column for name, dtype in schema.items() if (column := _plain(name, dtype)) is not None}
    columns = list(plain.values())
    sample = source.sample.select(columns)
    return replace(source, frame=source.frame.select(columns), sample=sample, headers=tuple(plain))


def _plain(name: str, dtype: pl.DataType) -> pl.Expr | None:
    """The column as a plain one; None where it has no plain form."""
    column = pl.col(name)
    if isinstance(dtype, pl.BaseExtension):
        column, dtype = column.ext.storage(), dtype.ext_storage()  # type: ignore[assignment]
    if isinstance(dtype, pl.Decimal):
        return column.cast(pl.Float64)
    if isinstance(dtype, pl.Categorical | pl.Enum | pl.Null):
        return column.cast(pl.String)
    if isinstance(dtype, pl.Binary):  # as older programs write text
        return column.map_elements(_text, return_dtype=pl.String)
    if isinstance(dtype, pl.Duration):
        return column.dt.to_string("iso")
    if isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.String):
        return column.list.eval(pl.element().cast(pl.String)).list.join(" ", ignore_nulls=True)
    return None if dtype.is_nested() or isinstance(dtype, pl.Time | pl.Object) else column


def _text(cell: bytes) -> str:
    """The text these bytes are, else their digits."""
    try:
        return cell.decode()
    except UnicodeDecodeError:
        return cell.hex()

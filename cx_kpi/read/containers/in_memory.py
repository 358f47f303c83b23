"""Tables that are in memory already: polars, pandas and Arrow, their types kept."""

from typing import Any, TypeGuard

import polars as pl
import polars.selectors as cs

from cx_kpi.model.errors import InputProblem
from cx_kpi.read.containers.calendar_bounds import bounded, has_beyond
from cx_kpi.read.raw.column_names import unique
from cx_kpi.read.raw.source import SAMPLE, TextFrame


def is_frame(data: object) -> TypeGuard[Any]:
    """Whether it is a table: of polars, of pandas, or anything that hands out Arrow."""
    return isinstance(data, pl.DataFrame | pl.LazyFrame) or hasattr(data, "__arrow_c_stream__")


def open_frame(name: str, data: object) -> TextFrame:
    """The table under this name; raises `InputProblem` where its cells are of no type we know."""
    try:
        frame = _polars(data)
        words = frame.select(cs.categorical() | cs.enum()).collect_schema().names()
        names = unique([str(each) for each in frame.collect_schema().names()])
        frame = frame.with_columns(pl.col(words).cast(pl.String)) if words else frame
        frame = frame.rename(dict(zip(frame.collect_schema().names(), names, strict=True)))
        frame, remarks = bounded(frame) if has_beyond(frame) else (frame, ())
        return TextFrame(name, frame, names, frame.head(SAMPLE).collect(), remarks=remarks)
    except Exception as problem:  # of whatever made the table
        raise InputProblem(
            f"{name}: no table that can be read ({type(problem).__name__}); its columns need one type each"
        ) from problem


def _polars(data: Any) -> pl.LazyFrame:
    if isinstance(data, pl.LazyFrame):
        return data
    if isinstance(data, pl.DataFrame):
        return data.lazy()
    if type(data).__module__.partition(".")[0] == "pandas":
        return pl.from_pandas(data).lazy()
    return pl.DataFrame(data).lazy()

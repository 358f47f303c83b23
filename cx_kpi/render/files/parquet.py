"""The readings as a table, and as Parquet: a typed column each."""

from io import BytesIO
from typing import TYPE_CHECKING

from cx_kpi.model.report import Report
from cx_kpi.render.files.readings import COLUMNS, readings

if TYPE_CHECKING:
    import polars as pl


def render(report: Report) -> bytes:
    """The bytes of the file, the same for the same report."""
    out = BytesIO()
    as_frame(report).write_parquet(out)
    return out.getvalue()


def as_frame(report: Report) -> "pl.DataFrame":
    """A row for each metric, period and segment, in the columns of `COLUMNS`."""
    import polars as pl

    kinds = {str: pl.String, float: pl.Float64, int: pl.Int64, bool: pl.Boolean}
    schema = {name: kinds[kind] for name, kind in COLUMNS.items()}
    return pl.DataFrame(list(readings(report)), schema=schema, orient="row")

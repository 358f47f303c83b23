"""The readings as Parquet: a typed column each."""

from io import BytesIO

from cx_kpi.model.report import Report
from cx_kpi.render.files.readings import COLUMNS, readings


def render(report: Report) -> bytes:
    """The bytes of the file, the same for the same report."""
    import polars as pl

    kinds = {str: pl.String, float: pl.Float64, int: pl.Int64, bool: pl.Boolean}
    schema = {name: kinds[kind] for name, kind in COLUMNS.items()}
    out = BytesIO()
    pl.DataFrame(list(readings(report)), schema=schema, orient="row").write_parquet(out)
    return out.getvalue()

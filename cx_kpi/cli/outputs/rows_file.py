"""The table of one line a row: written as CSV or Parquet."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from cx_kpi.model.errors import UsageProblem

if TYPE_CHECKING:
    import polars as pl

    from cx_kpi.api import Run
    from cx_kpi.render.files.atomic_write import Output

SUFFIXES = (".csv", ".parquet")
TICKETS = "tickets"


def check(path: str | None, paths: Sequence[str]) -> None:
    """Raises before any work is done where the table cannot be written there."""
    from cx_kpi.cli.outputs import output as out

    if path is not None:
        if PurePath(path).suffix.lower() not in SUFFIXES:
            raise UsageProblem(f"--rows {path}: name a file that ends with {' or '.join(SUFFIXES)}")
        out.check_file(path, paths)


def made(done: "Run", path: str, *, metric: str | None = None, show_values: bool = False) -> "Output":
    """The file of the rows of the tickets, or of the table a metric is computed from; raises `CxkpiError`.

    It is for its owner alone: ids of customers may be addresses.
    """
    from cx_kpi.engine.drilldown.rows_table import rows_table
    from cx_kpi.render.files.atomic_write import Output

    table = next(
        (job.method.clock.table for job in done.results.plan.jobs if job.metric.id == metric), TICKETS
    )
    if table not in done.results.rows:
        raise UsageProblem(f"--rows {path}: there is no file of {table}; leave it out")
    frame = rows_table(done.results, table, done.options.timezone, metric=metric, texts=show_values)
    return Output(path, _content(frame, path), private=True)


def _content(frame: "pl.DataFrame", path: str) -> bytes:
    from io import BytesIO

    out = BytesIO()
    if PurePath(path).suffix.lower() == ".parquet":
        frame.write_parquet(out)
    else:
        _harmless(frame).write_csv(out)
    return out.getvalue()


def _harmless(frame: "pl.DataFrame") -> "pl.DataFrame":
    """Texts such that no spreadsheet takes one for a formula; moments as ISO 8601 with their offset."""
    import polars as pl
    import polars.selectors as cs

    from cx_kpi.render.elements.sanitise import clean
    from cx_kpi.render.files.csv import harmless

    def safe(column: pl.Series) -> pl.Series:
        texts = column.cast(pl.String)
        known = {text: harmless(clean(text)) for text in texts.drop_nulls().unique()}
        return texts.replace(list(known), list(known.values()))

    texts = {name: safe(frame[name]) for name in frame.select(cs.string(), cs.categorical()).columns}
    return frame.with_columns(
        *(series.alias(name) for name, series in texts.items()),
        cs.datetime().dt.strftime("%Y-%m-%dT%H:%M:%S%:z"),
        cs.float().round(3),
    )

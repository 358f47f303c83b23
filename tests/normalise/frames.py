"""Text frames made from columns, and the shortest way from them to tables."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from cx_kpi.model.options import Config, Options, TableConfig
from cx_kpi.normalise.choice.recognise import recognise
from cx_kpi.normalise.load import Loaded, load
from cx_kpi.normalise.mapping.available import tables_available
from cx_kpi.read.raw.source import TextFrame


def text_frame(columns: Mapping[str, Sequence[Any]], path: str = "export.csv") -> TextFrame:
    """A file of text cells."""
    cells = {
        name: [None if cell is None else str(cell) for cell in column] for name, column in columns.items()
    }
    return typed_frame(pl.DataFrame(cells, dict.fromkeys(cells, pl.String)), path)


def typed_frame(frame: pl.DataFrame, path: str = "export.parquet", sample: int = 1000) -> TextFrame:
    """A file whose columns have types."""
    return TextFrame(path, frame.lazy(), tuple(frame.columns), frame.head(sample))


def tables(*files: TextFrame, explicit: Mapping[str, str] | None = None, **options: Any) -> dict[str, Loaded]:
    """Everything the files hold."""
    run = Options(**options)
    mapped = recognise(files, run, explicit or {}).mapped
    wanted: dict[str, set[str]] = {}
    for each in mapped:
        wanted.setdefault(each.table, set()).update(each.available)
        if "satisfaction_score" in each.fields and each.table == "tickets":
            wanted.setdefault("surveys", set()).update(
                {"kind", "score", "scale_min", "scale_max", "sent_at", "responded_at", "ticket_id"}
            )
    if "ticket_events" in wanted:
        wanted.setdefault("tickets", set()).update(tables_available(mapped)["tickets"])
    return load(mapped, wanted, run)


def tickets(
    columns: Mapping[str, Sequence[Any]], config: TableConfig | None = None, **options: Any
) -> Loaded:
    """The tickets of one file; ids and dates are made up where not given."""
    rows = len(next(iter(columns.values())))
    whole = {"ticket_id": range(rows), "created_at": ["2026-03-02 10:00:00"] * rows, **columns}
    run = {"config": Config(tickets=config or TableConfig()), **options}
    return tables(text_frame(whole), **run)["tickets"]


def codes(loaded: Loaded) -> dict[tuple[str, str | None], int | None]:
    """Rows by code and field of each notice."""
    return {(told.code, told.field): told.rows for told in loaded.notices}

"""A table as it was at the moment of the report: later rows and events have not happened yet."""

from datetime import datetime

import polars as pl

from cx_kpi.engine.facts.fact import moment
from cx_kpi.engine.time.windows import microseconds
from cx_kpi.model.schema import Table


def as_it_stood(frame: pl.DataFrame, table: Table, as_of: datetime) -> pl.DataFrame:
    """The rows and events of a table up to a moment; what has no date stays."""
    masks = [*_states(frame, table, as_of), *_events(frame, table, as_of)]
    frame = frame.with_columns(masks) if masks else frame
    if not _is_later(frame, table.clock, as_of):
        return frame
    return frame.filter((pl.col(table.clock) <= moment(as_of)) | pl.col(table.clock).is_null())


def _states(frame: pl.DataFrame, table: Table, as_of: datetime) -> list[pl.Expr]:
    """Flags that are set by dates, cleared where those are to come."""
    masks: list[pl.Expr] = []
    for flag, dates in table.states.items():
        known = [name for name in dates if name in frame.columns]
        if known and flag in frame.columns:
            masks.append(pl.col(flag) & (pl.coalesce(known) <= moment(as_of)).fill_null(value=True))
    return masks


def _events(frame: pl.DataFrame, table: Table, as_of: datetime) -> list[pl.Expr]:
    """Events that are to come, and what goes with them, emptied."""
    masks: list[pl.Expr] = []
    for event, companions in table.events.items():
        if _is_later(frame, event, as_of):
            happened = (pl.col(event) <= moment(as_of)) | pl.col(event).is_null()
            present = [column for column in (event, *companions) if column in frame.columns]
            masks += [pl.when(happened).then(pl.col(column)).alias(column) for column in present]
    return masks


def _is_later(frame: pl.DataFrame, column: str, as_of: datetime) -> bool:
    """Whether the table has a date of the column that is after a moment."""
    if column not in frame.columns:
        return False
    latest = frame[column].to_physical().max()
    return isinstance(latest, int) and microseconds(as_of) < latest

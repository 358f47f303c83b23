"""How far a table reaches in time."""

from datetime import datetime

import polars as pl

from cx_kpi.schema import SPANS

Span = tuple[datetime, datetime]


def reach(table: str, frame: pl.DataFrame) -> Span | None:
    """The first date the table is known by, and the latest of its dates; None without any."""
    present = [name for name in SPANS[table] if name in frame.columns]
    if not present or present[0] != SPANS[table][0] or frame.is_empty():
        return None
    first = frame[present[0]].min()
    latest = [value for name in present if isinstance(value := frame[name].max(), datetime)]
    return (first, max(latest)) if isinstance(first, datetime) else None

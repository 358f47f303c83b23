"""How far a table reaches in time."""

from datetime import datetime, timedelta

import polars as pl

from cx_kpi.model.schema import SPANS

Span = tuple[datetime, datetime]
INSTANT = timedelta(microseconds=1)
_UNTIL = {"customer_counts": "period_end"}  # the first moment after what a row tells of


def date_range(table: str, frame: pl.DataFrame) -> Span | None:
    """The first date the table is known by, and the latest of its dates; None without any."""
    present = [name for name in SPANS[table] if name in frame.columns]
    if not present or present[0] != SPANS[table][0] or frame.is_empty():
        return None
    first = frame[present[0]].min()
    latest = [value for name in present if isinstance(value := frame[name].max(), datetime)]
    until = frame[_UNTIL[table]].max() if _UNTIL.get(table) in frame.columns else None
    latest += [until - INSTANT] if isinstance(until, datetime) else []
    return (first, max(latest)) if isinstance(first, datetime) else None

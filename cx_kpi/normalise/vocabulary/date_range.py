"""The date range of a table."""

from datetime import datetime, timedelta

import polars as pl

from cx_kpi.model.schema import SPANS

Span = tuple[datetime, datetime]
INSTANT = timedelta(microseconds=1)
YEAR = timedelta(days=366)
_UNTIL = {"customer_counts": "period_end"}  # the first moment after what a row tells of


def date_range(table: str, frame: pl.DataFrame) -> Span | None:
    """The first date the table is known by, and the latest of its dates; None without any."""
    present = [name for name in SPANS[table] if name in frame.columns]
    if present[:1] != [*SPANS[table][:1]] or frame.is_empty():
        return None
    first = frame[present[0]].min()
    latest = [value for name in present if isinstance(value := frame[name].max(), datetime)]
    latest += _until(table, frame)
    latest += _left(frame["ended_at"], max(latest)) if table == "customers" and "ended_at" in frame else []
    return (first, max(latest)) if isinstance(first, datetime) else None


def _until(table: str, frame: pl.DataFrame) -> list[datetime]:
    """The last moment in the rows."""
    until = frame[_UNTIL[table]].max() if _UNTIL.get(table) in frame.columns else None
    return [until - INSTANT] if isinstance(until, datetime) else []


def _left(ends: pl.Series, latest: datetime) -> list[datetime]:
    """When customers left after the latest other date; none where all ends may be terms of contracts to come.

    They are where every customer has one, and from where a year passes without any.
    """
    later = ends.filter(ends > latest).sort()
    if not ends.null_count() or later.is_empty():
        return []
    gaps = pl.concat([pl.Series([latest], dtype=later.dtype), later]).diff().slice(1)
    far = (gaps > YEAR).arg_true()
    happened = later[: far[0]] if len(far) else later
    return [each for each in happened.tail(1) if isinstance(each, datetime)]

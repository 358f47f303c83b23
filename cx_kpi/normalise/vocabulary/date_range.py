"""The date range of a table."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

import polars as pl

from cx_kpi.model.schema import SPANS

Span = tuple[datetime, datetime]
INSTANT = timedelta(microseconds=1)
DAY = timedelta(days=1)
YEAR = timedelta(days=366)
HALF_A_YEAR = YEAR / 2
MANY_YEARS = 5 * YEAR
FEW = 0.01  # of the dates of a column: more of them are no slips
ENOUGH = 10  # dates tell where the data of a column ends
_UNTIL = {"customer_counts": "period_end"}  # the first moment after what a row tells of
_SINCE = {"surveys": "sent_at"}  # what may lie before the date the table is known by


def date_range(table: str, frame: pl.DataFrame) -> Span | None:
    """The first date the table is known by, and the latest of its dates; None without any."""
    present = [name for name in SPANS[table] if name in frame.columns]
    if present[:1] != [*SPANS[table][:1]] or frame.is_empty():
        return None
    first = _first(table, frame)
    latest = _latest(table, frame, present)
    return (first, max(latest)) if first and latest else None


def _first(table: str, frame: pl.DataFrame) -> datetime | None:
    """The earliest of the dates that say from when there is data."""
    known = [name for name in (SPANS[table][0], _SINCE.get(table)) if name in frame.columns]
    return min((at for name in known if isinstance(at := frame[name].min(), datetime)), default=None)


def _latest(table: str, frame: pl.DataFrame, present: Sequence[str]) -> list[datetime]:
    """The latest date of each column, and when the last customers left."""
    silences = (HALF_A_YEAR, *(YEAR for _ in present[1:]))  # what begins goes on; what ends it may come late
    reached = (_reach(frame[name], silence) for name, silence in zip(present, silences, strict=True))
    latest = [value for value in reached if isinstance(value, datetime)]
    latest += _until(table, frame)
    leaves = table == "customers" and "ended_at" in frame.columns and bool(latest)
    return [*latest, *_left(frame, max(latest))] if leaves else latest


def lone_dates(table: str, frame: pl.DataFrame) -> Iterator[tuple[str, int, datetime]]:
    """The columns with dates behind the range, how many there are, and the first of them."""
    span = date_range(table, frame)
    for name in SPANS[table] if span else ():
        lone = frame[name].filter(frame[name] > span[1]) if span and name in frame.columns else pl.Series()
        first = lone.min()
        if isinstance(first, datetime):
            yield name, len(lone), first


def _reach(dates: pl.Series, silence: timedelta) -> Any:
    """The latest of these dates, without the few behind a silence: slips, or dates to come.

    A column whose dates are often as far apart knows no such silence.
    """
    last, count = dates.max(), dates.count()
    few = max(1, int(FEW * count))
    if not isinstance(last, datetime) or count < ENOUGH or (dates > last - silence).sum() > few:
        return last
    order = dates.drop_nulls().sort()
    gaps = order.diff().fill_null(timedelta())
    widest = gaps.cum_max().shift(1, fill_value=timedelta())
    alone = ((gaps > silence) & (gaps > 2 * widest)).slice(count - few).arg_true()
    return order[count - few + int(alone[0]) - 1] if len(alone) else last


def _until(table: str, frame: pl.DataFrame) -> list[datetime]:
    """The last moment in the rows."""
    until = frame[_UNTIL[table]].max() if _UNTIL.get(table) in frame.columns else None
    return [until - INSTANT] if isinstance(until, datetime) else []


def far_ends(customers: pl.DataFrame) -> pl.Series:
    """The ends of customers that count though a year without any date lies before them, in order."""
    begun = date_range("customers", customers.drop("ended_at", strict=False))
    parts = _departures(customers, begun[1]) if begun and "ended_at" in customers.columns else []
    far = [part["ended_at"] for part in parts if part["leap"][0]]
    return pl.concat(far) if far else pl.Series("ended_at", dtype=pl.Datetime("us", "UTC"))


def _left(customers: pl.DataFrame, latest: datetime) -> list[datetime]:
    """When customers left after the latest other date."""
    return [part["ended_at"][-1] for part in _departures(customers, latest)[-1:]]


def _departures(customers: pl.DataFrame, latest: datetime) -> list[pl.DataFrame]:
    """The customers who left after the latest other date, parted (`leap`) where a year passes without any end.

    Ends may be terms of contracts to come: all of them where every customer has one, and those behind such a year
    where most are whole years after the beginning or many years away.
    """
    later = customers.filter(pl.col("ended_at") > latest).sort("ended_at")
    if not customers["ended_at"].null_count() or later.is_empty():
        return []
    gap = pl.col("ended_at") - pl.col("ended_at").shift(1, fill_value=latest)
    leaps = later.with_columns(gap=gap, leap=(gap > YEAR).cum_sum())
    parts = leaps.partition_by("leap", maintain_order=True)
    return [*takewhile(lambda part: not (part["leap"][0] and _are_terms(part)), parts)]


def _are_terms(ends: pl.DataFrame) -> bool:
    """Whether these customers have contracts that end some day, and have not left."""
    begun, ended = pl.col("started_at"), pl.col("ended_at")
    term = begun.dt.offset_by(pl.format("{}y", ended.dt.year() - begun.dt.year()))
    whole = ends.select(((term - ended).abs() <= DAY).mean()).item()
    return whole is not None and (whole > 0.5 or ends["gap"][0] > MANY_YEARS)

"""Dates without a time next to dates with one: an event on the day of creation does not come before it."""

from collections.abc import Mapping

import polars as pl

from cx_kpi.normalise.tables.exclusions import mask
from cx_kpi.normalise.values.coerce import Oddity

STAMPS = ("first_response_at", "solved_at", "first_solved_at", "closed_at")


def same_day(frame: pl.DataFrame, zones: Mapping[str, str]) -> tuple[pl.DataFrame, list[Oddity]]:
    """Tickets with such dates moved to the moment of creation; `zones`: of the dates in each column."""
    odd = []
    for name in STAMPS:
        if name in frame.columns and "created_at" in frame.columns:
            early = _early(frame, name, zones.get(name, "UTC"))
            if early.any():
                frame = frame.with_columns(pl.when(early).then("created_at").otherwise(name).alias(name))
                odd.append(Oddity("same_day", name, int(early.sum()), None))
    return frame, odd


def _early(frame: pl.DataFrame, name: str, zone: str) -> pl.Series:
    """Where a column without times holds the day of creation, but its midnight is before that."""
    stamp, created = (pl.col(each).dt.convert_time_zone(zone) for each in (name, "created_at"))
    early = mask(frame, (stamp < created) & (stamp.dt.date() == created.dt.date()))
    if not early.any():
        return early
    days_only = frame.select((stamp.dt.time() == pl.time(0)).all()).item()
    return early if days_only else pl.zeros(frame.height, dtype=pl.UInt8, eager=True).cast(pl.Boolean)

"""Customers, their totals and their orders: which rows do not count, and several contracts of one customer."""

import polars as pl

from cx_kpi.model.schema import TABLES
from cx_kpi.normalise.tables.exclusions import mask

STILL = pl.datetime(2200, 1, 1, time_zone="UTC")


def excluded(frame: pl.DataFrame, table: str) -> dict[str, pl.Series]:
    """Reason to rows: without what the table cannot do without, or ended before they began."""
    required = [name for name in TABLES[table].required if name in frame.columns]
    masks = {"incomplete": mask(frame, pl.any_horizontal(pl.col(required).is_null()))}
    for start, end in (("started_at", "ended_at"), ("period_start", "period_end")):
        if {start, end} <= set(frame.columns):
            masks["backwards"] = mask(frame, pl.col(end) < pl.col(start))
    return masks


def latest(frame: pl.DataFrame) -> pl.Expr | None:
    """A customer of several contracts is the one that ends last; one without an end has not ended."""
    return pl.col("ended_at").fill_null(STILL) if "ended_at" in frame.columns else None


def since_first(frame: pl.DataFrame) -> pl.DataFrame:
    """A customer of several contracts came with the first of them."""
    if "started_at" not in frame.columns or not frame["customer_id"].is_duplicated().any():
        return frame
    return frame.with_columns(started_at=pl.col("started_at").min().over("customer_id"))

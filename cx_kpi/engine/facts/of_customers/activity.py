"""Customers from orders: a customer is active from an order until N days without another."""

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from cx_kpi.engine.facts.fact import moment

TABLE = "activity"
SOURCE = "orders"


def with_fields(fields: Mapping[str, frozenset[str]]) -> Mapping[str, frozenset[str]]:
    """The fields of the tables, those of the spans of activity among them where there are orders."""
    spans = {TABLE: frozenset({"customer_id", "started_at", "ended_at"})}
    return {**fields, **spans} if SOURCE in fields else fields


def activity(orders: pl.DataFrame, days: int, as_of: datetime) -> pl.DataFrame:
    """Spans of activity: customer_id, started_at, ended_at; no end where N days have not passed since the last order.

    A customer who orders again after N days of silence was lost and starts a new span.
    """
    silence = pl.duration(days=days)
    spans = (
        orders.lazy()
        .filter(pl.col("customer_id").is_not_null() & pl.col("ordered_at").is_not_null())
        .sort("customer_id", "ordered_at")
        .with_columns(
            new=(pl.col("ordered_at").diff() > silence)
            | (pl.col("customer_id") != pl.col("customer_id").shift())
        )
        .with_columns(span=pl.col("new").fill_null(value=True).cast(pl.Int64).cum_sum())
        .group_by("span", maintain_order=True)
        .agg(
            pl.col("customer_id").first(),
            started_at=pl.col("ordered_at").min(),
            last=pl.col("ordered_at").max(),
        )
    )
    lost = pl.col("last") + silence
    return spans.select(
        "customer_id", "started_at", ended_at=pl.when(lost <= moment(as_of)).then(lost)
    ).collect()

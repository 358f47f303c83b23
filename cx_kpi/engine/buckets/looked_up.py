"""Rows of other tables that facts of tickets look up: of their customers."""

from collections.abc import Mapping

import polars as pl

from cx_kpi.engine.buckets.piece_accounts import TICKETS

Frames = Mapping[str, pl.DataFrame]
LOOKED_UP, WHO = ("customers", "orders"), "customer_id"


def bare(whole: Frames) -> Frames:
    """The tables without any rows."""
    return {name: frame.clear() for name, frame in whole.items()}


def looked_up(whole: Frames) -> Frames:
    """The tables with the rows that tickets look up."""
    return {name: frame if name in LOOKED_UP else frame.clear() for name, frame in whole.items()}


def with_theirs(rows: Frames, beside: Frames) -> Frames:
    """The rows of a bucket, and of the tables beside them those of their customers."""
    tickets = rows[TICKETS]
    found = {name: _theirs(tickets, frame) if frame.height else frame for name, frame in beside.items()}
    return {**found, **rows}


def _theirs(tickets: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    if WHO not in tickets.columns or WHO not in frame.columns:
        return frame
    return frame.join(tickets, on=WHO, how="semi", maintain_order="left")

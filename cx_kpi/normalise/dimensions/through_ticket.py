"""What rows take from the ticket they name: the columns to cut and to ask by that they lack or leave empty."""

from collections.abc import Iterable

import polars as pl

from cx_kpi.normalise.dimensions.dimension_sources import LINK


def through_ticket(rows: pl.DataFrame, tickets: pl.DataFrame, names: Iterable[str]) -> pl.DataFrame:
    """The rows with these columns of their tickets; their own values go first."""
    taken = [name for name in names if name in tickets.columns and _is_open(rows, name)]
    if not taken or LINK not in rows.columns:
        return rows
    named = tickets.select(LINK, *taken).filter(pl.col(LINK).is_in(rows[LINK].implode()))
    found = rows.select(LINK).join(
        named.unique(LINK, keep="last", maintain_order=True), on=LINK, how="left", maintain_order="left"
    )
    return rows.with_columns(
        rows[name].fill_null(found[name]) if name in rows.columns else found[name] for name in taken
    )


def _is_open(rows: pl.DataFrame, name: str) -> bool:
    """Whether rows lack a column, or leave out what they could be cut by in it."""
    return name not in rows.columns or (rows.schema[name] == pl.Categorical and rows[name].has_nulls())


def unlinked(rows: pl.DataFrame, tickets: pl.DataFrame) -> int:
    """How many rows name no ticket that is there."""
    if LINK not in rows.columns:
        return rows.height
    return int((~rows[LINK].is_in(tickets[LINK].implode()).fill_null(value=False)).sum())

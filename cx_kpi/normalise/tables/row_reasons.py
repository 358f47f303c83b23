"""Why rows of a table do not count: what they lack, what they are, and ids that come again."""

from collections.abc import Sequence

import polars as pl

from cx_kpi.model.schema import TABLES
from cx_kpi.normalise.tables import call_rows, customer_rows, event_rows, survey_rows, ticket_rows
from cx_kpi.normalise.tables.doubts import repeated_ids
from cx_kpi.normalise.tables.exclusions import Identity, identified, reasons, repeated
from cx_kpi.normalise.values.coerce import Oddity

STATE = ("updated_at", "closed_at", "solved_at", "first_solved_at", "first_response_at", "created_at")
IDS = {
    "tickets": "ticket_id",
    "surveys": "response_id",
    "customers": "customer_id",
    "calls": "call_id",
    "ticket_events": "event_id",
}


def row_reasons(table: str, whole: pl.DataFrame, heights: Sequence[int]) -> tuple[pl.Series, list[Oddity]]:
    """Why each row does not count (0: it does), and the ids that come with different contents."""
    match table:
        case "tickets":
            masks = ticket_rows.excluded(whole)
        case "surveys":
            masks = survey_rows.excluded(whole)
        case "calls":
            masks = call_rows.excluded(whole)
        case "ticket_events":
            masks = event_rows.excluded(whole)
        case _:
            masks = customer_rows.excluded(whole, table)
    by = IDS.get(table)
    if by is None or by not in whole.columns:
        return reasons(whole.height, masks), []
    keyed = survey_rows.with_own_ids(whole) if table == "surveys" else whole
    again = repeated(keyed, _identity(table, whole, by, heights), identified(whole[by], masks))
    odd = [Oddity("conflicting_duplicates", by, again.conflicts, None)] if again.conflicts else []
    odd += repeated_ids(by, whole[by], again.in_file) if table == "tickets" else ()
    lost = {} if table == "customers" else {"conflicting": again.lost}  # who may have several contracts
    return reasons(whole.height, {**masks, **lost, "duplicate": again.rows}), odd


def _identity(table: str, whole: pl.DataFrame, by: str, heights: Sequence[int]) -> Identity:
    """What tells rows of a table apart, given how many rows each file has."""
    clock = TABLES[table].clock
    begun = pl.col(clock) if table in ("tickets", "surveys") and clock in whole.columns else None
    ends = pl.Series(heights, dtype=pl.Int64).cum_sum()
    file = pl.lit(ends).search_sorted(pl.col("row:").cast(pl.Int64), side="right")
    return Identity(by, _latest(table, whole), begun, file)


def _latest(table: str, whole: pl.DataFrame) -> pl.Expr | None:
    """The columns that show the latest of rows with the same id."""
    if table == "customers":
        return customer_rows.latest(whole)
    dates = {"tickets": STATE, "surveys": ("responded_at",)}.get(table, ())
    there = [name for name in dates if name in whole.columns]
    return pl.max_horizontal(there) if there else None

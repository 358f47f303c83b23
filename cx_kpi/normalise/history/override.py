"""Columns of tickets that are replaced by those derived from events."""

from collections.abc import Iterator

import polars as pl

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.schema import SOLVED_STATUS
from cx_kpi.normalise.history.histories import TOLD
from cx_kpi.normalise.vocabulary.derived import PARTS


@dataclass(frozen=True, slots=True)
class Changed:
    """How many tickets read otherwise than before, and which of their columns, in words: `solved_at 3, …`."""

    tickets: int
    columns: str


def overridden(
    tickets: pl.DataFrame, lived: pl.DataFrame, *, fill: bool = False
) -> tuple[pl.DataFrame, Changed]:
    """The tickets with the columns derived from their events, and how many of those had another value.

    With `fill`, only empty cells of the tickets are filled.
    """
    joined = tickets.join(
        lived.drop("created_at", "agent", "team", strict=False),
        on="ticket_id",
        how="left",
        suffix=" new",
        maintain_order="left",
    )
    told = dict(_restatements(tickets, joined, fill=fill))
    new = joined.select(value.alias(name) for name, value in told.items())
    old = [name for name in told if name in tickets.columns]
    differs = pl.DataFrame([(tickets[name].ne_missing(new[name])).alias(name) for name in old])
    by_column = {name: int(differs[name].sum()) for name in old if name not in _SHADOWS}
    rows = int(differs.select(pl.any_horizontal(old)).to_series().sum()) if old else 0
    words = ", ".join(f"{name} {n}" for name, n in by_column.items() if n)
    return tickets.with_columns(new.get_columns()), Changed(rows, words)


_SHADOWS = ("is_solved", "first_response_seconds", "resolution_seconds")  # of others that are named


def _restatements(
    tickets: pl.DataFrame, joined: pl.DataFrame, *, fill: bool
) -> Iterator[tuple[str, pl.Expr]]:
    """Each column with its new values; the cells of the tickets stay where their events do not give them."""
    for mark, names in PARTS.items():
        for name in names:
            new = f"{name} new" if name in tickets.columns else name
            if new in joined.columns:
                kept = pl.col(name) if name in tickets.columns else None
                tells = _tells(name, mark, new, kept)
                tells = tells & kept.is_null() if fill and kept is not None else tells
                yield name, pl.when(tells).then(new).otherwise(kept)


def _tells(name: str, mark: str, new: str, kept: pl.Expr | None) -> pl.Expr:
    """Whether the events give this column: the closing of a ticket is often not logged."""
    told = pl.col(mark + TOLD).fill_null(value=False)
    if kept is None:
        return told
    if name == "closed_at":
        return told & pl.col(new).is_not_null()
    if name == "status":
        return told & ~(kept.is_in(SOLVED_STATUS) & pl.col(new).is_in(SOLVED_STATUS)).fill_null(value=False)
    return told

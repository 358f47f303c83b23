"""Facts about the events of tickets that metrics read."""

import polars as pl

from cx_kpi.engine.facts import business_waits, row_targets
from cx_kpi.engine.facts.fact import SEEN, Context, Fact, seconds, seen

_TOLD = ("ticket_id", "at", "event", "author_kind")
_NEXT = "next_response_at"


def _answered_at(context: Context) -> pl.Series:
    """When each customer's message was answered that begins a new turn after an earlier answer; else null.

    An answer is a public reply by a person. It is null for a message that still waits: see `awaits_response`.
    """
    return _turns(context)[_NEXT]


def _turns(context: Context) -> pl.DataFrame:
    """For each event, in the order of the table: `turn`, whether it begins one, and when that was answered."""
    public = context.optional("is_public", pl.Boolean).fill_null(value=True)
    reply, author = pl.col("event") == "reply", pl.col("author_kind")
    human, customer = reply & public & (author == "agent"), reply & (author == "customer")
    rows = context.rows.lazy().select("ticket_id", "at", human=human, customer=customer).with_row_index("nr")
    said = rows.filter(pl.col("human") | pl.col("customer")).sort(
        "ticket_id", "at", "human", maintain_order=True
    )
    same = pl.col("ticket_id") == pl.col("ticket_id").shift()
    turns = said.with_columns(
        turn=pl.col("customer") & (same & pl.col("human").shift()).fill_null(value=False),
        answered=pl.when("human").then("at").backward_fill().over("ticket_id"),
    ).filter("turn")
    found = rows.select("nr").join(
        turns.select("nr", "turn", "answered"), on="nr", how="left", maintain_order="left"
    )
    return found.select(pl.col("turn").fill_null(value=False), pl.col("answered").alias(_NEXT)).collect()


def _next_response(_: Context) -> pl.Expr:
    return seconds(pl.col(_NEXT) - pl.col("at"))


def _awaits(context: Context) -> pl.Series:
    """Whether a turn has no answer yet; a ticket that was solved without one waits no more."""
    turns = _turns(context)
    solved = context.rows.series("is_solved") if context.has("is_solved") else pl.Series([False])
    return turns["turn"] & turns[_NEXT].is_null() & ~solved.fill_null(value=False)


def _age(_: Context) -> pl.Expr:
    return seconds(pl.col(SEEN) - pl.col("at"))


FACTS = {
    _NEXT: Fact(_answered_at, _TOLD, ("is_public",), together="ticket_id"),
    "next_response_seconds": Fact(_next_response, (_NEXT, "at")),
    "awaits_response": Fact(_awaits, _TOLD, ("is_public", "is_solved"), together="ticket_id"),
    SEEN: Fact(seen),
    "age_seconds": Fact(_age, ("at", SEEN)),
    **business_waits.facts("at", {"next_response_business_seconds": _NEXT}),
    "next_response_target": row_targets.target("next_response_time", "at"),
    "next_response_judged_seconds": row_targets.judged("next_response_time", "at"),
    "next_response_judged_age": row_targets.judged_age("next_response_time", "at"),
}

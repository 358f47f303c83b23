"""The life of each ticket by its events: when it was open, who answered, to whom it was assigned.

Everything here takes events as `ticket_events.prepared` makes them, in their order, and gives a row for each ticket.
"""

import polars as pl

from cx_kpi.model.schema import OPEN_STATUS, PAUSED_STATUS, SOLVED_STATUS
from cx_kpi.normalise.vocabulary.derived import PAUSED, SECONDS, SPELLS

_AT = pl.col("at")
_OPEN, _SOLVED = pl.col("status").is_in(OPEN_STATUS), pl.col("status").is_in(SOLVED_STATUS)
_HUMAN = (pl.col("event") == "reply") & (pl.col("author_kind") == "agent") & pl.col("is_public")
_BOT = (pl.col("event") == "reply") & (pl.col("author_kind") == "bot") & pl.col("is_public")
_CUSTOMER = (pl.col("event") == "reply") & (pl.col("author_kind") == "customer")


def states(events: pl.LazyFrame, born: pl.LazyFrame) -> pl.LazyFrame:
    """Columns from each ticket's changes of status; `born` is ticket_id and created_at, when each begins as new."""
    begun = born.select("ticket_id", at="created_at", status=pl.lit("new"))
    steps = events.filter(pl.col("status").is_not_null()).select("ticket_id", "at", "status")
    rows = pl.concat([begun, steps]).sort("ticket_id", "at", maintain_order=True)
    rows = rows.with_columns(
        is_open=_OPEN,
        was=_before(_OPEN),
        was_solved=_before(_SOLVED),
        until=_until(),
    )
    told = rows.group_by("ticket_id", maintain_order=True).agg(*_ends(), *_lengths())
    solved = pl.when(_SOLVED).then("solved_at").alias("solved_at")
    closed = pl.when(pl.col("status") == "closed").then("closed_at").alias("closed_at")
    paused = pl.when(pl.col("status").is_in(PAUSED_STATUS)).then(PAUSED).alias(PAUSED)
    return told.with_columns(solved, closed, paused).join(_spells(rows), on="ticket_id", how="left")


def _before(flag: pl.Expr) -> pl.Expr:
    """What held of a ticket just before; null where it begins."""
    ticket = pl.col("ticket_id")
    return pl.when(ticket == ticket.shift()).then(flag.shift())


def _until() -> pl.Expr:
    """When the next row of the same ticket is; null in its last."""
    ticket = pl.col("ticket_id")
    return pl.when(ticket == ticket.shift(-1)).then(_AT.shift(-1))


def _ends() -> list[pl.Expr]:
    """The last status, the first and last solve, and how often it was opened again."""
    solves = _AT.filter(_SOLVED & ~pl.col("was_solved").fill_null(value=False))
    again = pl.col("is_open") & ~pl.col("was")
    return [
        pl.col("status").last(),
        solves.first().alias("first_solved_at"),
        solves.last().alias("solved_at"),
        _AT.filter(pl.col("status") == "closed").last().alias("closed_at"),
        again.sum().cast(pl.Int64).alias("reopen_count"),
        _AT.last().alias(PAUSED),
    ]


def _lengths() -> list[pl.Expr]:
    length = (pl.col("until") - _AT).dt.total_microseconds() / 1_000_000
    return [length.filter(pl.col("status").is_in(of)).sum().alias(name) for name, of in SECONDS.items()]


def _spells(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The spans in which each ticket is open, and those in which it is not."""
    turns = rows.filter((pl.col("is_open") != pl.col("was")).fill_null(value=True))
    spells = turns.with_columns(spell=pl.struct(_AT.alias("from"), _until().alias("to"))).filter("is_open")
    return spells.group_by("ticket_id").agg(pl.col("spell").alias(SPELLS))


def messages(events: pl.LazyFrame, solves: pl.LazyFrame) -> pl.LazyFrame:
    """Who answered each ticket that has messages; `solves` is ticket_id and first_solved_at."""
    said = events.filter(pl.col("event").is_in(["reply", "note"])).join(solves, on="ticket_id", how="left")
    told = said.group_by("ticket_id").agg(
        _AT.filter(_HUMAN).min().alias("first_response_at"),
        _HUMAN.sum().cast(pl.Int64).alias("reply_count"),
        _AT.filter(_BOT).min().alias("bot_at"),
        (_CUSTOMER & (pl.col("at") > pl.col("first_solved_at"))).any().alias("customer_returned"),
    )
    human, bot = pl.col("first_response_at"), pl.col("bot_at")
    return told.with_columns(
        bot_began=bot.is_not_null() & (human.is_null() | (bot <= human)), human_replied=human.is_not_null()
    ).drop("bot_at")


def assignments(events: pl.LazyFrame) -> pl.LazyFrame:
    """How often each ticket that was assigned was given to another agent or team, the first included."""
    rows = events.filter(pl.col("agent").is_not_null() | pl.col("team").is_not_null())
    rows = rows.with_columns(pl.col("agent", "team").forward_fill().over("ticket_id"))
    moved = [pl.col(name) != pl.col(name).shift().over("ticket_id") for name in ("agent", "team")]
    rows = rows.with_columns(moved=pl.any_horizontal(each.fill_null(value=False) for each in moved))
    return rows.group_by("ticket_id").agg(
        assignment_count=1 + pl.col("moved").sum().cast(pl.Int64),
        agent=pl.col("agent").last(),
        team=pl.col("team").last(),
    )

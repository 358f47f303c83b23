"""Which events count for which tickets, and the columns of tickets whose whole life they cover."""

from datetime import UTC
from zoneinfo import ZoneInfo

import polars as pl

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Options
from cx_kpi.model.schema import SOLVED_STATUS, TABLES, Kind
from cx_kpi.normalise.history import lifecycle
from cx_kpi.normalise.mapping.matching import TWINS
from cx_kpi.normalise.mapping.reading_plan import SPELT
from cx_kpi.normalise.tables.event_rows import TIME, in_order
from cx_kpi.normalise.vocabulary.moments import parse_as_of

TOLD = " told"  # after the name of a column: whether the events of a ticket tell it and those that go with it


@dataclass(frozen=True, slots=True)
class Known:
    """The events of known tickets, none before the creation of its ticket, and how many were otherwise."""

    events: pl.DataFrame
    strange: int
    early: int


@dataclass(frozen=True, slots=True)
class History:
    """The events up to the moment of the report, in order, and the tickets whose whole life they cover."""

    events: pl.DataFrame
    whole: pl.DataFrame  # ticket_id, created_at
    others: int  # tickets whose whole life they do not tell


def born(events: pl.DataFrame) -> pl.DataFrame:
    """When and by whom each ticket was created: by the event of its creation, else by its first event.

    With the id as it is spelt, where the events have it.
    """
    said = pl.col("event") == "created"
    created = pl.coalesce(pl.col("at").filter(said).min(), pl.col("at").min())
    return events.group_by("ticket_id", maintain_order=True).agg(
        *(pl.col(name).first() for name in events.columns if name == "ticket_id" + SPELT),
        created_at=created,
        initiator=pl.col("author_kind").filter(said).drop_nulls().first(),
    )


def known(events: pl.DataFrame, created: pl.DataFrame) -> Known:
    """The events of the tickets `created` holds (ticket_id, created_at)."""
    found = events.join(created, on="ticket_id", how="inner", maintain_order="left")
    early = int((found["at"] < found["created_at"]).sum())
    kept = found.with_columns(at=pl.max_horizontal("at", "created_at")).select(events.columns)
    return Known(kept, events.height - found.height, early)


def history(events: pl.DataFrame, created: pl.DataFrame, since: pl.Expr, options: Options) -> History:
    """What has happened by the moment asked for. A ticket is whole that has an event, and was created when the
    events had begun (`since`) or by one of them.
    """
    creations = events.filter(pl.col("event") == "created")["ticket_id"]
    reached = since | pl.col("ticket_id").is_in(creations.implode())
    whole = created.filter(reached & pl.col("ticket_id").is_in(events["ticket_id"].implode()))
    others = created.height - whole.height
    if options.as_of:
        as_of = pl.lit(parse_as_of(options.as_of, ZoneInfo(options.timezone)).astimezone(UTC), TIME)
        events, whole = events.filter(pl.col("at") <= as_of), whole.filter(pl.col("created_at") <= as_of)
    return History(in_order(events.lazy()).collect(), whole, others)


def lived(found: History, told: frozenset[str]) -> pl.DataFrame:
    """A row for each whole ticket: the columns `told`, derived from its events, and for each part whether they give it."""
    created = found.whole.lazy()
    ids = created.select("ticket_id", "created_at")
    events = found.events.lazy().join(ids, on="ticket_id", how="semi", maintain_order="left")
    states = lifecycle.states(events, ids)
    parts = {
        "status": states,
        "reply_count": lifecycle.messages(events, states.select("ticket_id", "first_solved_at")),
        "assignment_count": lifecycle.assignments(events),
    }
    for name, part in parts.items():
        if name in told:
            marked = part.with_columns(pl.lit(value=True).alias(name + TOLD))
            created = created.join(marked, on="ticket_id", how="left", maintain_order="left")
    return _typed(_with_lengths(created.collect()))


def _with_lengths(rows: pl.DataFrame) -> pl.DataFrame:
    """With each wait in seconds too, and whether the ticket is solved."""
    waits = {length: stamp for stamp, length in TWINS.items() if stamp in rows.columns}
    since = {length: pl.col(stamp) - pl.col("created_at") for length, stamp in waits.items()}
    lengths = {length: wait.dt.total_microseconds() / 1_000_000 for length, wait in since.items()}
    solved = {"is_solved": pl.col("status").is_in(SOLVED_STATUS)} if "status" in rows.columns else {}
    return rows.with_columns(**lengths, **solved)


def _typed(rows: pl.DataFrame) -> pl.DataFrame:
    kinds = TABLES["tickets"].fields
    words = [name for name in rows.columns if kinds.get(name) is Kind.CATEGORY]
    return rows.with_columns(pl.col(words).cast(pl.Categorical))

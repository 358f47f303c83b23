"""Ticket events: their order, what state each leaves its ticket in, and which of them do not count."""

import polars as pl

from cx_kpi.model.schema import STATUS
from cx_kpi.normalise.mapping.reading_plan import SPELT
from cx_kpi.normalise.tables.exclusions import mask

TIME = pl.Datetime("us", "UTC")
_STATES = {"created": "new", "solved": "solved", "closed": "closed", "reopened": "open"}  # said by the event
_AUTHORS = ("customer", "bot", "agent")  # of messages of one moment, the answer comes after the question


def excluded(frame: pl.DataFrame) -> dict[str, pl.Series]:
    """Reason to rows, of events that do not count; the same event again is another matter."""
    return {"incomplete": mask(frame, pl.any_horizontal(pl.col("ticket_id", "at").is_null()))}


def prepared(frame: pl.DataFrame) -> pl.DataFrame:
    """Events with all columns (null where no file has them) as words, and the status that each leaves."""
    event = _word(frame, "event")
    status = pl.coalesce(
        _word(frame, "status").replace("escalated", "open"),
        event.replace_strict(_STATES, default=None, return_dtype=pl.String),
    )
    flag = pl.col("is_public") if "is_public" in frame.columns else pl.lit(value=True)
    return frame.select(
        "ticket_id",
        "at",
        status=status,
        event=event,
        author_kind=_word(frame, "author_kind"),
        is_public=flag.fill_null(value=True),
        agent=_word(frame, "agent"),
        team=_word(frame, "team"),
        **{name: pl.col(name) for name in frame.columns if name.endswith(SPELT)},
    )


def _word(frame: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String) if name in frame.columns else pl.lit(None, pl.String)


def in_order(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Ticket by ticket, by time. Of one moment: the creation, assignments and messages, then changes of status.

    Exports are sorted either way, and often to the second or minute. So the kinds of events decide, not their
    order in the file: questions come before answers, and the states of a ticket in the order of its life.
    """
    return frame.sort("ticket_id", "at", _rank(), "event", "agent", "team", nulls_last=True)


def _rank() -> pl.Expr:
    """The place of an event among those of one moment."""
    author = _placed("author_kind", _AUTHORS, 1)
    state = _placed("status", STATUS, 1 + len(_AUTHORS) + 1)
    by_status = pl.when(pl.col("status").is_not_null()).then(state).otherwise(author)
    return pl.when(pl.col("event") == "created").then(0).otherwise(by_status)


def _placed(name: str, words: tuple[str, ...], first: int) -> pl.Expr:
    places = {word: first + place for place, word in enumerate(words)}
    return pl.col(name).replace_strict(places, default=first + len(words), return_dtype=pl.Int32)

"""The lifecycles of tickets by their events, against a machine that walks them one by one."""

import polars as pl
from hypothesis import given

from cx_kpi.model.options import Options
from cx_kpi.normalise.history.histories import born, history, known, lived
from cx_kpi.normalise.tables.event_rows import prepared
from cx_kpi.normalise.vocabulary.derived import PARTS, PAUSED, SECONDS, SPELLS

from .desk_log import Event, Life, logs, walked

TOLD = frozenset(name for names in PARTS.values() for name in names)
TYPES = {
    "ticket_id": pl.String,
    "at": pl.Datetime("us", "UTC"),
    "event": pl.String,
    "status": pl.String,
    "author_kind": pl.String,
    "is_public": pl.Boolean,
    "agent": pl.String,
    "team": pl.String,
}


def frame(log: list[Event]) -> pl.DataFrame:
    """The log as a table."""
    return pl.DataFrame([[getattr(each, name) for name in TYPES] for each in log], TYPES, orient="row")


def rows_of(log: list[Event], **options: str) -> dict[str, dict[str, object]]:
    """The columns of each ticket by its events."""
    rows = prepared(frame(log))
    created = born(rows)
    past = history(known(rows, created).events, created, pl.lit(value=True), Options(**options))
    return {row["ticket_id"]: row for row in lived(past, TOLD).iter_rows(named=True)}


def lives(log: list[Event]) -> dict[str, Life]:
    """The columns of each ticket by walking its events."""
    names = {each.ticket_id for each in log}
    return {name: walked([each for each in log if each.ticket_id == name]) for name in names}


@given(logs())
def test_a_life_is_what_walking_its_events_comes_to(log: list[Event]) -> None:
    found, expected = rows_of(log), lives(log)
    assert found.keys() == expected.keys()
    for name, life in expected.items():
        row = found[name]
        for field in ("created_at", "status", "first_solved_at", "solved_at", "reopen_count", PAUSED):
            assert row[field] == getattr(life, field), field
        spells = row[SPELLS]
        assert isinstance(spells, list)
        assert [(each["from"], each["to"]) for each in spells] == life.spells
        for column, states in SECONDS.items():
            assert row[column] == sum(life.spent.get(state, 0.0) for state in states), column


@given(logs())
def test_who_spoke_is_what_walking_comes_to(log: list[Event]) -> None:
    found = rows_of(log)
    for name, life in lives(log).items():
        row = found[name]
        spoke = any(each.ticket_id == name and each.event in ("reply", "note") for each in log)
        assert row["first_response_at"] == life.first_response_at
        assert row["reply_count"] == (life.reply_count if spoke else None)
        assert row["bot_began"] == (life.bot_first if spoke else None)
        assert row["human_replied"] == (life.reply_count > 0 if spoke else None)
        assert row["customer_returned"] == (life.customer_returned if spoke else None)
        assert (row["assignment_count"] or 0) == life.assignment_count


@given(logs())
def test_what_comes_later_has_not_happened(log: list[Event]) -> None:
    """As of a moment, the log gives the same as a log with only the events up to then."""
    moments = sorted({each.at for each in log})
    middle = moments[len(moments) // 2]
    earlier = [each for each in log if each.at <= middle]
    assert rows_of(log, as_of=middle.isoformat()) == rows_of(earlier)

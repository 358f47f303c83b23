"""Tickets restated by their events, whole logs and damaged ones, from the files on."""

from typing import Any

from cx_kpi.model.options import Options
from cx_kpi.normalise.choice.recognise import recognise
from cx_kpi.normalise.load import load

from .frames import codes, tables, text_frame

LOG = """
t1 | 2026-03-01 09:00 | created    |        | customer |     |     |
t1 | 2026-03-01 09:01 | reply      |        | bot      |     |     |
t1 | 2026-03-01 10:00 | reply      |        | agent    | no  |     |
t1 | 2026-03-01 11:00 | reply      |        | agent    | yes |     |
t1 | 2026-03-02 09:00 | status     | solved | agent    |     |     |
t1 | 2026-03-04 09:00 | status     | open   | customer |     |     |
t1 | 2026-03-06 09:00 | status     | solved | agent    |     |     |
t2 | 2026-03-02 09:00 | created    |        | customer |     |     |
t2 | 2026-03-02 10:00 | assignment |        |          |     | Ann | A
t2 | 2026-03-02 11:00 | assignment |        |          |     | Bob | A
"""
NAMES = ("ticket_id", "at", "event", "status", "author_kind", "is_public", "agent", "team")


def table(text: str, names: tuple[str, ...]) -> dict[str, list[str | None]]:
    """Columns of text cells; an empty cell is null, missing ones at the end too."""
    lines = [[cell.strip() or None for cell in line.split("|")] for line in text.strip().splitlines()]
    padded = [[*line, *[None] * (len(names) - len(line))] for line in lines]
    return {name: [line[place] for line in padded] for place, name in enumerate(names)}


def log(text: str = LOG) -> Any:
    """A file of ticket events."""
    return text_frame(table(text, NAMES), "events.csv")


def desk(text: str, names: tuple[str, ...] = ("ticket_id", "created_at", "status", "solved_at")) -> Any:
    """A file of tickets."""
    return text_frame(table(text, names), "tickets.csv")


def rows(loaded: Any) -> list[dict[str, Any]]:
    """The tickets, dates as text."""
    times = [name for name, dtype in loaded.frame.schema.items() if dtype.is_temporal()]
    shown = [loaded.frame[name].dt.to_string("%m-%d %H:%M") for name in times]
    return list(loaded.frame.with_columns(shown).iter_rows(named=True))


def test_events_alone_make_the_tickets() -> None:
    first, second = rows(tables(log())["tickets"])
    expected = {
        "created_at": "03-01 09:00", "status": "solved", "is_solved": True, "first_solved_at": "03-02 09:00",
        "solved_at": "03-06 09:00", "reopen_count": 1, "first_response_at": "03-01 11:00", "reply_count": 1,
        "first_response_seconds": 7200.0, "resolution_seconds": 5 * 86_400.0, "bot_began": True,
        "human_replied": True, "requester_wait_seconds": 3 * 86_400.0, "initiator": "customer",
    }  # fmt: skip
    assert {name: first[name] for name in expected} == expected
    expected = {
        "status": "new",
        "is_solved": False,
        "reply_count": None,
        "assignment_count": 2,
        "agent": "Bob",
    }
    assert {name: second[name] for name in expected} == expected


def test_a_log_without_creations_makes_the_tickets_too() -> None:
    changes = "t1 | 2026-03-01 09:00 | status | open\nt1 | 2026-03-02 09:00 | status | solved"
    (row,) = rows(tables(log(changes))["tickets"])
    assert (row["created_at"], row["solved_at"]) == ("03-01 09:00", "03-02 09:00")


def test_columns_say_otherwise() -> None:
    """A bot's answer taken for the first, a solve from before the reopening; both are counted in notices, column by column."""
    names = ("ticket_id", "created_at", "status", "first_response_at", "solved_at")
    desk_says = """
    t1 | 2026-03-01 09:00 | closed | 2026-03-01 09:01 | 2026-03-02 09:00
    t2 | 2026-03-02 09:00 | new    |                  |
    """
    found = tables(desk(desk_says, names), log())["tickets"]
    first, second = rows(found)
    assert (first["first_response_at"], first["solved_at"]) == ("03-01 11:00", "03-06 09:00")
    assert first["status"] == "closed"  # solved and closed are one to us, and closing is often not logged
    assert (second["status"], second["is_solved"]) == ("new", False)
    (told,) = (each for each in found.notices if each.code == "restated")
    assert (told.rows, told.example) == (1, "solved_at 1, first_response_at 1")


def test_tickets_whose_events_do_not_reach_back_keep_their_columns() -> None:
    desk_says = """
    old  | 2026-02-01 09:00 | solved | 2026-02-10 09:00
    t1   | 2026-03-01 09:00 | solved | 2026-03-02 09:00
    mute | 2026-03-03 09:00 | solved | 2026-03-04 09:00
    """
    late = LOG + "old | 2026-03-05 09:00 | status | open"
    loaded = tables(desk(desk_says), log(late))
    assert [each["solved_at"] for each in rows(loaded["tickets"])] == [
        "02-10 09:00",
        "03-06 09:00",
        "03-04 09:00",
    ]
    assert [each["requester_wait_seconds"] for each in rows(loaded["tickets"])] == [None, 3 * 86_400.0, None]
    assert codes(loaded["tickets"])["partly_told", None] == 2
    assert codes(loaded["ticket_events"])["unknown_ticket", None] == 3


def test_the_counts_of_a_ticket_that_is_not_in_the_log_stay() -> None:
    names = ("ticket_id", "created_at", "assignment_count", "reassignment_count")
    desk_says = "t2 | 2026-03-02 09:00 | 5 | 4\nmute | 2026-03-03 09:00 | 3 | 2"
    second, mute = rows(tables(desk(desk_says, names), log())["tickets"])
    assert (second["assignment_count"], second["reassignment_count"]) == (2, 4)
    assert (mute["assignment_count"], mute["reassignment_count"]) == (3, 2)


def test_messages_alone_say_nothing_of_the_solution() -> None:
    names = ("ticket_id", "at", "event", "author_kind")
    chat = "t0 | 2026-03-01 08:00 | message | customer\nt1 | 2026-03-01 09:05 | message | customer\nt1 | 2026-03-01 09:30 | message | teammate"
    desk_says = "t1 | 2026-03-01 09:00 | solved | 2026-03-02 09:00"
    found = tables(desk(desk_says), text_frame(table(chat, names), "chat.csv"))["tickets"]
    (row,) = rows(found)
    assert (row["solved_at"], row["first_response_at"]) == ("03-02 09:00", "03-01 09:30")
    assert "requester_wait_seconds" not in row


def test_a_log_of_states_alone_says_nothing_of_answers() -> None:
    names = ("Issue key", "Changed at", "To status")
    changes = "t1 | 2026-03-01 12:00 | In Progress\nt1 | 2026-03-03 12:00 | Done"
    names_of_desk = ("ticket_id", "created_at", "first_response_at")
    desk_says = "t1 | 2026-03-01 12:00 | 2026-03-01 13:00"
    (row,) = rows(
        tables(desk(desk_says, names_of_desk), text_frame(table(changes, names), "log.csv"))["tickets"]
    )
    assert (row["first_response_at"], row["solved_at"]) == ("03-01 13:00", "03-03 12:00")
    assert row["open_seconds"] == 2 * 86_400.0


def test_activities_named_after_what_became_of_the_ticket() -> None:
    names = ("Incident ID", "DateStamp", "Activity", "Assignment Group")
    acts = """
    I1 | 2026-03-01 12:00 | Open         | A
    I1 | 2026-03-02 12:00 | Reassignment | B
    I1 | 2026-03-03 12:00 | Resolved     | B
    I1 | 2026-03-04 12:00 | Reopen       | B
    I1 | 2026-03-05 12:00 | Closed       | B
    """
    (row,) = rows(tables(text_frame(table(acts, names), "log.csv"))["tickets"])
    told = (
        "status",
        "created_at",
        "first_solved_at",
        "solved_at",
        "reopen_count",
        "assignment_count",
        "team",
    )
    assert [row[name] for name in told] == ["closed", "03-01 12:00", "03-03 12:00", "03-05 12:00", 1, 2, "B"]


def test_damage_is_counted() -> None:
    damaged = """
    t1   | 2026-03-01 09:00 | created  |
    t1   | 2026-03-01 08:00 | reply    |        | agent
    t1   | 2026-03-02 09:00 | status   | dunno
    t1   | 2026-03-02 10:00 | exploded |
    t1   |                  | status   | solved
         | 2026-03-02 09:00 | status   | solved
    gone | 2026-03-01 09:00 | created  |
    gone | 2026-03-01 10:00 | status   | deleted
    """
    loaded = tables(log(damaged))
    said = codes(loaded["ticket_events"])
    assert (said["unknown_word", "status"], said["unknown_word", "event"]) == (1, 1)
    assert (said["excluded", "incomplete"], said["before_creation", None]) == (2, 1)
    (row,) = rows(loaded["tickets"])
    assert (row["status"], row["first_response_seconds"]) == ("new", 0.0)
    assert codes(loaded["tickets"])["excluded", "deleted"] == 1


def test_the_same_event_again_counts_once() -> None:
    lines = LOG.strip().splitlines()
    numbered = "\n".join(f"{lines.index(line)} | {line}" for line in [*lines, lines[3]])
    loaded = tables(text_frame(table(numbered, ("event_id", *NAMES)), "events.csv"))
    assert codes(loaded["ticket_events"])["excluded", "duplicate"] == 1
    assert rows(loaded["tickets"])[0]["reply_count"] == 1


def test_a_condition_leaves_whole_tickets_out() -> None:
    names = ("ticket_id", "created_at", "status", "agent")
    desk_says = "t1 | 2026-03-01 09:00 | new | Ann\nt2 | 2026-03-02 09:00 | new | Bob"
    for files in ([log()], [desk(desk_says, names), log()]):
        loaded = tables(*files, where="agent = 'Bob'")
        (row,) = rows(loaded["tickets"])
        assert row["assignment_count"] == 2
        assert "unknown_ticket" not in {each.code for each in loaded["ticket_events"].notices}


def test_events_are_cut_by_what_their_ticket_is() -> None:
    names = ("ticket_id", "created_at", "status", "channel")
    desk_says = "t1 | 2026-03-01 09:00 | open | chat\nt2 | 2026-03-02 09:00 | new | email"
    files = desk(desk_says, names), log()
    mapped = recognise(files, Options(), {}).mapped
    wanted = {"tickets": {*names}, "ticket_events": {"ticket_id", "at", "event", "channel", "status"}}
    found = load(mapped, wanted, Options())["ticket_events"].frame
    assert set(found.select("channel", "status").unique().rows()) == {("chat", "solved"), ("email", "new")}

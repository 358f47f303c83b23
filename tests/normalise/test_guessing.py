"""Unknown headers: taken for a field only where there is no doubt."""

import pytest

from cx_kpi.model.options import Config, Options, TableConfig
from cx_kpi.normalise.choice.recognise import recognise
from cx_kpi.normalise.mapping.guessing import _alike
from tests.normalise.frames import tables, text_frame

ROWS = 6
DATES = [f"2026-03-{day:02} 10:00:00" for day in range(1, ROWS + 1)]
IDS = [f"CS-{number}" for number in range(ROWS)]
CLOCKS = [f"{hours:02}:18:00" for hours in range(ROWS)]
WORDS = {
    "status": ["open", "closed", "pending", "solved", "open", "new"],
    "channel": ["email", "chat", "phone", "email", "web", "web"],
    "priority": ["low", "high", "normal", "urgent", "low", "low"],
}
NAMES = ["Ann", "Bob", "Ann", "Cyd", "Bob", "Ann"]
KEYS = {"ticket_id": "ticket_id", "created_at": "created_at"}
REAL = [  # headers of real exports, none of them a listed word
    ("Ticket created - Date", "created_at", DATES),
    ("Ticket solved - Date", "solved_at", DATES),
    ("Ticket updated - Date", "updated_at", DATES),
    ("Дата создания сделки", "created_at", DATES),
    ("Дата закрытия сделки", "closed_at", DATES),
    ("Conversation created at", "created_at", DATES),
    ("Ticket group", "team", NAMES),
    ("Group Name", "team", NAMES),
    ("Queue Name", "team", NAMES),
    ("Team Assigned", "team", NAMES),
    ("Agent Assigned", "agent", NAMES),
    ("Assigned Agent Name – Current", "agent", NAMES),
    ("Case Owner Alias", "agent", NAMES),
    ("Ticket channel", "channel", WORDS["channel"]),
    ("Channel Display Name", "channel", WORDS["channel"]),
    ("Current conversation state", "status", WORDS["status"]),
    ("Статус сделки", "status", WORDS["status"]),
    ("Priority Level", "priority", WORDS["priority"]),
    ("Ticket organization name", "organization", NAMES),
    ("Primary Company", "organization", NAMES),
    ("Requester Name", "customer_id", NAMES),
    ("Contact Email Address", "customer_id", [f"{name}@example.org" for name in NAMES]),
    ("Ticket Tags", "tags", NAMES),
    ("Recieved at", "created_at", DATES),
    ("Ticket Reference", "ticket_id", IDS),
    ("metrics.solved_at", "solved_at", DATES),
    ("properties.createdate", "created_at", DATES),
    ("fields.status.name", "status", WORDS["status"]),
]
FALSE = [  # near a field, and something else
    ("Due date", DATES),
    ("Due by Time", DATES),
    ("SLA Due Date", DATES),
    ("Tempo para solução", DATES),
    ("Tempo para solução", CLOCKS),
    ("Time to first response", CLOCKS),
    ("Time to First Response SLA Status", CLOCKS),
    ("First response due", DATES),
    ("First agent email response date", DATES),
    ("Resolution notes", ["Sent a new one, as the old one broke on the way to the customer"] * ROWS),
    ("Estimated resolution time (h)", ["4"] * ROWS),
    ("Average handling time (min)", ["4"] * ROWS),
    ("Status Category", WORDS["status"]),
    ("Phone number", ["+49 30 1234567"] * ROWS),
    ("Ticket brand", NAMES),
    ("Last Viewed", DATES),
    ("Start date", DATES),
    ("First Closed By", NAMES),
    ("Unresolved", DATES),
    ("Assigned at", DATES),
    ("queue_time", ["12", "15", "9", "3", "4", "5"]),
    ("Escalated Date", DATES),
    ("Срок решения заявки до", DATES),
]


def mapped(columns: dict[str, list[str]], missing: tuple[str, ...] = ()) -> dict[str, str]:
    """Field to header of a ticket export with an id and a date, of which some are `missing`."""
    known = {"ticket_id": IDS, "created_at": DATES}
    whole = {**{name: cells for name, cells in known.items() if name not in missing}, **columns}
    (found,) = recognise([text_frame(whole)], Options(), {"export.csv": "tickets"}).mapped
    return {name: rule.header for name, rule in found.fields.items()}


@pytest.mark.parametrize(("header", "field", "cells"), REAL, ids=[row[0] for row in REAL])
def test_real_headers_are_guessed_right(header: str, field: str, cells: list[str]) -> None:
    found = mapped({header: cells}, missing=(field,))
    assert found == {**{name: name for name in KEYS if name != field}, field: header}


@pytest.mark.parametrize(("header", "cells"), FALSE, ids=[f"{row[0]}-{row[1][0][:9]}" for row in FALSE])
def test_near_misses_never_act(header: str, cells: list[str]) -> None:
    assert mapped({header: cells}) == KEYS


@pytest.mark.parametrize(("header", "field", "cells"), REAL, ids=[row[0] for row in REAL])
def test_cells_that_cannot_be_it_keep_a_header_out(header: str, field: str, cells: list[str]) -> None:
    wrong = (
        ["Some words that go on and on, with no end in sight, all through 2026"] * ROWS
        if field != "tags"
        else DATES
    )
    known = {"ticket_id": IDS, "created_at": DATES}
    whole = {**{name: values for name, values in known.items() if name != field}, header: wrong, "x": wrong}
    frame = text_frame(whole)
    config = Config(tickets=TableConfig(columns={field: "x"})) if field in known else Config()
    (found,) = recognise([frame], Options(config=config), {"export.csv": "tickets"}).mapped
    assert header not in {rule.header for rule in found.fields.values()}


def test_two_headers_for_one_field_are_a_doubt() -> None:
    assert mapped({"Ticket group": NAMES, "Queue Name": NAMES}) == KEYS


def test_two_fields_for_one_header_are_settled_by_the_cells() -> None:
    assert mapped({"Resolution timing": CLOCKS}) == KEYS
    dates = mapped({"Ticket resolution": DATES})
    lengths = mapped({"Ticket resolution": CLOCKS})
    assert dates == {**KEYS, "solved_at": "Ticket resolution"}
    assert lengths == {**KEYS, "resolution_seconds": "Ticket resolution"}


def test_a_known_word_beats_a_guess() -> None:
    assert mapped({"Ticket group": NAMES, "Team": NAMES})["team"] == "Team"


def test_a_guess_is_told_and_listed() -> None:
    loaded = tables(text_frame({"Ticket ref": IDS, "created": DATES, "Ticket group": NAMES}))["tickets"]
    told = {(each.field, each.example) for each in loaded.notices if each.code == "guessed_column"}
    assert told == {("ticket_id", "Ticket ref"), ("team", "Ticket group")}
    assert loaded.sources[0].columns["team"] == "Ticket group"
    assert all(each.level == "info" for each in loaded.notices)


def test_no_stranger_becomes_a_table_by_one_guess() -> None:
    stranger = text_frame({"Contact Email Address": IDS, "Primary Company": NAMES}, "stranger.csv")
    desk = text_frame({"ticket_id": IDS, "created_at": DATES}, "desk.csv")
    found = recognise([desk, stranger], Options(paths=(".",)), {})
    assert [each.table for each in found.mapped] == ["tickets"]


def test_rows_are_never_set_aside_by_a_guess() -> None:
    """Every field that a guess could fill is one a row can do without, or is proven by its cells."""
    columns = {f"Is the {word} ticket": ["yes"] * ROWS for word in ("spam", "deleted", "test", "merged")}
    assert mapped(columns) == KEYS


def test_columns_without_cells_prove_nothing() -> None:
    assert mapped({"Ticket group": [""] * ROWS}) == KEYS


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("chanel", "channel"),  # a letter is dropped
        ("channnel", "channel"),  # is added
        ("chnanel", "channel"),  # two are exchanged
        ("satifaction", "satisfaction"),
        ("satissfaction", "satisfaction"),
        ("satisfcation", "satisfaction"),
        ("satifacton", "satisfaction"),  # two errors in a long word
        ("sattisfacttion", "satisfaction"),
        ("satsifcation", "satisfaction"),
        ("satifactionn", "satisfaction"),
    ],
)
def test_typing_errors_aside_a_word_is_the_same(said: str, known: str) -> None:
    assert _alike(said, known)
    assert _alike(known, said)


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("chanl", "channel"),  # two errors in a short word
        ("channnell", "channel"),
        ("chnnael", "channel"),
        ("satfacton", "satisfaction"),  # three in a long one
        ("hcannel", "channel"),  # the first letter
        ("tam", "team"),  # too short a word for any
        ("property", "priority"),
    ],
)
def test_more_errors_make_another_word(said: str, known: str) -> None:
    assert not _alike(said, known)
    assert not _alike(known, said)

"""Tickets: what follows from their columns, and which do not count."""

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_kpi.model.options import Column, ComplaintRule, Config, TableConfig
from cx_kpi.model.report import Source
from cx_kpi.model.values import Level
from cx_kpi.normalise.vocabulary.dictionaries import meanings
from cx_kpi.normalise.vocabulary.notices import say, told
from cx_kpi.read.raw.source import Phrase, Remark
from cx_kpi.wording.language import Language

from .frames import codes, tables, text_frame, tickets

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
REASONS = {"is_deleted": "deleted", "is_spam": "spam", "is_test": "test", "merged_into": "merged"}


def column(loaded: Any, name: str) -> list[Any]:
    return loaded.frame[name].to_list()


def test_dates_and_lengths_follow_from_each_other() -> None:
    dates = tickets(
        {"first_response_at": ["2026-03-02 10:05:00", None], "solved_at": [None, "2026-03-02 12:00:00"]}
    )
    assert column(dates, "first_response_seconds") == [300, None]
    assert column(dates, "resolution_seconds") == [None, 7200]
    lengths = tickets({"first_response_seconds": ["300", None], "resolution_seconds": [None, "7200"]})
    assert column(lengths, "first_response_at") == [START + timedelta(minutes=5), None]
    assert column(lengths, "solved_at") == [None, START + timedelta(hours=2)]
    assert column(lengths, "is_solved") == [False, True]


def test_the_date_is_the_better_witness() -> None:
    loaded = tickets({"solved_at": ["2026-03-02 12:00:00"], "resolution_seconds": ["5"]})
    assert column(loaded, "resolution_seconds") == [7200]


def test_the_closing_date_stands_in_for_a_whole_column_only() -> None:
    closed = {"closed_at": ["2026-03-02 12:00:00", "2026-03-02 13:00:00"]}
    alone = tickets(closed)
    assert column(alone, "resolution_seconds") == [7200, 10_800]
    assert ("closed_as_solved", "solved_at") in codes(alone)
    beside = tickets({**closed, "solved_at": ["2026-03-02 11:00:00", None]})
    assert column(beside, "resolution_seconds") == [3600, None]
    assert not beside.notices


@pytest.mark.parametrize(
    "status", ["open", "New", "В работе", "On-hold", "Waiting on Customer", "4 - Pending"]
)
def test_a_solved_date_on_an_open_ticket_is_a_reopened_one(status: str) -> None:
    loaded = tickets({"status": [status, "Solved"], "solved_at": ["2026-03-02 12:00:00"] * 2})
    assert column(loaded, "solved_at") == [None, START + timedelta(hours=2)]
    assert column(loaded, "resolution_seconds") == [None, 7200]
    assert column(loaded, "is_solved") == [False, True]
    assert column(loaded, "first_solved_at") == [START + timedelta(hours=2), None]
    assert codes(loaded)["reopened", "solved_at"] == 1


def test_the_status_says_what_is_solved_and_the_date_where_it_is_empty() -> None:
    loaded = tickets(
        {
            "status": ["Closed", "Решена", None, "-", "open"],
            "solved_at": [None, None, "2026-03-03", None, None],
        }
    )
    assert column(loaded, "is_solved") == [True, True, True, False, False]


def test_unknown_words_are_empty_and_told_or_kept() -> None:
    loaded = tickets(
        {
            "status": ["open", "mystery", "mystery"],
            "channel": ["E-mail", "Fax", "n/a"],
            "priority": ["P9", "4 - Low", "Срочно"],
        }
    )
    assert column(loaded, "status") == ["open", None, None]
    assert column(loaded, "channel") == ["email", "Fax", None]
    assert column(loaded, "priority") == ["P9", "low", "urgent"]
    (told,) = loaded.notices
    assert (told.code, told.field, told.rows, told.example) == ("unknown_word", "status", 2, "aaa")


def test_configured_words_come_first() -> None:
    words = TableConfig(
        values={"status": {"mystery": "solved", "open": "closed"}, "channel": {"fax": "phone"}}
    )
    loaded = tickets({"status": ["Mystery", "open"], "channel": ["FAX", "web"]}, words)
    assert column(loaded, "status") == ["solved", "closed"]
    assert column(loaded, "channel") == ["phone", "web"]


@given(
    st.sampled_from(sorted(meanings("status"))),
    st.sampled_from([str.upper, str.title, lambda word: f"  {word} "]),
)
def test_every_known_status_is_read_in_any_dress(word: str, dress: Any) -> None:
    loaded = tickets({"status": [dress(word), "open"]})
    counted = {"deleted", "spam", "merged"}
    meant = meanings("status")[word]
    expected = [] if meant in counted else ["open" if meant == "escalated" else meant]
    assert column(loaded, "status") == [*expected, "open"]


def test_an_escalated_status_is_open_at_level_one() -> None:
    loaded = tickets({"status": ["Escalated", "Open", "Closed"]})
    assert column(loaded, "status") == ["open", "open", "closed"]
    assert column(loaded, "escalation_level") == [1, 0, 0]
    assert "escalation_level" not in tickets({"status": ["Open"]}).fields


def test_level_two_is_management_where_levels_go_that_far() -> None:
    assert column(tickets({"escalation_level": ["0", "1", "2", None]}), "escalated_to_management") == [
        False,
        False,
        True,
        None,
    ]
    assert "escalated_to_management" not in tickets({"escalated": ["yes", "no"]}).fields
    assert column(tickets({"escalated": ["yes", "no"]}), "escalation_level") == [1, 0]


@pytest.mark.parametrize("field", ["type", "category", "tags"])
@pytest.mark.parametrize("word", ["Complaint", "billing complaints", "Жалоба", "претензии", "рекламация"])
def test_complaints_are_told_by_the_word(field: str, word: str) -> None:
    loaded = tickets({field: [word, "question", None]})
    assert column(loaded, "is_complaint") == [True, False, False]
    assert ("complaint_words", field) in codes(loaded)


def test_no_word_no_complaints() -> None:
    assert "is_complaint" not in tickets({"type": ["question", "uncomplaining"]}).fields


def test_a_column_or_a_rule_beats_the_word() -> None:
    flagged = tickets({"type": ["complaint", "x"], "is_complaint": ["нет", "да"]})
    assert column(flagged, "is_complaint") == [False, True]
    cells = {
        "ticket_id": ["1", "2", "3"],
        "created_at": ["2026-01-01"] * 3,
        "type": ["Claim", "complaint", "claims"],
    }
    ruled = tables(text_frame(cells), config=Config(complaints=ComplaintRule(type=["claim"])))["tickets"]
    assert column(ruled, "is_complaint") == [True, False, False]
    everything = tables(text_frame(cells), config=Config(complaints=ComplaintRule(all=True)))["tickets"]
    assert column(everything, "is_complaint") == [True] * 3


def test_a_filled_cell_can_be_a_count_or_a_flag() -> None:
    config = TableConfig(
        columns={
            "reopen_count": Column("Reopened on", present=True),
            "is_complaint": Column("Claim no", present=True),
        }
    )
    loaded = tickets({"Reopened on": ["2026-01-01", None, "NA"], "Claim no": ["17", "-", ""]}, config)
    assert column(loaded, "reopen_count") == [1, 0, 0]
    assert column(loaded, "is_complaint") == [True, False, False]


def test_ids_are_text() -> None:
    loaded = tickets({"customer_id": ["007", "7", " 7 ", "+49", "N/A", "?", "", None]})
    ids = column(loaded, "customer_id")
    assert ids[1] == ids[2]
    assert len({*ids[:4]}) == 3
    assert ids[4:] == [None] * 4


def test_ids_a_spreadsheet_rounded_are_told() -> None:
    loaded = tickets({"customer_id": ["1.03006E+13", "1,03006E+13", "7"]})
    assert codes(loaded) == {("rounded_id", "customer_id"): 2}


@given(st.lists(st.sampled_from([*REASONS, None]), min_size=1, max_size=30))
def test_what_does_not_count_is_set_aside_once_and_adds_up(why: list[str | None]) -> None:
    marks = {name: ["1" if name == reason else None for reason in why] for name in REASONS}
    loaded = tickets(marks)
    (source,) = loaded.sources
    assert source.rows == source.used + source.set_aside == len(why)
    assert source.used == loaded.frame.height == why.count(None)
    expected = {("excluded", reason): why.count(name) for name, reason in REASONS.items() if name in why}
    assert codes(loaded) == expected


@pytest.mark.parametrize("status", ["deleted", "spam", "merged"])
def test_a_status_may_say_that_a_ticket_does_not_count(status: str) -> None:
    loaded = tickets({"status": [status, "open"]})
    assert codes(loaded) == {("excluded", status): 1}
    assert loaded.notices[0].level is Level.INFO


def test_a_clock_that_runs_backwards_spoils_its_wait_not_the_ticket() -> None:
    loaded = tickets(
        {
            "first_response_at": ["2026-03-02 09:59:59", "2026-03-02 10:00:00"],
            "solved_at": [None, "2026-03-01"],
        }
    )
    assert codes(loaded) == {("backward_wait", "first_response_at"): 1, ("backward_wait", "solved_at"): 1}
    assert column(loaded, "first_response_seconds") == [None, 0.0]
    assert column(loaded, "first_response_untold") == [True, False]
    assert column(loaded, "solve_untold") == [False, True]
    assert column(loaded, "is_solved") == [False, True]


def test_a_date_nobody_can_read_spoils_its_wait_not_the_ticket() -> None:
    loaded = tickets(
        {
            "first_response_at": ["soon", "2026-03-02 11:00:00", None],
            "status": ["open", "solved", "open"],
        }
    )
    assert codes(loaded) == {("unreadable", "first_response_at"): 1}
    assert column(loaded, "first_response_untold") == [True, False, False]


def test_rows_without_an_id_or_a_date_are_set_aside() -> None:
    loaded = tickets(
        {"ticket_id": ["1", None, "N/A", "4"], "created_at": ["2026-01-01", "2026-01-01", "2026-01-01", None]}
    )
    assert codes(loaded) == {("excluded", "incomplete"): 3}


def test_the_latest_of_each_id_counts() -> None:
    cells = {
        "ticket_id": ["a", "b", "a", "c", "a", "b"],
        "status": ["open", "open", "closed", "open", "pending", "open"],
        "updated_at": ["2026-03-03", None, "2026-03-09", None, "2026-03-04", None],
    }
    loaded = tickets(cells)
    assert column(loaded, "status") == ["closed", "open", "open"]
    assert codes(loaded) == {("conflicting_duplicates", "ticket_id"): 2, ("excluded", "duplicate"): 3}


def test_a_ticket_deleted_last_is_deleted() -> None:
    loaded = tickets({"ticket_id": ["a", "a"], "status": ["open", "deleted"]})
    assert loaded.frame.height == 0
    assert codes(loaded)["excluded", "conflicting"] == codes(loaded)["excluded", "deleted"] == 1


ROWS = st.lists(
    st.tuples(
        st.integers(0, 12),
        st.sampled_from(["open", "Closed", "Решена", "deleted", "what", None]),
        st.sampled_from(["2026-03-05 11:00:00", "2026-02-01", "1900-01-01", "soon", None]),
        st.sampled_from(["E-mail", "Phone", "fax", None]),
    ),
    min_size=1,
    max_size=25,
    unique_by=lambda row: row[0],
)
HEADERS = ("ticket_id", "status", "solved_at", "channel")


def canonical(
    rows: list[tuple[Any, ...]], *cuts: int, headers: tuple[str, ...] = HEADERS
) -> tuple[Any, Any, Any]:
    """The table, its exclusions and its totals, of rows split into files at `cuts`."""
    ends = [*sorted(cuts), len(rows)]
    parts = [rows[start:end] for start, end in zip([0, *ends], ends, strict=False) if start < end]
    files = [
        text_frame(
            {
                "created_at": ["2026-03-02 10:00:00"] * len(part),
                **dict(zip(headers, zip(*part, strict=True), strict=True)),
            },
            f"{k}.csv",
        )
        for k, part in enumerate(parts)
    ]
    loaded = tables(*files)["tickets"]
    of_files = {"column_missing", "date_format"}  # what is said of a file, not of its rows
    counted = {key: rows for key, rows in codes(loaded).items() if key[0] not in of_files}
    totals = [
        sum(getattr(source, name) for source in loaded.sources) for name in ("rows", "used", "set_aside")
    ]
    return sorted(loaded.frame.select(sorted(loaded.frame.columns)).rows(), key=repr), counted, totals


@settings(max_examples=20)
@given(ROWS, st.integers(1, 24), st.data())
def test_neither_order_nor_files_nor_names_matter(
    rows: list[tuple[Any, ...]], cut: int, data: st.DataObject
) -> None:
    """Nor does it to give a file twice."""
    rows = [
        ("lead", "open", "2026-03-05 11:00:00", "E-mail"),
        *rows,
        ("tail", "open", "2026-03-05 12:00:00", "Phone"),
    ]
    plain = canonical(rows)
    assert canonical(data.draw(st.permutations(rows))) == plain
    assert canonical(rows, headers=("Номер заявки", "Статус", "Дата решения", "Канал")) == plain
    assert canonical(rows, min(cut, len(rows) - 1)) == plain
    table, _, (read, used, _) = plain
    again, _, (read_again, used_again, _) = canonical([*rows, *rows], len(rows))
    assert (again, used_again, read_again) == (table, used, 2 * read)


def test_columns_some_files_lack_are_told() -> None:
    one = text_frame({"ticket_id": ["1"], "created_at": ["2026-01-01"], "team": ["A"]}, "a.csv")
    two = text_frame({"ticket_id": ["2"], "created_at": ["2026-01-01"]}, "b.csv")
    loaded = tables(one, two)["tickets"]
    assert column(loaded, "team") == ["A", None]
    assert codes(loaded) == {("column_missing", "team"): 1}


def test_sources_say_where_each_field_comes_from() -> None:
    loaded = tickets({"Статус": ["open"]})
    assert loaded.sources == [
        Source(
            "export.csv",
            "tickets",
            "generic",
            1,
            1,
            columns={"ticket_id": "ticket_id", "created_at": "created_at", "status": "Статус"},
        )
    ]


def test_types_are_canonical() -> None:
    loaded = tickets(
        {
            "status": ["open"],
            "subject": ["x"],
            "replies": ["1"],
            "cost": ["1"],
            "is_test": ["no"],
            "frt_min": ["1"],
        }
    )
    kinds = {
        "ticket_id": pl.UInt64(), "created_at": pl.Datetime("us", "UTC"), "status": pl.Categorical(), "subject": pl.String(),
        "reply_count": pl.Int64(), "cost": pl.Float64(), "is_test": pl.Boolean(), "first_response_seconds": pl.Float64(),
    }  # fmt: skip
    assert {name: loaded.frame.schema[name] for name in kinds} == kinds


def test_numbers_in_notices_are_written_as_the_language_does() -> None:
    remark = Remark("x", Phrase("{rows}, line {line}", {"rows": 12345, "line": 12345}))
    for code, rows in (("en", "12,345"), ("ru", "12\N{NO-BREAK SPACE}345")):
        assert rows in say("excluded.duplicate", Language(code), rows=12345)
        assert told(remark, Language(code)).message == f"{rows}, line 12345"


def test_a_status_counts_where_the_kind_of_status_is_empty() -> None:
    loaded = tickets({"Status": ["Closed", "With the vendor"], "Status category": [None, "Done"]})
    assert column(loaded, "status") == ["closed", "solved"]

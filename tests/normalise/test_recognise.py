"""Which table a file is, and the message where it is none."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from cx_kpi.model.errors import InputProblem
from cx_kpi.model.options import Column, Config, Options, Question, TableConfig
from cx_kpi.model.schema import TABLES
from cx_kpi.normalise.choice.recognise import recognise
from cx_kpi.normalise.mapping.available import tables_available
from cx_kpi.normalise.preset.presets import generic, presets
from cx_kpi.normalise.vocabulary.dictionaries import meanings, shared_letters
from cx_kpi.normalise.vocabulary.headers import Headers, read_header, snake, squash
from cx_kpi.normalise.vocabulary.zones import sounds_zone, zone_named

from .frames import tables, text_frame


def table_of(
    headers: str | list[str], config: Config | None = None, **given: Any
) -> tuple[str, dict[str, str]]:
    names = headers.split(",") if isinstance(headers, str) else headers
    found = recognise(
        [text_frame({name: ["1"] for name in names})], Options(config=config or Config()), given
    )
    (mapped,) = found.mapped
    return mapped.table, {name: rule.header for name, rule in mapped.fields.items()}


@pytest.mark.parametrize(
    ("headers", "table"),
    [
        ("ticket_id,created_at", "tickets"),
        ("Request_ID,Type,Response_Time_Hours,Cost,Department,Status,Date_Submitted", "tickets"),
        ("№ заявки,Дата создания,Дата закрытия,Статус,Исполнитель", "tickets"),
        ("Ticket Id,Created Time (Ticket),Status (Ticket)", "tickets"),
        ("response_id,kind,score,responded_at", "surveys"),
        ("Customer ID,NPS,Date", "surveys"),
        ("Дата,Оценка,Номер заявки", "surveys"),
        ("customerID,gender,tenure,Churn", "customers"),
        ("customer_id,started_at,ended_at", "customers"),
        ("customer_id,ordered_at,amount", "orders"),
        ("Клиент,Дата заказа,Сумма", "orders"),
        ("period_start,period_end,start_count,end_count,new_count", "customer_counts"),
        ("call_id,queued_at,answered_at,ended_at", "calls"),
    ],
)
def test_a_file_is_the_table_whose_words_it_uses(headers: str, table: str) -> None:
    assert table_of(headers)[0] == table


@given(st.data())
def test_any_spelling_of_an_alias_is_the_field(data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(sorted(TABLES)))
    words = generic().tables[table]
    field = data.draw(st.sampled_from(sorted(words)))
    alias = data.draw(st.sampled_from(words[field]))
    dress = data.draw(
        st.sampled_from(
            [str.upper, str.title, str.lower, lambda text: text.replace(" ", "_"), lambda text: f" {text} "]
        )
    )
    found = Headers((dress(alias),)).find(words[field])
    assert found is not None
    assert found.text == dress(alias)


def test_a_header_is_there_where_it_is_found() -> None:
    """Also one whose brackets say more, or a unit."""
    there = ("Created at", "created_at", "Created at (local)", "Created at (min)")
    for text in (*there, "Created", "Created on", "Время создания"):
        headers = Headers((text,))
        assert headers.has("Created At") == (headers.find(["Created At"]) is not None) == (text in there)


def test_every_field_of_every_table_has_words() -> None:
    assert {name: set(words) for name, words in generic().tables.items()} == {
        name: set(table.fields) for name, table in TABLES.items()
    }


def test_headers_say_units_and_zones() -> None:
    header = read_header("Conversation started at (America/New_York)")
    assert (header.zone, header.unit) == ("America/New_York", None)
    assert read_header("First response time (in hrs)").unit == 3600
    assert read_header("Created (UTC)").zone == "UTC"
    assert read_header("Days to resolve").unit == 86400
    assert read_header("Number of hours until first response").keys[-1] == "timeuntilfirstresponse"
    assert read_header("Tage bis zur Lösung").keys[-1] == "zeitbiszurlosung"
    assert read_header("Reply to customer").unit is None
    assert read_header("Priority (Ticket)").zone is None
    assert read_header("Hours").unit is None


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("UTC+3", "Etc/GMT-3"), ("UTC+03:00", "Etc/GMT-3"), ("GMT−5", "Etc/GMT+5"), ("+05:30", "Asia/Kolkata"), ("UTC +0545", "Asia/Kathmandu"),
        ("utc", "UTC"), ("UTC±0", "UTC"), ("МСК", "Europe/Moscow"), ("мск+2", "Etc/GMT-5"), ("по московскому времени", "Europe/Moscow"),
        ("MEZ", "CET"), ("MESZ", "Etc/GMT-2"), ("EDT", "Etc/GMT+4"), ("Eastern Time", "America/New_York"), ("Zeitzone: Europe/Berlin", "Europe/Berlin"),
        ("UTC+03:00, Moscow", "Etc/GMT-3"), ("hora de Brasília", "America/Sao_Paulo"), ("UTC+25", None), ("UTC+3:30", None), ("est", None), ("est.", None),
        ("1-5", None), ("0-10", None), ("2026-01-05", None), ("time", None), ("XYT", None), ("local time", None),
    ],
)  # fmt: skip
def test_words_of_a_header_name_a_zone(words: str, zone: str | None) -> None:
    assert zone_named(words) == zone
    assert read_header(f"Created ({words})").zone == zone


@pytest.mark.parametrize(
    "words", ["UTC+25", "UTC+3:30", "XYT", "local time", "Mars/Base", "офисное время", "TZ"]
)
def test_words_that_sound_like_a_zone(words: str) -> None:
    assert sounds_zone(words)


@pytest.mark.parametrize(
    "words", ["est.", "days", "SLA", "date and time", "time", "DD.MM.YYYY", "first response time", "1-5", ""]
)
def test_words_that_do_not_sound_like_a_zone(words: str) -> None:
    assert not sounds_zone(words)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Agency Name", "agency_name"),
        ("storeID", "store_id"),
        ("Тип клиента", "тип_клиента"),
        ("X Coordinate (State)", "x_coordinate_state"),
    ],
)
def test_dimensions_have_names_to_type(header: str, name: str) -> None:
    assert snake(header) == name
    found = recognise(
        [text_frame({"ticket_id": ["1"], "created_at": ["2026-01-01"], header: ["x"]})], Options(), {}
    )
    assert {found.mapped[0].dimensions[name], found.mapped[0].dimensions[header]} == {header}


def test_keys_ignore_all_but_letters_and_digits() -> None:
    assert squash("Created at") == squash("created_at") == squash("CreatedAt") == squash("[Created-At]")


def test_a_header_may_serve_two_fields() -> None:
    config = Config(tickets=TableConfig(columns={"category": "Type", "type": "Type"}))
    assert table_of("ticket_id,created_at,Type", config)[1]["category"] == "Type"


def test_the_configuration_beats_every_word() -> None:
    config = Config(
        tickets=TableConfig(
            columns={"created_at": ["Absent", "When"], "ticket_id": "Key", "team": Column("created_at")}
        )
    )
    assert table_of("Key,When,created_at,ticket_id", config) == (
        "tickets",
        {"ticket_id": "Key", "created_at": "When", "team": "created_at"},
    )


def test_an_explicit_table_beats_recognition() -> None:
    headers = "customer_id,ordered_at,amount,started_at"
    assert table_of(headers)[0] == "orders"
    assert table_of(headers, **{"export.csv": "customers"})[0] == "customers"


def test_a_mapped_length_of_time_beats_a_date_the_words_find() -> None:
    config = Config(tickets=TableConfig(columns={"resolution_seconds": "Minutes"}))
    assert "solved_at" not in table_of("ticket_id,created_at,solved_at,Minutes", config)[1]


def test_a_length_of_time_that_holds_dates_is_a_date() -> None:
    cells = {
        "ticket_id": ["1"],
        "created_at": ["2026-01-01 10:00"],
        "First Response Time": ["2026-01-01 11:00"],
    }
    loaded = tables(text_frame(cells))["tickets"]
    assert loaded.frame["first_response_seconds"].to_list() == [3600]


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ("RespondentID,Gender,Age", ["no column holds a score"]),
        (
            "Agent name,Avg first response time,Avg resolution time",
            ["totals or averages without ids", "one row per ticket"],
        ),
        (
            "Ticket ID,Status,Opened when",
            ["no column for created_at", "perhaps", "Opened when", "cxkpi.toml"],
        ),
        ("id,x", ["not a table we know by its columns: id, x", "[tickets.columns] ticket_id ="]),
        ("a,b,c", ["columns found: a, b, c"]),
    ],
)
def test_a_refusal_says_what_is_missing_and_what_to_do(headers: str, words: list[str]) -> None:
    with pytest.raises(InputProblem) as problem:
        table_of(headers)
    message = str(problem.value)
    assert message.startswith("export.csv: ")
    assert "\n" not in message
    assert [word for word in words if word not in message] == []


TOTALS = {
    "by agent": {"Agent": ["Ann", "Bob"], "Tickets": ["120", "80"], "CSAT %": ["95", "90"]},
    "by day": {"Date": ["2026-01-05", "2026-01-06"], "CSAT": ["4.5", "4.1"], "Responses": ["20", "30"]},
    "of tickets": {
        "Created": ["2026-01-05", "2026-01-06"],
        "Tickets": ["120", "110"],
        "Channel": ["web", "web"],
    },
    "of calls": {
        "Start time": ["2026-01-05 09:00"],
        "Queue": ["Sales"],
        "Offered": ["20"],
        "Abandon %": ["10"],
    },
    "in Russian": {"Дата": ["05.01.2026"], "Оценка": ["4.5"], "Количество ответов": ["20"]},
}


@pytest.mark.parametrize("cells", TOTALS.values(), ids=TOTALS)
def test_totals_are_refused_however_much_they_look_like_rows(cells: dict[str, list[str]]) -> None:
    with pytest.raises(InputProblem, match=r"totals or averages without ids.*one row per"):
        tables(text_frame(cells))


def test_what_is_said_to_be_answers_is_answers() -> None:
    assert (
        tables(text_frame(TOTALS["by day"]), explicit={"export.csv": "surveys"})["surveys"].frame.height == 2
    )
    anonymous = {"Date": ["2026-01-05"], "NPS": ["9"], "Why?": ["-"]}
    assert tables(text_frame(anonymous))["surveys"].frame.height == 1


def test_a_refusal_lists_twelve_headers_at_most() -> None:
    with pytest.raises(InputProblem, match="c11 and 28 more"):
        table_of([f"c{k}" for k in range(40)])


def test_an_explicit_file_has_to_have_what_the_table_needs() -> None:
    with pytest.raises(InputProblem, match="no column for created_at"):
        table_of("ticket_id,status", **{"export.csv": "tickets"})


def test_a_mapped_column_has_to_be_there() -> None:
    config = Config(tickets=TableConfig(columns={"team": "Agensy"}))
    with pytest.raises(InputProblem, match="did you mean Agency"):
        table_of("ticket_id,created_at,Agency", config)


def test_strangers_in_a_folder_are_left_out_aloud_and_named_ones_refused(tmp_path: Path) -> None:
    ours = text_frame({"ticket_id": ["1"], "created_at": ["2026-01-01"]}, str(tmp_path / "a.csv"))
    stranger = text_frame({"x": ["1"], "y": ["1"]}, str(tmp_path / "b.csv"))
    found = recognise([ours, stranger], Options(paths=(str(tmp_path),)), {})
    assert [each.source.path for each in found.mapped] == [ours.path]
    assert [(each.code, each.example) for each in found.notices] == [("not_recognised", stranger.path)]
    with pytest.raises(InputProblem):
        recognise([ours, stranger], Options(paths=(ours.path, stranger.path)), {})
    with pytest.raises(InputProblem):
        recognise([stranger], Options(paths=(str(tmp_path),)), {})


def test_questions_make_a_file_a_survey() -> None:
    config = Config(surveys=TableConfig(questions=[Question("q1", "nps"), Question("q2", "csat")]))
    found = recognise([text_frame({"id": ["1"], "Q1": ["9"], "q2": ["4"]})], Options(config=config), {})
    assert found.mapped[0].table == "surveys"
    assert {"kind", "score"} <= found.mapped[0].available


def test_ticket_ratings_are_surveys() -> None:
    cells = {"ticket_id": ["1"], "created_at": ["2026-01-01"], "satisfaction_score": ["5"], "agent": ["A"]}
    have = tables_available(recognise([text_frame(cells)], Options(), {}).mapped)
    assert {"kind", "score", "agent"} <= have["surveys"]


def test_presets_are_told_by_their_signature() -> None:
    for preset in presets():
        for marks in preset.signature:
            headers = [
                *marks,
                *(
                    column
                    for each in preset.columns.values()
                    for column in [each.column]
                    if isinstance(column, str)
                ),
            ]
            best = max(presets(), key=lambda other: other.marks(Headers(tuple(headers))))
            assert best.marks(Headers(tuple(headers))) >= len(marks)
            assert preset.grade
            assert preset.source
            assert set(preset.columns) <= set(TABLES[preset.table].fields)


def test_columns_a_preset_warns_of_are_not_read_as_waits() -> None:
    headers = "Issue key,Issue Type,Created,Resolved,Time to first response,Custom field (Time to resolution)"
    table, fields = table_of(headers)
    assert table == "tickets"
    assert not {"first_response_seconds", "resolution_seconds"} & set(fields)


def test_a_filled_date_of_reopening_is_one_reopening() -> None:
    """A column of dates, not of counts."""
    columns = {
        "Ticket ID": ["1", "2"],
        "Created": ["2026-01-05", "2026-01-06"],
        "Reopen_Time": ["2026-01-07", None],
    }
    assert tables(text_frame(columns))["tickets"].frame["reopen_count"].to_list() == [1, 0]


@given(st.sampled_from([*meanings("disposition"), *meanings("status")]), st.data())
def test_no_more_letters_stay_than_two_words_share(word: str, data: st.DataObject) -> None:
    letters = st.sampled_from(sorted({*word, "x", "é", " "}))
    place = data.draw(st.integers(0, len(word)))
    other = (
        word[:place] + data.draw(st.text(letters, max_size=3)) + word[place + data.draw(st.integers(0, 2)) :]
    )
    most, shared = max(len(word), len(other)), shared_letters(word, other)
    assert most - shared <= OSA.distance(word, other)
    assert 200 * shared >= fuzz.ratio(word, other) * (len(word) + len(other)) - 1e-6

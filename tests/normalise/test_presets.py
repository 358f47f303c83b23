"""The sample export of each product is read whole, and without a warning."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from cx_kpi.model.assets import folder
from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.options import Config, Options
from cx_kpi.model.values import Level
from cx_kpi.normalise.choice.recognise import recognise
from cx_kpi.normalise.config.config_checks import problems
from cx_kpi.normalise.preset import presets
from cx_kpi.read.open import open_all

from .frames import codes, tables, text_frame

PRODUCTS = ("freshdesk", "generic_ru", "intercom", "jira", "zendesk")
SAMPLES = {name: folder("sample_data") / "presets" / f"{name}.csv" for name in PRODUCTS}
WAITS = {"first_response_seconds", "resolution_seconds", "solved_at", "is_solved"}


@pytest.mark.parametrize("product", sorted(SAMPLES))
def test_a_sample_export_is_read_whole(product: str) -> None:
    files = open_all([str(SAMPLES[product])])
    (mapped,) = recognise(files, Options(), {}).mapped
    assert mapped.preset == ("generic" if product.startswith("generic") else product)
    loaded = tables(*files)
    assert [told for told in loaded["tickets"].notices if told.level is Level.WARNING] == []
    (source,) = loaded["tickets"].sources
    assert source.used == source.rows > 0
    assert loaded["tickets"].fields >= WAITS
    frame = loaded["tickets"].frame
    assert frame["first_response_seconds"].null_count() < frame.height / 5
    assert loaded["surveys"].frame["score"].count() > 0


def test_zendesk_minutes_and_hold() -> None:
    cells = {
        "Summation column": ["1"],
        "Id": ["7"],
        "Created at": ["2026-03-02 10:00:00"],
        "Status": ["Hold"],
    }
    cells |= {
        "First reply time in minutes": ["90"],
        "Full resolution time in minutes": ["30"],
        "Resolution time": ["1"],
    }
    frame = tables(text_frame(cells))["tickets"].frame
    assert frame.select("first_response_seconds", "status").row(0) == (5400, "on_hold")


def test_freshdesk_prefers_dates_to_business_hours() -> None:
    cells = {
        "Ticket ID": ["7"],
        "Created time": ["2026-03-02 10:00:00"],
        "Due by Time": ["2026-03-09 10:00:00"],
    }
    cells |= {"First response time (in hrs)": ["00:30:00"], "Resolution time (in hrs)": ["-01:00:00"]}
    alone = tables(text_frame(cells))["tickets"]
    assert alone.frame["first_response_seconds"].to_list() == [1800]
    assert ("business_hours", "first_response_seconds") in codes(alone)
    dated = tables(
        text_frame({**cells, "Initial response time": ["2026-03-02 14:00:00"], "Resolved time": [None]})
    )["tickets"]
    assert dated.frame["first_response_seconds"].to_list() == [4 * 3600]
    assert not dated.notices


def test_intercom_reads_in_the_zone_of_its_headers() -> None:
    cells = {"Conversation ID": ["7"], "Conversation started at (America/New_York)": ["2026-07-01 08:00:00"]}
    frame = tables(text_frame({**cells, "First response time (seconds)": ["5"]}), timezone="Europe/Moscow")[
        "tickets"
    ].frame
    assert frame["created_at"].to_list() == [datetime(2026, 7, 1, 12, tzinfo=UTC)]


def test_jira_takes_the_date_of_the_first_response_and_no_time_remaining() -> None:
    cells = {"Summary": ["x"], "Issue key": ["A-1"], "Issue Type": ["Bug"], "Created": ["28/Nov/25 5:03 PM"]}
    cells |= {
        "Custom field ([CHART] Date of First Response)": ["2025-11-28 18:03:00.154"],
        "Resolved": [None],
    }
    frame = tables(text_frame({**cells, "Custom field (Time to first response)": ["2:18"]}))["tickets"].frame
    assert frame["first_response_seconds"].to_list() == [pytest.approx(3600.154)]
    spanish = {"Clave de incidencia": ["A-1"], "Creada": ["18/jul/26 9:10 AM"], "Estado": ["Listo"]}
    loaded = tables(text_frame(spanish))["tickets"]
    assert loaded.frame["created_at"].to_list() == [datetime(2026, 7, 18, 9, 10, tzinfo=UTC)]
    assert loaded.frame["is_solved"].to_list() == [True]


ALL = sorted(presets.PRESETS.glob("*.toml"))
SHARED = ("columns", "values", "questions")  # what a preset and a configuration say alike


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_a_configuration_could_say_the_same(path: Path) -> None:
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    if path.stem == presets.GENERIC:
        tables = {name: {"columns": said[name]} for name in said.keys() - {"kinds", "present"}}
    else:
        tables = {said["table"]: {key: said[key] for key in SHARED if key in said}}
        tables |= {"ticket_events": {"columns": said["events"]}} if "events" in said else {}
    assert list(problems(TypeAdapter(Config).validate_python(tables))) == []


PRESET = """
title = "Example"
grade = "C"
source = "nobody"
table = "tickets"
signature = [["Example id"]]
"""
SLIPS = [
    (
        '[values.satisfaction_score]\n"Not good" = "bad"',
        "tickets.values.satisfaction_score.Not good: has to be",
    ),
    (
        '[values.status]\n"In Arbeit" = "opne"',
        "tickets.values.status.In Arbeit: no word opne; did you mean open?",
    ),
    ('[values.is_deleted]\n"да" = "yes"', "tickets.values.is_deleted.да: has to be true or false"),
    ('[values.reopen_count]\n"dos" = "2"', "tickets.values.reopen_count.dos: has to be a number"),
    ('[columns]\nstatsu = "Status"', "tickets.columns.statsu: no such field; did you mean status"),
    ('[columns]\nwait_seconds = { column = "a", unit = "weeks" }', "no such field"),
    (
        '[columns]\nresolution_seconds = { column = "a", unit = "fortnights" }',
        "resolution_seconds.unit: no unit fortnights",
    ),
    ('[columns]\ncreated_at = { column = "a", zone = "Moscow" }', "created_at.zone: no time zone Moscow"),
    ('[columns]\ncreated_at = { colunm = "a" }', "colunm"),
    ('[[questions]]\ncolumn = "q"\nkind = "csta"', "only surveys have questions"),
    ('[events]\nhappened = "At"', "ticket_events.columns.happened: no such field"),
    ('tabel = "tickets"', "tabel"),
    ("[fold]\norder = 'At'", "by"),
]


@pytest.mark.parametrize(("slip", "said"), SLIPS)
def test_a_slip_in_a_preset_is_told(slip: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "example.toml"
    file.write_text(PRESET, encoding="utf-8")
    assert presets.read_preset(str(file)).name == "example"
    file.write_text(PRESET + slip, encoding="utf-8")
    with pytest.raises(UsageProblem, match=r"^preset example: ") as problem:
        presets.read_preset(str(file))
    assert said in str(problem.value)


def test_ours_have_no_slip() -> None:
    for each in presets.presets():
        assert presets.checked(each) is each


def test_a_preset_of_no_table_is_told(tmp_path: Path) -> None:
    file = tmp_path / "example.toml"
    file.write_text(PRESET.replace("tickets", "tikets"), encoding="utf-8")
    with pytest.raises(UsageProblem, match=r"preset example: table: no table tikets; did you mean tickets"):
        presets.read_preset(str(file))

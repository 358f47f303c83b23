"""The sample export of each product is read whole, and without a warning."""

from datetime import UTC, datetime

import pytest
from cx_kpi.normalise.choice.recognise import recognise

from cx_kpi.model.assets import folder
from cx_kpi.model.options import Options
from cx_kpi.model.values import Level
from cx_kpi.read import open_all

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

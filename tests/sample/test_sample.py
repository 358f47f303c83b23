"""The sample data is what the generator writes, uses our vocabulary, and shows its story."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from cx_kpi.api import make_report
from cx_kpi.model.options import Options
from cx_kpi.model.schema import TABLES, TICKETS

from .generate import SAMPLE_DATA, write
from .world import END, MONTHS, START

pytestmark = pytest.mark.usefixtures("kept_runs")

_BY_HAND = {"README.md", "cxkpi.toml", "benchmarks_example.toml"}
_DIMENSIONS = {"region", "age_group"}


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _rows(table: str) -> list[dict[str, str]]:
    with (SAMPLE_DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_same_bytes(tmp_path: Path) -> None:
    write(tmp_path)
    kept = {name: content for name, content in _files(SAMPLE_DATA).items() if name not in _BY_HAND}
    written = _files(tmp_path)
    assert all(name.startswith("presets/") for name in kept.keys() - written.keys())
    assert written.keys() <= kept.keys()
    assert [name for name in written if written[name] != kept[name]] == []


def test_small() -> None:
    assert sum(len(content) for content in _files(SAMPLE_DATA).values()) < 3_500_000


@pytest.mark.parametrize("table", TABLES)
def test_canonical_headers(table: str) -> None:
    header = set(_rows(table)[0])
    assert header - _DIMENSIONS <= TABLES[table].fields.keys()
    assert set(TABLES[table].required) <= header


def test_counts_follow_from_customers() -> None:
    people = [(row["started_at"], row["ended_at"] or "9999") for row in _rows("customers")]
    for row in _rows("customer_counts"):
        start, end = row["period_start"], row["period_end"]
        assert int(row["start_count"]) == sum(came < start <= left for came, left in people)
        assert int(row["new_count"]) == sum(start <= came < end for came, _ in people)
        assert int(row["lost_count"]) == sum(start <= left < end for _, left in people)
        change = int(row["new_count"]) - int(row["lost_count"])
        assert int(row["end_count"]) == int(row["start_count"]) + change


def test_links_lead_somewhere() -> None:
    tickets = {row["ticket_id"] for row in _rows("tickets")}
    people = {row["customer_id"] for row in _rows("customers")}
    assert {row["ticket_id"] for row in _rows("ticket_events")} <= tickets
    for table in ("tickets", "surveys", "calls", "orders"):
        rows = _rows(table)
        assert {row["customer_id"] for row in rows} - {""} <= people
        for link in ("ticket_id", "parent_ticket_id", "merged_into"):
            assert {row.get(link, "") for row in rows} - {""} <= tickets


def test_events_tell_what_the_tickets_say() -> None:
    """No column is restated, and the backlog alone is known better: reopened tickets were solved for a while."""
    files = tuple(str(SAMPLE_DATA / f"{name}.csv") for name in ("tickets", "ticket_events"))
    alone, told = (make_report(Options(paths)) for paths in (files[:1], files))
    assert "restated" not in {each.code for each in told.notices}
    for name, reading in alone.metrics.items():
        found = told.metrics[name]
        assert (found.value, found.n) == (reading.value, reading.n), name
    assert told.metrics["backlog"].details["flow"]["reopened"] > 0


def test_dirt_is_there_and_rare() -> None:
    rows = _rows("tickets")
    seen = Counter(
        reason
        for row in rows
        for reason, bad in {
            "flagged": "1" in (row["is_spam"], row["is_deleted"], row["is_test"]),
            "merged": bool(row["merged_into"]),
            "sentinel": row["solved_at"].startswith("1900"),
            "backwards": row["solved_at"][:4] > "1900" and row["solved_at"] < row["created_at"],
            "status": row["status"] not in TICKETS.words["status"],
        }.items()
        if bad
    )
    seen["repeated"] = len(rows) - len({row["ticket_id"] for row in rows})
    assert not {"flagged", "merged", "sentinel", "backwards", "status", "repeated"} - seen.keys()
    assert 20 <= seen.total() <= 40


def test_eighteen_months_and_a_bad_one() -> None:
    rows = _rows("tickets")
    assert str(START) <= min(row["created_at"] for row in rows)
    assert max(row["created_at"] for row in rows) < str(END)
    volume = Counter(row["created_at"][:7] for row in rows)
    assert len(volume) == len(MONTHS) == 18
    assert volume.most_common(1)[0][0] == "2026-01"
    assert volume["2026-01"] > 1.6 * volume["2025-11"]

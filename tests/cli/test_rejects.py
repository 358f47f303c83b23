"""Rows set aside: every one is written with its place and reason, and can be bounded."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cx_kpi.model.errors import Exit

from .conftest import HEADERS, Cxkpi, ticket, tickets

DAMAGE = {
    "short": "900,2026-01-05 09:00:00,solved",
    "long": f"{ticket(901)},more,cells",
    "quote": '902,2026-01-05 09:00:00,so"lved,email,,',
}
UNCOUNTED = {
    "incomplete": "903,,solved,email,,",
    "duplicate": ticket(7),
    "spam": "905,2026-01-05 09:00:00,spam,email,,",
}


def export(*rows: str) -> list[str]:
    """A file with these among its rows; the lines of it."""
    lines = tickets(20).splitlines()
    lines[11:11] = rows
    Path("tickets.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return lines


def read(path: str = "rejects.csv") -> list[dict[str, str]]:
    """The rows of the file written."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_set_aside_is_written_once_with_its_line(cxkpi: Cxkpi) -> None:
    lines = export(*DAMAGE.values())
    ran = cxkpi("report", "tickets.csv", "-f", "json", "--rejects", "rejects.csv")
    assert (ran.code, ran.err) == (Exit.DONE, "")
    (source,) = json.loads(ran.out)["sources"]
    rows = read()
    assert source["rows"] == source["used"] + source["set_aside"] == len(lines) - 1
    assert [row["line"] for row in rows] == ["12", "13", "14"]
    assert {row["file"] for row in rows} == {"tickets.csv"}
    assert all(row["reason"] and row["table"] == "tickets" for row in rows)


@pytest.mark.parametrize("reason", UNCOUNTED)
def test_a_row_that_does_not_count_has_its_line_and_id(reason: str, cxkpi: Cxkpi) -> None:
    lines = export(UNCOUNTED[reason])
    cxkpi("report", "tickets.csv", "--quiet", "--rejects", "rejects.csv")
    (row,) = read()
    assert lines[int(row["line"]) - 1].startswith(f"{row['id']},")
    assert int(row["row"]) == int(row["line"]) - 1
    assert row["id"] in (UNCOUNTED[reason].split(",")[0], "7")


def test_lines_count_the_line_ends_inside_cells(cxkpi: Cxkpi) -> None:
    text = f"{HEADERS},comment\n" + "".join(f'{ticket(k)},"one\ntwo"\n' for k in range(6))
    Path("tickets.csv").write_text(text + "8,,solved,email,,,x\n", encoding="utf-8")
    cxkpi("report", "tickets.csv", "--quiet", "--rejects", "rejects.csv")
    assert [(row["line"], row["row"], row["id"]) for row in read()] == [("14", "7", "8")]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*DAMAGE.values(), *UNCOUNTED.values()]), max_size=6, unique=True))
def test_rows_read_set_aside_and_filtered_are_the_rows_of_the_file(cxkpi: Cxkpi, rows: list[str]) -> None:
    lines = export(*rows)
    where = ("--where", "channel = 'email'")
    ran = cxkpi("report", "tickets.csv", "-f", "json", "--rejects", "rejects.csv", *where)
    (source,) = json.loads(ran.out)["sources"]
    assert source["rows"] == source["used"] + source["set_aside"] + source["filtered"] == len(lines) - 1
    assert len(read()) == source["set_aside"]
    assert source["filtered"] > 0


def test_content_is_shown_only_when_asked_for(cxkpi: Cxkpi) -> None:
    export("=cmd(),,solved,email,,", *DAMAGE.values())
    cxkpi("report", "tickets.csv", "--quiet", "--rejects", "rejects.csv")
    plain = Path("rejects.csv").read_text(encoding="utf-8")
    assert "content" not in plain
    assert 'so"lved' not in plain
    cxkpi("report", "tickets.csv", "--quiet", "--rejects", "rejects.csv", "--show-values")
    *damaged, last = (row["content"] for row in read())
    assert [text.replace("'", "") for text in damaged] == list(DAMAGE.values())
    assert last.startswith("'=cmd()")
    assert "'=cmd()" in {row["id"] for row in read()}


def test_strict_takes_no_damage(cxkpi: Cxkpi) -> None:
    export(DAMAGE["short"])
    ran = cxkpi("report", "tickets.csv", "-o", "report.json", "--strict")
    assert (ran.code, ran.out) == (Exit.INPUT, "")
    assert ran.err.startswith("cxkpi: error: tickets.csv:12: 3 cells instead of 6")
    assert ran.err.count("\n") == 1
    assert not Path("report.json").exists()


def test_strict_takes_rows_that_are_set_aside_on_purpose(cxkpi: Cxkpi) -> None:
    export(UNCOUNTED["spam"], UNCOUNTED["duplicate"])
    assert cxkpi("report", "tickets.csv", "--quiet", "--strict").code == Exit.DONE
    export(UNCOUNTED["incomplete"])
    assert cxkpi("report", "tickets.csv", "--quiet", "--strict").code == Exit.INPUT


@pytest.mark.parametrize(
    ("bound", "code"),
    [("3", 0), ("2", 3), ("0", 3), ("13.1%", 0), ("13%", 3), ("12,9 %", 3), ("100%", 0), ("0%", 3)],
)
def test_rejects_are_bounded_by_number_or_share(bound: str, code: int, cxkpi: Cxkpi) -> None:
    export(*DAMAGE.values())
    ran = cxkpi("report", "tickets.csv", "-o", "report.json", "--max-rejects", bound, "--rejects", "r.csv")
    assert ran.code == code
    assert Path("report.json").exists() == (code == 0)
    assert len(read("r.csv")) == 3
    assert ("3 of 23 rows set aside" in ran.err) == bool(code)


@pytest.mark.parametrize("bound", ["many", "-1", "1.5", "5 rows", "%"])
def test_a_bound_is_a_number_or_a_share(bound: str, cxkpi: Cxkpi) -> None:
    ran = cxkpi("report", "tickets.csv", f"--max-rejects={bound}")
    assert (ran.code, ran.out) == (Exit.USAGE, "")


@pytest.mark.parametrize("path", ["tickets.csv", ".", "no/such/rejects.csv"])
def test_rejects_are_never_written_over_the_input_or_nowhere(path: str, cxkpi: Cxkpi) -> None:
    before = Path("tickets.csv").read_bytes()
    assert cxkpi("report", "tickets.csv", "--rejects", path).code == Exit.OUTPUT
    assert Path("tickets.csv").read_bytes() == before


def test_an_event_log_is_folded_without_rejects(cxkpi: Cxkpi) -> None:
    from cx_kpi.model.assets import folder

    log = str(folder("sample_data") / "presets" / "servicenow_events.csv")
    ran = cxkpi("check", log, "-f", "json", "--max-rejects", "0", "--rejects", "rejects.csv")
    (file,) = json.loads(ran.out)["files"]
    assert (ran.code, read()) == (Exit.DONE, [])
    assert file["set_aside"]["apart"] == file["rows"] - file["used"] > 0


@pytest.mark.parametrize(
    ("same", "undated", "advice"),
    [(20, 30, "check the file"), (30, 20, 'check whether "ticket_id" is the id of its rows')],
)
def test_a_file_of_bad_rows_says_what_to_look_at(same: int, undated: int, advice: str, cxkpi: Cxkpi) -> None:
    days = [f"2026-01-{1 + k % 28:02} 09:00" for k in range(60)]
    lines = [f"{k},{day}" for k, day in enumerate(days[:8])]
    lines += [f"900,{day[:-2]}{k % 60:02}" for k, day in enumerate(days[: same + 1])]
    lines += [f"{1000 + k},soon" for k in range(undated)]
    Path("tickets.csv").write_text("\n".join(["ticket_id,created_at", *lines]), encoding="utf-8")
    assert advice in cxkpi("report", "tickets.csv").err

"""The check of the data: rows that add up, fields counted, problems found, and the metrics they move."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cx_kpi.judge.quality.quality_effects import EFFECTS
from cx_kpi.judge.quality.suspicions import MESSAGES as SUSPICIONS
from cx_kpi.metrics.registry import PUBLIC
from cx_kpi.model.assets import folder
from cx_kpi.model.errors import Exit
from cx_kpi.model.options import Config
from cx_kpi.normalise.vocabulary.notice_messages import MESSAGES

from .conftest import HEADERS, Cxkpi, ticket, tickets

SAMPLE = str(folder("sample_data"))
WHOLE = 60  # tickets of the desk


def checked(cxkpi: Cxkpi, *arguments: str) -> dict[str, Any]:
    """The check of `tickets.csv`, or of what is named, as data."""
    ran = cxkpi("check", *(arguments or ("tickets.csv",)), "-f", "json")
    assert (ran.code, ran.err) == (Exit.DONE, "")
    found: dict[str, Any] = json.loads(ran.out)
    return found


def problems(check: dict[str, Any]) -> dict[tuple[str, str | None], dict[str, Any]]:
    """By code and field."""
    return {(each["code"], each["field"]): each for each in check["problems"]}


def edited(column: str, cells: list[str]) -> None:
    """The desk with these in the first cells of a column."""
    rows = [line.split(",") for line in tickets().splitlines()]
    place = HEADERS.split(",").index(column)
    for row, cell in zip(rows[1:], cells, strict=False):
        row[place] = cell
    Path("tickets.csv").write_text("\n".join(map(",".join, rows)) + "\n", encoding="utf-8")


def surveys(scores: list[int], count: int = 60) -> None:
    """A survey of these scores, again and again."""
    rows = [f"{k},nps,{scores[k % len(scores)]},2026-01-{k % 28 + 1:02} 10:{k % 60:02}" for k in range(count)]
    Path("surveys.csv").write_text("\n".join(["id,kind,score,responded_at", *rows]) + "\n", encoding="utf-8")


def test_a_clean_file_has_no_problem(cxkpi: Cxkpi) -> None:
    rows = [ticket(k).replace("solved", "open").rpartition(",")[0] + "," for k in (3, 58, 59)]
    Path("tickets.csv").write_text(tickets(58) + "\n".join(rows[1:]) + "\n", encoding="utf-8")
    check = checked(cxkpi)
    (file,) = check["files"]
    assert check["problems"] == []
    assert (file["rows"], file["used"], file["set_aside"]) == (WHOLE, WHOLE, {})
    assert (file["encoding"], file["separator"], file["preset"]) == ("UTF-8", ",", "generic")
    assert {each["field"]: each["header"] for each in file["fields"]} == {
        name: name for name in HEADERS.split(",")
    }
    shares = {each["field"]: (each["completeness"], each["validity"]) for each in file["fields"]}
    assert shares.pop("solved_at") == (pytest.approx(58 / 60), 1)
    assert set(shares.values()) == {(1, 1)}


def test_every_metric_is_computed_or_left_out_with_a_reason(cxkpi: Cxkpi) -> None:
    check, report = checked(cxkpi), json.loads(cxkpi("report", "tickets.csv", "-f", "json").out)
    told = {each["metric"] for each in check["left_out"]} | report["metrics"].keys()
    shown = {name for name, each in PUBLIC.items() if each.setting(Config()) and not each.twin_of}
    assert shown <= told <= PUBLIC.keys()


@pytest.mark.parametrize("files", [(SAMPLE,), ("tickets.csv",)])
def test_a_check_counts_what_the_report_counts(files: tuple[str, ...], cxkpi: Cxkpi) -> None:
    check, report = checked(cxkpi, *files), json.loads(cxkpi("report", *files, "-f", "json").out)
    for file, source in zip(check["files"], report["sources"], strict=True):
        assert {key: file[key] for key in ("path", "rows", "used")} == {
            key: source[key] for key in ("path", "rows", "used")
        }
        assert sum(file["set_aside"].values()) == source["set_aside"]


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(empty=st.integers(0, 20), unread=st.integers(0, 20), sentinel=st.integers(0, 20))
def test_cells_are_filled_and_readable_as_counted(
    cxkpi: Cxkpi, empty: int, unread: int, sentinel: int
) -> None:
    edited("solved_at", [""] * empty + ["someday"] * unread + ["1900-01-01 00:00:00"] * sentinel)
    (file,) = checked(cxkpi)["files"]
    (field,) = [each for each in file["fields"] if each["field"] == "solved_at"]
    assert field["filled"] == WHOLE - empty
    assert field["readable"] == WHOLE - empty - unread - sentinel
    assert field["completeness"] == pytest.approx((WHOLE - empty) / WHOLE)
    assert field["validity"] == pytest.approx(field["readable"] / field["filled"])


def test_a_field_moves_exactly_the_metrics_that_go_when_it_goes(cxkpi: Cxkpi) -> None:
    """The metrics named for a field are those that cannot be computed without it, or are computed otherwise."""
    before = checked(cxkpi)
    (file,) = before["files"]
    named = {each["field"]: set(each["metrics"]) for each in file["fields"]}
    out = {each["metric"] for each in before["left_out"]}
    assert named["ticket_id"] == set()
    for field in ("first_response_at", "solved_at", "channel", "status"):
        edited("ticket_id", [])
        rows = [line.split(",") for line in Path("tickets.csv").read_text(encoding="utf-8").splitlines()]
        place = HEADERS.split(",").index(field)
        Path("less.csv").write_text(
            "\n".join(",".join(row[:place] + row[place + 1 :]) for row in rows) + "\n", encoding="utf-8"
        )
        gone = {each["metric"] for each in checked(cxkpi, "less.csv")["left_out"]} - out
        assert gone <= named[field]
        assert gone or field == "status"


@pytest.mark.parametrize(
    ("column", "cells", "code", "rows"),
    [
        ("status", ["mystery"] * 3, "unknown_word", 3),
        ("solved_at", ["1900-01-01 00:00:00"] * 4, "sentinel_date", 4),
        ("created_at", ["someday"], "unreadable", 1),
        ("first_response_at", ["2025-12-31 09:00:00"], "backward_wait", 1),
        ("ticket_id", ["1.03006E+13", "1.03007E+13"], "rounded_id", 2),
        ("ticket_id", ["7"], "conflicting_duplicates", 1),
        ("solved_at", ["2044-01-01 09:00:00"], "future", 1),
        ("created_at", ["1975-01-01 09:00:00"], "far_past", 1),
        ("channel", ["email"] * WHOLE, "constant", None),
        ("solved_at", [f"2026-05-{k % 28 + 1:02} 00:00:00" for k in range(WHOLE)], "midnight", None),
    ],
)
def test_a_problem_is_found_and_its_metrics_named(
    column: str, cells: list[str], code: str, rows: int | None, cxkpi: Cxkpi
) -> None:
    edited(column, cells)
    every = checked(cxkpi)["problems"]
    found = [each for each in every if each["code"] == code and each["field"] in (column, "backwards", None)]
    assert [each["rows"] for each in found] == [rows]
    assert found[0]["effect"]
    assert set(found[0]["metrics"]) <= PUBLIC.keys()
    assert found[0]["metrics"] or column == "ticket_id"


def test_automatic_answers_are_suspicious_but_chats_are_not(cxkpi: Cxkpi) -> None:
    Path("tickets.csv").write_text(
        "\n".join([HEADERS, *(ticket(k, 0) for k in range(180))]) + "\n", encoding="utf-8"
    )
    found = problems(checked(cxkpi))["instant_answers", "first_response_seconds"]
    assert found["rows"] == 60  # those by e-mail
    assert "first_response_time" in found["metrics"]


@pytest.mark.parametrize(("scores", "suspicious"), [([1, 5, 10], True), ([0, 5, 10], False), ([1, 9], False)])
def test_a_scale_without_its_zero_is_suspicious(scores: list[int], suspicious: bool, cxkpi: Cxkpi) -> None:
    surveys(scores)
    found = problems(checked(cxkpi, "surveys.csv"))
    assert (("no_zero", "score") in found) == suspicious


def test_an_export_of_solved_tickets_alone_says_nothing_of_the_backlog(cxkpi: Cxkpi) -> None:
    found = problems(checked(cxkpi, str(_without_open())))["truncated", None]
    assert "backlog" in found["metrics"]


def _without_open() -> Path:
    path = Path("solved.csv")
    path.write_text(tickets(), encoding="utf-8")
    return path


def test_a_round_number_of_rows_is_suspicious(cxkpi: Cxkpi) -> None:
    Path("tickets.csv").write_text(tickets(1000), encoding="utf-8")
    assert ("row_limit", None) in problems(checked(cxkpi))
    Path("tickets.csv").write_text(tickets(1001), encoding="utf-8")
    assert ("row_limit", None) not in problems(checked(cxkpi))


def test_problems_of_damage_name_their_file_and_every_metric_of_the_table(cxkpi: Cxkpi) -> None:
    Path("tickets.csv").write_text(tickets() + "broken\n" + ticket(99) + "\n", encoding="utf-8")
    found = problems(checked(cxkpi))["damaged_rows", None]
    assert (found["path"], found["table"], found["rows"]) == ("tickets.csv", "tickets", 1)
    assert (
        set(found["metrics"])
        == json.loads(cxkpi("report", "tickets.csv", "-f", "json").out)["metrics"].keys()
    )


def test_limits_hold_after_the_check_is_shown(cxkpi: Cxkpi) -> None:
    Path("tickets.csv").write_text(tickets() + "broken\n" + ticket(99) + "\n", encoding="utf-8")
    for limit in (("--strict",), ("--max-rejects", "0")):
        ran = cxkpi("check", "tickets.csv", *limit)
        assert ran.code == Exit.INPUT
        assert "Data quality" in ran.out
        assert ran.err.count("\n") == 1
    assert cxkpi("check", "tickets.csv", "--max-rejects", "2%").code == Exit.DONE


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("width", ["40", "80", "140"])
def test_the_terminal_fits(lang: str, width: str, cxkpi: Cxkpi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", width)
    ran = cxkpi("check", SAMPLE, "--lang", lang)
    assert (ran.code, ran.err) == (Exit.DONE, "")
    assert max(map(len, ran.out.splitlines())) <= int(width)
    assert ("Data quality" in ran.out) == (lang == "en")


def test_hostile_text_stays_text(cxkpi: Cxkpi) -> None:
    edited("status", ["\x1b]0;[/]\x07mystery"])
    text = Path("tickets.csv").read_text(encoding="utf-8").replace("channel", "channel\x1b[31m[/]", 1)
    Path("tickets.csv").write_text(text, encoding="utf-8")
    ran = cxkpi("check", "tickets.csv")
    assert ran.code == Exit.DONE
    assert "\x1b" not in ran.out


def test_files_are_written_whole_and_never_over_an_input(cxkpi: Cxkpi) -> None:
    assert cxkpi("check", "tickets.csv", "-o", "check.json") == (Exit.DONE, "", "")
    assert json.loads(Path("check.json").read_text(encoding="utf-8"))["schema_version"] == 1
    assert cxkpi("check", "tickets.csv", "-o", "check.txt").code == Exit.DONE
    assert Path("check.txt").read_text(encoding="utf-8").startswith("Data quality")
    assert cxkpi("check", "tickets.csv", "-o", "tickets.csv").code == Exit.OUTPUT
    assert cxkpi("check", "tickets.csv", "-o", "check.html", "--lang", "ru").code == Exit.DONE
    assert "Качество данных" in Path("check.html").read_text(encoding="utf-8")
    assert cxkpi("check", "tickets.csv", "-f", "md").out.startswith("# Data quality")
    assert cxkpi("check", "tickets.csv", "-f", "csv").code == Exit.USAGE
    assert cxkpi("check").code == Exit.USAGE


def test_the_check_fits_its_schema(cxkpi: Cxkpi) -> None:
    schema = json.loads(cxkpi("schema", "check").out)
    Draft202012Validator(schema).validate(checked(cxkpi, SAMPLE))


def test_effects_are_of_problems_that_exist() -> None:
    codes = {code.split(".")[0] for code in MESSAGES} | SUSPICIONS.keys()
    assert {code.split(".")[0] for code in EFFECTS} <= codes | {
        "damaged_rows",
        "bad_bytes",
        "no_header",
        "missing_name",
    }
    assert EFFECTS.keys() >= SUSPICIONS.keys()


def test_a_length_of_time_beside_its_date_is_not_used_and_every_field_shown_is_counted(cxkpi: Cxkpi) -> None:
    lines = Path("tickets.csv").read_text(encoding="utf-8").splitlines()
    heads, *rows = [f"{line},{place}" for place, line in enumerate(lines)]
    Path("tickets.csv").write_text("\n".join([f"{heads[:-1]}resolution_seconds", *rows]), encoding="utf-8")
    (file,) = checked(cxkpi)["files"]
    assert file["unused"] == ["resolution_seconds"]
    assert all(each["filled"] is not None for each in file["fields"])

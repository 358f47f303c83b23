"""What files do not hold is neither a hit nor a miss nor pending, and is reported."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cx_kpi.model.errors import Exit

from .conftest import START, Cxkpi

TOLD = ("first_response_at", "solved_at")
FIGURES = (
    "first_response_time",
    "first_response_within_target",
    "resolution_time",
    "resolution_within_target",
    "tickets_solved",
)
SETTINGS = settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


def export(name: str, first: int, columns: tuple[str, ...], status: str = "status", undated: int = 0) -> None:
    """60 tickets, every sixth of them open and unanswered; the first `undated` solved ones without the date."""
    lines, solved = [",".join(("ticket_id", "created_at", "channel", status, *columns))], 0
    for number in range(60):
        created, is_open = START + timedelta(hours=9 * number), number % 6 == 5
        cells = {
            "first_response_at": created + timedelta(minutes=30 + number),
            "solved_at": created + timedelta(hours=1 + number),
        }
        solved += not is_open
        dated = {column: "" if is_open else str(cells[column]) for column in columns}
        if solved <= undated and "solved_at" in dated:
            dated["solved_at"] = ""
        lines.append(
            ",".join(
                (str(first + number), str(created), "email", "open" if is_open else "closed", *dated.values())
            )
        )
    Path(name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def report(cxkpi: Cxkpi, *arguments: str) -> dict[str, Any]:
    """The report as JSON."""
    ran = cxkpi("report", *arguments, "-f", "json")
    assert ran.code == Exit.DONE, ran.err
    return json.loads(ran.out)


def figures(made: dict[str, Any]) -> dict[str, Any]:
    """Value, rows and details of the metrics about answers and solutions."""
    return {
        name: [made["metrics"][name][key] for key in ("value", "n", "details")]
        for name in FIGURES
        if name in made["metrics"]
    }


@SETTINGS
@given(st.sets(st.sampled_from(TOLD)), st.sampled_from(["status", "remark"]))
def test_rows_of_a_file_that_cannot_tell_move_no_figure(cxkpi: Cxkpi, lacks: set[str], status: str) -> None:
    """A second file that lacks columns leaves the figures about them as they are without it."""
    export("first.csv", 0, TOLD)
    export("second.csv", 1000, tuple(name for name in TOLD if name not in lacks), status)
    alone, both = report(cxkpi, "first.csv"), report(cxkpi, "first.csv", "second.csv")
    said = {(each["field"], each["rows"]) for each in both["notices"] if each["code"] == "untold"}
    assert said == {(name, 60) for name in lacks}
    ours, theirs = figures(both), figures(alone)
    assert ours.keys() == set(FIGURES)
    for name in FIGURES:
        about = "first_response_at" if name.startswith("first") else "solved_at"
        assert (ours[name] == theirs[name]) == (about in lacks), name


@pytest.mark.parametrize(("undated", "kept"), [(0, True), (10, True), (25, True), (26, False), (50, False)])
def test_times_of_a_few_dated_solutions_are_refused(cxkpi: Cxkpi, undated: int, kept: bool) -> None:
    export("tickets.csv", 0, TOLD, undated=undated)
    made = report(cxkpi, "tickets.csv")
    (said,) = [each["rows"] for each in made["notices"] if each["code"] == "undated_solves"] or [0]
    assert said == undated
    assert ("resolution_time" in made["metrics"]) == ("resolution_within_target" in made["metrics"]) == kept
    assert "first_response_within_target" in made["metrics"]
    why = {each["why"] for each in made["left_out"] if each["metric"] in FIGURES}
    assert why == (set() if kept else {"fewer than half of the solved tickets have a date of the solution"})


def test_the_receipt_tells_solved_without_a_date_from_still_open(cxkpi: Cxkpi) -> None:
    export("tickets.csv", 0, TOLD, undated=20)
    made = json.loads(cxkpi("explain", "resolution_time", "tickets.csv", "-f", "json").out)
    steps = [(step["reason"], step["rows"]) for step in made["steps"]]
    assert steps == [("rows in the files", 60), ("solved without a date", -20), ("still open", -10)]
    made = json.loads(cxkpi("explain", "resolution_within_target", "tickets.csv", "-f", "json").out)
    assert ("solved without a date", -20) in [(step["reason"], step["rows"]) for step in made["steps"]]

"""`--where` over several tables: rows to which the condition does not apply do not count."""

import json
from pathlib import Path
from typing import Any

import pytest

from cx_kpi.model.errors import Exit

from .conftest import CHANNELS, START, Cxkpi

SURVEYS = "response_id,kind,score,responded_at"


def surveys(name: str, header: str, more: list[str]) -> None:
    """Ratings of the tickets, the first satisfied and every second after it."""
    rows = [f"{n},csat,{5 if n % 2 else 1},{START},{each}" for n, each in enumerate(more)]
    Path(name).write_text("\n".join([f"{SURVEYS},{header}", *rows]) + "\n", encoding="utf-8")


def report(cxkpi: Cxkpi, *arguments: str) -> dict[str, Any]:
    """The report as JSON."""
    ran = cxkpi("report", *arguments, "-f", "json")
    assert ran.code == Exit.DONE, ran.err
    return json.loads(ran.out)


def csat_of(made: dict[str, Any]) -> tuple[float, int]:
    """The value and its rows."""
    return made["metrics"]["csat"]["value"], made["metrics"]["csat"]["n"]


def codes(made: dict[str, Any]) -> set[str]:
    """The codes of the notices."""
    return {notice["code"] for notice in made["notices"]}


@pytest.mark.parametrize("extra", ["", " and created_at > '2026-01-20'"])
def test_a_table_without_the_column_gives_no_figure_but_the_reason(cxkpi: Cxkpi, extra: str) -> None:
    surveys("surveys.csv", "product", ["A"] * 60)
    made = report(cxkpi, "tickets.csv", "surveys.csv", "--where", "channel = 'email'" + extra)
    assert "tickets_created" in made["metrics"]
    assert "csat" not in made["metrics"]
    left = next(each for each in made["left_out"] if each["metric"] == "csat")
    columns = "channel, created_at" if extra else "channel"
    assert left["why"] == f"the condition cannot be checked for surveys: no column {columns}"
    (source,) = (each for each in made["sources"] if each["table"] == "surveys")
    assert (source["rows"], source["filtered"], source["used"]) == (60, 60, 0)


def test_explain_gives_the_reason_too(cxkpi: Cxkpi) -> None:
    surveys("surveys.csv", "product", ["A"] * 60)
    ran = cxkpi("explain", "csat", "tickets.csv", "surveys.csv", "--where", "channel = 'email'")
    assert "the condition cannot be checked for surveys: no column channel" in ran.err
    ran = cxkpi("explain", "tickets_created", "tickets.csv", "surveys.csv", "--where", "channel = 'email'")
    assert "Only rows where channel = 'email'" in " ".join(ran.out.split())


def test_rows_are_asked_through_their_ticket(cxkpi: Cxkpi) -> None:
    """As many as where the surveys have the column themselves, and the answers without a ticket stay out."""
    surveys("through.csv", "ticket_id", [*map(str, range(60)), "", "none"])
    surveys("own.csv", "channel", [CHANNELS[n % 3] for n in range(60)])
    where = ("--where", "channel = 'email'")
    through = report(cxkpi, "tickets.csv", "through.csv", *where)
    own = report(cxkpi, "tickets.csv", "own.csv", *where)
    assert csat_of(through) == csat_of(own) == (0.5, 20)
    assert "asked_of_tickets" in codes(through) - codes(own)


def test_a_condition_that_every_ticket_holds_is_no_slip(cxkpi: Cxkpi) -> None:
    surveys("surveys.csv", "product", ["A"] * 60)
    made = report(cxkpi, "tickets.csv", "surveys.csv", "--where", "channel is not null")
    assert made["metrics"]["tickets_created"]["n"] == 60
    ran = cxkpi("report", "tickets.csv", "surveys.csv", "--where", "channel = 'fax'")
    assert "matches no row" in ran.err


def test_without_tickets_to_ask_there_are_no_ticket_figures(cxkpi: Cxkpi) -> None:
    surveys("surveys.csv", "product", ["A", "B"] * 30)
    made = report(cxkpi, "tickets.csv", "surveys.csv", "--where", "product = 'B'")
    assert csat_of(made) == (1.0, 30)
    assert "tickets_created" not in made["metrics"]
    assert {each["why"] for each in made["left_out"] if each["metric"] == "backlog"} == {
        "the condition cannot be checked for tickets: no column product"
    }

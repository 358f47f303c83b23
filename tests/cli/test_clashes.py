"""Exports of two help desks share ids but no tickets."""

import json
from pathlib import Path

import pytest

from .conftest import Cxkpi, tickets


@pytest.mark.parametrize(("year", "warned"), [("2026", False), ("2024", True)])
def test_files_whose_ids_mean_other_tickets_are_both_named(cxkpi: Cxkpi, year: str, warned: bool) -> None:
    """The same export again is no clash; the same ids at other moments are."""
    Path("other.csv").write_text(tickets(40).replace("2026-", f"{year}-"), encoding="utf-8")
    made = json.loads(cxkpi("report", "tickets.csv", "other.csv", "-f", "json").out)
    said = [each for each in made["notices"] if each["code"] == "other_tickets"]
    assert [each["rows"] for each in said] == ([40] if warned else [])
    if warned:
        assert said[0]["level"] == "warning"
        assert {"tickets.csv", "other.csv"} == set(said[0]["example"].split(", "))

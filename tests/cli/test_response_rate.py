"""The response rate of ratings that tickets carry: known only where some are known to be unanswered."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from cx_kpi.model.errors import Exit

from .conftest import START, Cxkpi


@pytest.mark.parametrize(("others", "rate"), [("", None), ("Not offered", None), ("Offered", 0.25)])
def test_ratings_alone_tell_no_response_rate(cxkpi: Cxkpi, others: str, rate: float | None) -> None:
    """One ticket in four is rated; of the others nothing is known, or that they were offered it or not."""
    rows = [
        f"{n},{START + timedelta(hours=n)},{START + timedelta(hours=n + 5)},{others if n % 4 else 'Good'}"
        for n in range(40)
    ]
    text = "\n".join(["ticket_id,created_at,solved_at,satisfaction_score", *rows])
    Path("tickets.csv").write_text(text + "\n", encoding="utf-8")
    ran = cxkpi("report", "tickets.csv", "-f", "json")
    assert ran.code == Exit.DONE, ran.err
    made = json.loads(ran.out)
    assert made["metrics"]["csat"]["n"] == 10
    left = {each["metric"]: each["why"] for each in made["left_out"]}
    if rate is None:
        assert "response_rate" not in made["metrics"]
        assert left["response_rate"] == "the files do not tell which surveys were sent and not answered"
    else:
        assert (made["metrics"]["response_rate"]["value"], made["metrics"]["response_rate"]["n"]) == (
            rate,
            40,
        )

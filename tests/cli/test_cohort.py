"""`--cohort`: on the command line, in `cxkpi.toml`, and problems in one line."""

import json
from pathlib import Path

import pytest

from cx_kpi.model.assets import folder
from cx_kpi.model.errors import Exit

from .conftest import Cxkpi

TICKETS = str(folder("sample_data") / "tickets.csv")


def cohort(cxkpi: Cxkpi, *given: str, metric: str = "resolution_time") -> str:
    """The cohort by which the metric is computed."""
    done = cxkpi("report", TICKETS, "--metrics", "resolution_time,reopen_rate", "-f", "json", *given)
    return str(json.loads(done.out)["metrics"][metric]["clock"])


def test_the_command_line_goes_before_the_configuration(cxkpi: Cxkpi) -> None:
    assert cohort(cxkpi) == "solved"
    Path("cxkpi.toml").write_text('[cohorts]\nresolution_time = "created"\nreopen_rate = "solved"\n', "utf-8")
    assert cohort(cxkpi) == "created"
    assert cohort(cxkpi, "--cohort", "resolution_time=first_solve, reopen_rate=created") == "first solved"
    assert cohort(cxkpi, "--cohort", "resolution_time=solved", metric="reopen_rate") == "solved"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("resolution_time=opened", "no cohort 'opened'; choose solved or created or first_solve"),
        ("resolution_time", "write it as name=value"),
        ("csta=created", "did you mean csat?"),
        ("", "--cohort is empty"),
    ],
)
def test_what_is_wrong_is_one_line(cxkpi: Cxkpi, text: str, said: str) -> None:
    done = cxkpi("report", TICKETS, "--cohort", text)
    assert (done.code, done.out) == (Exit.USAGE, "")
    assert said in done.err
    assert done.err.count("\n") == 1


def test_the_page_of_a_metric_names_its_cohorts(cxkpi: Cxkpi) -> None:
    assert (
        "Cohort: solved; with --cohort also created, first_solve" in cxkpi("metrics", "resolution_time").out
    )
    assert "Cohort" not in cxkpi("metrics", "csat").out


def test_the_terminal_says_which_rows_where_they_are_not_the_usual_ones(cxkpi: Cxkpi) -> None:
    usual = cxkpi("report", TICKETS, "--cohort", "resolution_time=solved").out
    chosen = cxkpi("report", TICKETS, "--cohort", "resolution_time=created").out
    assert "tickets created in the window" in " ".join(chosen.split())
    assert "in the window" not in " ".join(usual.split())

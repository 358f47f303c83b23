"""Figures of other studies: next to ours where they mean the same, refused where they do not, none built in."""

import json
from pathlib import Path
from typing import Any

import pytest

from cx_kpi.model.assets import folder
from cx_kpi.model.errors import Exit
from cx_kpi.normalise.config.read_benchmarks import read_benchmarks

from .conftest import Cxkpi, tickets

CSAT = {
    "metric": "csat",
    "unit": "share",
    "value": "78.5%",
    "scale": [1, 5],
    "satisfied_from": 4,
    "definition": "4 and 5 of 5",
    "year": 2024,
    "n": 1200,
    "country": "DE",
    "source": "A study",
}
WAIT = {
    "metric": "first_response_time",
    "unit": "seconds",
    "value": "1 h",
    "statistic": "median",
    "hours": "calendar",
    "definition": "calendar",
    "year": 2023,
    "source": "Another | study",
}


WITHIN = {
    "metric": "resolution_within_target",
    "unit": "share",
    "value": 0.8,
    "hours": "calendar",
    "within": "1 d",
    "definition": "solved in a day, open ones that are older count",
    "year": 2023,
    "source": "A third",
}


def toml(*studies: dict[str, Any]) -> str:
    return "\n".join(
        "[[benchmark]]\n" + "\n".join(f"{name} = {json.dumps(value)}" for name, value in each.items())
        for each in studies
    )


@pytest.fixture(autouse=True)
def exports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tickets and ratings in the working folder."""
    monkeypatch.chdir(tmp_path)
    ratings = "".join(f"csat,{5 if i % 5 else 1},2026-01-{1 + i % 28:02}\n" for i in range(100))
    Path("surveys.csv").write_text(f"kind,score,responded_at\n{ratings}", encoding="utf-8")
    Path("tickets.csv").write_text(tickets(), encoding="utf-8")


def made(cxkpi: Cxkpi, *studies: dict[str, Any]) -> Any:
    Path("studies.toml").write_text(toml(*studies), encoding="utf-8")
    ran = cxkpi("report", ".", "--benchmarks", "studies.toml", "-f", "json")
    assert (ran.code, ran.err) == (Exit.DONE, "")
    return json.loads(ran.out)


def test_a_study_that_means_the_same_stands_beside_ours(cxkpi: Cxkpi) -> None:
    found = made(cxkpi, CSAT, CSAT | {"year": 2025, "value": 0.8}, WAIT, WITHIN)["metrics"]
    assert found["resolution_within_target"]["details"]["benchmarks"][0]["value"] == 0.8
    first, second = found["csat"]["details"]["benchmarks"]
    assert (first["value"], first["ours"], first["n"], first["country"]) == (0.785, 0.8, 1200, "DE")
    assert (second["value"], second["year"]) == (0.8, "2025")
    wait = found["first_response_time"]
    assert wait["details"]["benchmarks"][0]["ours"] == wait["details"]["median"]
    assert wait["details"]["benchmarks"][0]["value"] == 3600


@pytest.mark.parametrize(
    ("study", "why"),
    [
        (CSAT | {"scale": [1, 10]}, "scale 1–10, ours on 1–5"),
        ({name: value for name, value in CSAT.items() if name != "scale"}, "scale ?, ours on 1–5"),
        (CSAT | {"unit": "score", "value": 4.1}, "in the unit score, ours in share"),
        (CSAT | {"example": True}, "an example, not a study"),
        (CSAT | {"cohort": "created"}, "about rows created, ours about rows event"),
        ({name: value for name, value in WAIT.items() if name != "statistic"}, "mean, median or p90"),
        (WAIT | {"hours": "business"}, "hours is business, ours calendar"),
        (
            {name: value for name, value in WAIT.items() if name != "hours"},
            "has to say hours; ours is calendar",
        ),
        (CSAT | {"satisfied_from": 5}, "satisfied_from is 5.0, ours 4.0"),
        (WITHIN | {"within": "8 h"}, "within is 8 h, ours 86400 s"),
        (WITHIN | {"metric": "first_response_within_target"}, "within is 1 d, ours by channel"),
    ],
)
def test_a_study_that_means_something_else_is_refused(study: dict[str, Any], why: str, cxkpi: Cxkpi) -> None:
    found = made(cxkpi, study)
    assert "benchmarks" not in found["metrics"][study["metric"]]["details"]
    (told,) = [each for each in found["notices"] if each["code"] == "benchmark_refused"]
    assert why in told["message"]
    assert study["source"] in told["message"]


@pytest.mark.parametrize("suffix", ["txt", "csv", "md", "html", "xlsx"])
def test_every_format_shows_it(suffix: str, cxkpi: Cxkpi) -> None:
    Path("studies.toml").write_text(toml(CSAT), encoding="utf-8")
    Path("cxkpi.toml").write_text('benchmarks = "studies.toml"\n', encoding="utf-8")
    assert cxkpi("report", ".", "-o", f"out.{suffix}", "--lang", "ru").code == Exit.DONE
    if suffix != "xlsx":
        assert "A study" in Path(f"out.{suffix}").read_text(encoding="utf-8")


def test_the_example_that_comes_along_is_an_example_alone() -> None:
    studies = read_benchmarks(str(folder("sample_data") / "benchmarks_example.toml"))
    assert len(studies) == 2
    assert all(each.example for each in studies)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (toml(CSAT | {"metric": "csta"}), "did you mean csat"),
        (toml(CSAT | {"value": "many"}), "'many' is neither a number"),
        ("[[benchmark]]\nmetric = 'csat'\n", "benchmark 1 unit: field required"),
        (toml(CSAT | {"colour": "red"}), "benchmark 1 colour"),
        ("[benchmarks]\n", "benchmarks"),
        ("[[", "no TOML"),
    ],
)
def test_a_wrong_file_is_said_in_a_line(text: str, said: str, cxkpi: Cxkpi) -> None:
    Path("studies.toml").write_text(text, encoding="utf-8")
    ran = cxkpi("report", ".", "--benchmarks", "studies.toml")
    assert (ran.code, ran.out) == (Exit.USAGE, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1

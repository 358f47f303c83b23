"""Comparisons on the command line: named phases, saved reports, two sides of any kind."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cx_kpi.model.errors import Exit

from .conftest import Cxkpi

START = datetime(2025, 9, 1, 9)


def surveys(*shares: float, days: int = 91) -> str:
    """Ratings, ten a day: phases of N days, each with its share of satisfied ones."""
    lines = ["response_id,survey_type,score,responded_at"]
    for day in range(days * len(shares)):
        for i in range(10):
            score = 5 if (day * 10 + i * 7) % 100 < 100 * shares[day // days] else 1
            lines.append(f"{day}-{i},csat,{score},{START + timedelta(days=day, minutes=i)}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Thirteen good weeks and thirteen worse ones, in the working folder."""
    monkeypatch.chdir(tmp_path)
    Path("surveys.csv").write_text(surveys(0.9, 0.8), encoding="utf-8")
    return "surveys.csv"


def verdict(out: str) -> str | None:
    found: str | None = json.loads(out)["metrics"]["csat"]["verdict"]
    return found


def test_a_fall_after_a_named_phase_fails_on_worse(cxkpi: Cxkpi, answers: str) -> None:
    ran = cxkpi("report", answers, "--compare", "2025-09-01..2025-12-01", "-f", "json", "--fail-on", "worse")
    assert ran.code == Exit.MISSED
    assert "change" in ran.err
    assert "for the worse" in ran.err
    assert verdict(ran.out) == "worsened"
    back = cxkpi("report", answers, "--compare", "2025-09-01..2025-10-01", "--until", "2025-12-01")
    assert back.code == Exit.DONE
    assert "may be chance" in back.out


def test_what_came_since_a_saved_report(cxkpi: Cxkpi, answers: str) -> None:
    assert cxkpi("report", answers, "--until", "2025-12-01", "-q", "-o", "old.json").code == Exit.DONE
    ran = cxkpi(
        "report",
        answers,
        "--since",
        "2025-12-01",
        "--against",
        "old.json",
        "-f",
        "json",
        "--fail-on",
        "worse",
    )
    assert (ran.code, verdict(ran.out)) == (Exit.MISSED, "worsened")
    assert "compared with old.json" in ran.out
    same = cxkpi("report", answers, "--against", "old.json")
    assert same.code == Exit.USAGE
    assert "--since 2025-12-01" in same.err


def test_two_files_two_reports_and_two_periods_say_the_same(cxkpi: Cxkpi, answers: str) -> None:
    Path("before.csv").write_text(surveys(0.9), encoding="utf-8")
    lines = Path(answers).read_text(encoding="utf-8").splitlines()
    Path("now.csv").write_text("\n".join([lines[0], *lines[911:]]) + "\n", encoding="utf-8")
    for side in ("before", "now"):
        assert cxkpi("report", f"{side}.csv", "-q", "-o", f"{side}.json").code == Exit.DONE
    asked = (("before.csv", "now.csv"), ("before.json", "now.json"), ("before.json", "now.csv"))
    asked += (("2025-09-01..2025-12-01", "2025-12-01..2026-03-02", answers),)  # type: ignore[assignment]
    for sides in asked:
        ran = cxkpi("compare", *sides, "-f", "json", "--fail-on", "worse")
        assert (ran.code, verdict(ran.out)) == (Exit.MISSED, "worsened"), sides


@pytest.mark.parametrize("suffix", ["txt", "csv", "md", "html", "eml", "xlsx", "json"])
def test_every_format_takes_a_comparison(suffix: str, cxkpi: Cxkpi, answers: str) -> None:
    ran = cxkpi("compare", "2025-10", "2026-01", answers, "-o", f"out.{suffix}", "--lang", "ru")
    assert (ran.code, ran.err) == (Exit.DONE, "")
    assert Path(f"out.{suffix}").stat().st_size


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("compare", "2025-10", "surveys.csv"), Exit.USAGE, "is no period"),
        (("compare", "2025-13", "2026-01", "surveys.csv"), Exit.USAGE, "is no month"),
        (("compare", "surveys.csv", "surveys.csv"), Exit.USAGE, "they share rows"),
        (("compare", "surveys.csv", "surveys.csv", "more.csv"), Exit.USAGE, "'more.csv' is one too many"),
        (("compare", "2025-10", "2025-11", "surveys.csv", "--last", "1m"), Exit.USAGE, "leave out"),
        (("report", "surveys.csv", "--against", "no.json"), Exit.INPUT, "no.json: No such file"),
        (("report", "surveys.csv", "--against", "surveys.csv"), Exit.INPUT, "no report that cxkpi wrote"),
        (("report", "surveys.csv", "--compare", "2025-10..2025-11"), Exit.USAGE, "is no span"),
        (("report", "surveys.csv", "--compare", "year", "--against", "x.json"), Exit.USAGE, "leave one out"),
        (("report", "surveys.csv", "--compare", "last"), Exit.USAGE, "--compare 'last'"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_line(
    arguments: tuple[str, ...], code: Exit, said: str, cxkpi: Cxkpi, answers: str
) -> None:
    ran = cxkpi(*arguments)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_what_happened_inside_a_phase_is_told_where_the_phase_as_a_whole_proves_nothing(
    cxkpi: Cxkpi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shares = [0.9] * 9 + [0.5, 0.9, 0.9]
    Path("surveys.csv").write_text(surveys(*shares, days=30), encoding="utf-8")
    sides = ("2026-03-01..2026-06-01", "2026-06-01..2026-08-25")
    ran = cxkpi("compare", *sides, "surveys.csv", "--metrics", "csat", "-f", "json")
    found = json.loads(ran.out)
    assert found["metrics"]["csat"]["verdict"] == "no change can be shown"
    (told,) = [each["text"] for each in found["findings"] if "back at" in each["text"]]
    assert "in June 2026" in told
    assert not any("other check" in each["text"] for each in found["findings"])

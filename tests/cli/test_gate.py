"""Scheduled runs: quiet without news, one line with news, an exit code for exports that are late."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cx_kpi.cli.outputs import gate
from cx_kpi.cli.outputs.overlap import hold, lock_file, release
from cx_kpi.model.errors import Exit, OutputProblem

from .conftest import HEADERS, Cxkpi, ticket, tickets

ONE = ("--metrics", "first_response_time", "--by", "channel")
LATEST = datetime(2026, 3, 31, 9, tzinfo=UTC)  # when the desk's last ticket was solved


@pytest.fixture(autouse=True)
def morning_after(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "now", lambda: LATEST + timedelta(hours=12))


def goal(desk: Path, value: str) -> None:
    (desk / "cxkpi.toml").write_text(f'[targets]\nfirst_response_time = "{value}"\n')


def test_nothing_to_say(cxkpi: Cxkpi, desk: Path) -> None:
    goal(desk, "50 min")
    assert cxkpi("report", "tickets.csv", *ONE, "--only-news") == (Exit.DONE, "", "")
    assert cxkpi("report", "tickets.csv", *ONE, "--only-news", "--fail-on", "missed", "-f", "md") == (
        0,
        "",
        "",
    )
    assert cxkpi("report", "tickets.csv", *ONE, "--only-news", "-o", "a.json") == (Exit.DONE, "", "")
    assert json.loads((desk / "a.json").read_text())["metrics"]  # a file asked for is always the new one


def test_something_to_say(cxkpi: Cxkpi, desk: Path) -> None:
    goal(desk, "1 min")
    ran = cxkpi("report", "tickets.csv", *ONE, "--only-news", "-f", "md", "-o", "-", "-o", "a.json")
    assert ran.code == Exit.DONE
    assert ran.out.startswith("# ")
    assert ran.err == "cxkpi: 1 target missed (First response time); see a.json\n"
    ran = cxkpi("report", "tickets.csv", *ONE, "--only-news", "--lang", "ru")
    assert ran.err == "cxkpi: 1 цель не достигнута (Время первого ответа)\n"


@pytest.mark.parametrize(
    ("value", "arguments", "code", "line"),
    [
        ("50 min", (), Exit.DONE, ""),
        ("1 min", (), Exit.DONE, ""),
        ("50 min", ("--fail-on", "missed"), Exit.DONE, "cxkpi: nothing to report\n"),
        ("50 min", ("--fail-on", "missed", "-q"), Exit.DONE, ""),
        ("1 min", ("--fail-on", "missed"), Exit.MISSED, "cxkpi: 1 target missed (First response time)\n"),
        ("1 min", ("--fail-on", "missed", "-q"), Exit.MISSED, "cxkpi: 1 target missed (First response time)\n"),
        ("1 min", ("--fail-on", "worse", "-q"), Exit.DONE, ""),
        ("1 min", ("--fail-on", "worse", "--only-news"), Exit.DONE, "cxkpi: 1 target missed (First response time)\n"),
        ("1 min", ("--only-news", "-q"), Exit.DONE, "cxkpi: 1 target missed (First response time)\n"),
        ("50 min", ("--only-news", "-q"), Exit.DONE, ""),
        ("1 min", ("--max-age", "2d", "-q"), Exit.DONE, ""),
    ],
)  # fmt: skip
def test_the_line_and_the_code(
    value: str, arguments: tuple[str, ...], code: Exit, line: str, cxkpi: Cxkpi, desk: Path
) -> None:
    goal(desk, value)
    ran = cxkpi("report", "tickets.csv", *ONE, *arguments)
    assert (ran.code, ran.err) == (code, line)
    assert bool(ran.out) == ("-q" not in arguments)


def test_warnings_are_news(cxkpi: Cxkpi, desk: Path) -> None:
    goal(desk, "50 min")
    (desk / "tickets.csv").write_text(tickets() + "61,never,solved,email,,\n", encoding="utf-8")
    ran = cxkpi("report", "tickets.csv", *ONE, "--only-news", "--fail-on", "warning")
    assert ran.code == Exit.MISSED
    assert "warning" in ran.err


@pytest.mark.parametrize("what", ["gone.csv", "gone/", "*.xlsx", "late/*.csv", "late"])
def test_an_export_that_has_not_arrived(what: str, cxkpi: Cxkpi, desk: Path) -> None:
    (desk / "late").mkdir()
    (desk / "report.html").write_text("old")
    for command in ((what,), ("tickets.csv", what), ("tickets.csv", "--surveys", what)):
        ran = cxkpi("report", *command, "--max-age", "2d", "-o", "report.html")
        assert (ran.code, ran.out) == (Exit.LATE, "")
        assert ran.err.endswith("the export has not arrived\n")
        assert len(ran.err.splitlines()) == 1
    assert cxkpi("report", what).code == Exit.INPUT
    assert (desk / "report.html").read_text() == "old"


@pytest.mark.parametrize(
    ("age", "code"), [("2d", Exit.DONE), ("13 h", Exit.DONE), ("6h", Exit.LATE), ("1 min", Exit.LATE)]
)
def test_an_export_that_is_old(age: str, code: Exit, cxkpi: Cxkpi, desk: Path) -> None:
    ran = cxkpi("report", "tickets.csv", *ONE, "--max-age", age, "-q", "-o", "a.md")
    assert ran.code == code
    assert (desk / "a.md").exists() == (code == Exit.DONE)
    assert bool(ran.err) == (code == Exit.LATE)


@pytest.mark.parametrize("ahead", ["2099-01-01 12:00", "2026-04-01 17:00"])
def test_a_date_to_come_proves_no_arrival(ahead: str, cxkpi: Cxkpi, desk: Path) -> None:
    """One slip of the year would keep the alarm silent for decades, an appointment of tomorrow for a day."""
    slip = f"999,2026-01-05 09:00,solved,email,2026-01-05 10:00,{ahead}\n"
    (desk / "slip.csv").write_text((desk / "tickets.csv").read_text() + slip)
    for age, code in (("6h", Exit.LATE), ("2d", Exit.DONE)):
        ran = cxkpi("report", "slip.csv", "--max-age", age, "-q", "-o", "a.md")
        assert ran.code == code, ran.err
        assert not ran.err or "the data reach to 2026-03-31 09:00" in ran.err


@pytest.mark.parametrize("slip", ["2027-01-05", "2031-01-05", "2099-12-31"])
def test_a_slip_of_the_year_silences_no_alarm(slip: str, cxkpi: Cxkpi, desk: Path) -> None:
    """The latest period is that of the data, not one without any; nor does a history get such periods."""
    goal(desk, "1 min")
    row = f"999,{slip} 09:00,open,email,,\n"
    (desk / "slip.csv").write_text((desk / "tickets.csv").read_text() + row)
    month = ("--period", "month", "--metrics", "first_response_time,tickets_created")
    ran = cxkpi("report", "slip.csv", *month, "--fail-on", "missed", "-q", "--record", "h.db")
    assert (ran.code, "1 target missed" in ran.err) == (Exit.MISSED, True)
    assert cxkpi("report", "slip.csv", *month, "--fail-on", "warning", "-q").code == Exit.MISSED
    kept = json.loads(cxkpi("history", "tickets_created", "--record", "h.db", "-f", "json").out)
    starts = [each["start"] for each in kept["tracks"][0]["points"]]
    assert starts == ["2026-01-01", "2026-02-01", "2026-03-01"]


@pytest.mark.parametrize("age", ["", "2", "-2d", "0d", "nan d", "99999999999 w", "soon"])
def test_what_is_no_age(age: str, cxkpi: Cxkpi) -> None:
    ran = cxkpi("report", "tickets.csv", f"--max-age={age}")
    assert (ran.code, ran.out) == (Exit.USAGE, "")
    assert "--max-age" in ran.err


def test_two_runs_do_not_overlap(cxkpi: Cxkpi, desk: Path) -> None:
    held = "import sys, time; from cx_kpi.cli.outputs.overlap import hold; hold(sys.argv[1:]); print(1, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", held, "a.html"], stdout=subprocess.PIPE, cwd=desk) as other:
        assert other.stdout
        other.stdout.readline()
        for arguments in (
            ("report", "tickets.csv", "-o", "a.html"),
            ("check", "tickets.csv", "-o", "./a.html"),
        ):
            ran = cxkpi(*arguments)
            assert (ran.code, ran.out) == (Exit.OUTPUT, "")
            assert "another run is at work on it" in ran.err
        assert cxkpi("report", "tickets.csv", *ONE, "-o", "b.md").code == Exit.DONE
        other.kill()
    assert cxkpi("report", "tickets.csv", *ONE, "-o", "a.html").code == Exit.DONE  # the dead hold nothing
    assert sorted(path.name for path in desk.iterdir()) == ["a.html", "b.md", "tickets.csv"]


def test_a_planted_lock_is_not_followed(desk: Path) -> None:
    (desk / "victim").write_text("mine")
    lock_file(desk / "a.html").symlink_to(desk / "victim")
    hold([str(desk / "a.html")])
    release()
    assert (desk / "victim").read_text() == "mine"
    lock_file(desk / "b.html").mkdir()
    hold([str(desk / "b.html")])
    os.mkfifo(lock_file(desk / "c.html"))
    with pytest.raises(OutputProblem):
        hold([str(desk / "c.html")])
    release()


def test_outputs_of_a_run_appear_together_or_not_at_all(
    cxkpi: Cxkpi, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk / "a.md").write_text("old")
    replace, count = os.replace, iter(range(9))

    def fail(old: Path, new: Path) -> None:
        if next(count) == 2:
            raise OSError(28, "No space left on device")
        replace(old, new)

    outputs = ("-o", "a.md", "-o", "b.json", "--rows", "r.csv", "--rejects", "x.csv")
    with monkeypatch.context() as patch:
        patch.setattr("os.replace", fail)
        ran = cxkpi("report", "tickets.csv", *ONE, *outputs)
    assert (ran.code, ran.out) == (Exit.OUTPUT, "")
    assert (desk / "a.md").read_text() == "old"
    assert sorted(path.name for path in desk.iterdir()) == ["a.md", "tickets.csv"]
    assert cxkpi("report", "tickets.csv", *ONE, *outputs).code == Exit.DONE
    assert sorted(path.name for path in desk.iterdir()) == ["a.md", "b.json", "r.csv", "tickets.csv", "x.csv"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("report", "tickets.csv", "-o", "s.csv", "--rows", "s.csv"),
        ("report", "tickets.csv", "-o", "s.csv", "--rejects", "./s.csv"),
        ("report", "tickets.csv", "-o", "s.csv", "-o", "s.csv"),
        ("report", "tickets.csv", "-o", "-", "-o", "-"),
        ("check", "tickets.csv", "-o", "s.md", "--rejects", "s.md"),
        ("explain", "backlog", "tickets.csv", "-o", "s.md", "-o", "s.md"),
    ],
)
def test_two_outputs_of_one_path_are_refused(arguments: tuple[str, ...], cxkpi: Cxkpi, desk: Path) -> None:
    ran = cxkpi(*arguments)
    assert (ran.code, ran.out) == (Exit.OUTPUT, "")
    assert "written twice" in ran.err
    assert [path.name for path in desk.iterdir()] == ["tickets.csv"]


@pytest.mark.parametrize("command", [("check",), ("explain", "first_response_time")])
def test_every_output_is_written(command: tuple[str, ...], cxkpi: Cxkpi, desk: Path) -> None:
    ran = cxkpi(*command, "tickets.csv", "-o", "a.json", "-o", "b.md", "-o", "-")
    assert ran.code == Exit.DONE
    assert ran.out
    assert json.loads((desk / "a.json").read_text())
    assert (desk / "b.md").read_text().startswith("#")


def test_values_are_for_their_owner_alone(cxkpi: Cxkpi, desk: Path) -> None:
    old = os.umask(0o022)
    (desk / "tickets.csv").write_text(
        "\n".join([HEADERS, *map(ticket, range(20)), "21,,open,x,,"]), encoding="utf-8"
    )
    try:
        outputs = ("-o", "a.md", "--rows", "r.csv", "--rejects", "x.csv")
        cxkpi("report", "tickets.csv", *ONE, *outputs)
        assert {path.stat().st_mode & 0o777 for path in desk.glob("[ax].*")} == {0o644}
        assert (desk / "r.csv").stat().st_mode & 0o777 == 0o600  # ids of customers may be addresses
        cxkpi("report", "tickets.csv", *ONE, *outputs, "--show-values")
        cxkpi("check", "tickets.csv", "-o", "c.md", "--show-values")
        cxkpi("explain", "backlog", "tickets.csv", "-o", "e.md", "--show-values")
        assert {path.stat().st_mode & 0o777 for path in desk.glob("[arxce].*")} == {0o600}
    finally:
        os.umask(old)

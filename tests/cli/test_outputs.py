"""Where the report goes, in which format and language, and the exit code of the run."""

import json
import sys
from pathlib import Path

import pytest

from cx_kpi.cli.app import run
from cx_kpi.cli.outputs.gate import news
from cx_kpi.model.errors import Exit
from cx_kpi.model.report import Report, from_dict
from cx_kpi.render.formats import FORMATS

from .conftest import HEADERS, Cxkpi, ticket

BEGINNINGS = {
    "table": "Customer service report",
    "json": '{\n  "schema_version": 1',
    "csv": "",
    "md": "# ",
    "html": "<!doctype html>",
    "eml": "Subject: ",
}


def stable(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", BEGINNINGS)
def test_stdout_and_file_agree(name: str, cxkpi: Cxkpi, desk: Path) -> None:
    suffix = FORMATS[name].suffixes[0]
    shown = cxkpi("report", "tickets.csv", "-f", name)
    written = cxkpi("report", "tickets.csv", "-o", f"report{suffix}")
    assert (shown.code, shown.err) == (written.code, written.err)
    assert (shown.code, bool(shown.err)) == (Exit.DONE, name == "eml")  # a mail to nobody says so
    assert written.out == ""
    assert shown.out.lower().startswith(BEGINNINGS[name].lower())
    assert stable(desk / f"report{suffix}") == shown.out


def test_a_workbook_goes_through_a_pipe(desk: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["report", "tickets.csv", "-f", "xlsx"]) == Exit.DONE
    assert run(["report", "tickets.csv", "-o", "report.xlsx"]) == Exit.DONE
    out, err = capsysbinary.readouterr()
    assert (out, err) == ((desk / "report.xlsx").read_bytes(), b"")


def test_a_workbook_is_kept_from_a_terminal(cxkpi: Cxkpi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    ran = cxkpi("report", "tickets.csv", "-f", "xlsx")
    assert (ran.code, ran.out) == (Exit.USAGE, "")
    assert "-o report.xlsx" in ran.err


def test_several_outputs(cxkpi: Cxkpi, desk: Path) -> None:
    ran = cxkpi("report", "tickets.csv", "-o", "a.json", "-o", "b.html", "-o", "c.md", "-o", "-")
    assert ran.code == Exit.DONE
    assert ran.out.startswith(BEGINNINGS["table"])
    assert sorted(path.name for path in desk.iterdir()) == ["a.json", "b.html", "c.md", "tickets.csv"]


def test_format_serves_names_without_a_suffix(cxkpi: Cxkpi, desk: Path) -> None:
    ran = cxkpi("report", "tickets.csv", "-f", "json", "-o", "report", "-o", "-", "-o", "page.html")
    assert stable(desk / "report") == ran.out
    assert json.loads(ran.out)["schema_version"] == 1
    assert stable(desk / "page.html").lower().startswith("<!doctype html>")


def test_a_report_replaces_the_old_one_and_keeps_its_permissions(cxkpi: Cxkpi, desk: Path) -> None:
    (desk / "report.json").write_text("old")
    (desk / "report.json").chmod(0o600)
    assert cxkpi("report", "tickets.csv", "-o", "report.json").code == Exit.DONE
    assert json.loads(stable(desk / "report.json"))["metrics"]
    assert (desk / "report.json").stat().st_mode & 0o777 == 0o600


def test_quiet(cxkpi: Cxkpi, desk: Path) -> None:
    assert cxkpi("report", "tickets.csv", "-q") == (Exit.DONE, "", "")
    assert cxkpi("report", "tickets.csv", "-q", "-o", "report.md") == (Exit.DONE, "", "")
    assert stable(desk / "report.md").startswith("# ")
    assert "no such file" in cxkpi("report", "gone.csv", "-q").err


def test_russian(cxkpi: Cxkpi) -> None:
    for arguments in ((), ("-f", "md"), ("-f", "html")):
        shown = cxkpi("report", "tickets.csv", "--lang", "ru", *arguments).out
        assert "Время первого ответа" in shown
        assert "First response time" not in shown


def goal(value: str) -> str:
    return f'[targets]\nfirst_response_time = "{value}"\n'


@pytest.mark.parametrize(
    ("on", "target", "code"),
    [
        ("missed", "1 min", Exit.MISSED),
        ("missed", "50 min", Exit.DONE),
        ("worse", "1 min", Exit.DONE),
        ("warning", "1 min", Exit.DONE),
    ],
)
def test_fail_on(on: str, target: str, code: Exit, cxkpi: Cxkpi, desk: Path) -> None:
    (desk / "cxkpi.toml").write_text(goal(target))
    only = ("--metrics", "first_response_time", "--by", "channel")
    ran = cxkpi("report", "tickets.csv", *only, "--fail-on", on, "-f", "json")
    assert (ran.code, len(ran.err.splitlines())) == (code, 1)
    assert json.loads(ran.out)["metrics"]["first_response_time"]["target"]["value"] > 0


def test_fail_on_worse(cxkpi: Cxkpi, desk: Path) -> None:
    slower = "\n".join([HEADERS, *(ticket(number, minutes=number**2) for number in range(60))])
    (desk / "slower.csv").write_text(slower, encoding="utf-8")
    assert cxkpi("report", "slower.csv", "-q", "--fail-on", "worse").code == Exit.MISSED
    assert cxkpi("report", "slower.csv", "-q").code == Exit.DONE


def test_fail_on_a_warning(cxkpi: Cxkpi, desk: Path) -> None:
    with (desk / "tickets.csv").open("a", encoding="utf-8") as file:
        file.write("61,some day,open,email,,\n")
    assert cxkpi("report", "tickets.csv", "-q").code == Exit.DONE
    assert cxkpi("report", "tickets.csv", "-q", "--fail-on", "warning").code == Exit.MISSED


def made(cxkpi: Cxkpi) -> Report:
    return from_dict(json.loads(cxkpi("report", "tickets.csv", "-f", "json").out))


def test_a_segment_can_miss_alone(cxkpi: Cxkpi, desk: Path) -> None:
    (desk / "cxkpi.toml").write_text(
        '[[target]]\nmetric = "first_response_time"\nwhen = { channel = "chat" }\nvalue = "1 min"\n'
    )
    report = made(cxkpi)
    missed = [segment.by for segment in report.segments if segment.status == "missed"]
    assert {"channel": "chat"} in missed
    assert news(report).counts["missed"]


def test_the_configuration_of_the_working_folder_comes_first(cxkpi: Cxkpi, desk: Path) -> None:
    folder = desk / "exports"
    folder.mkdir()
    (folder / "tickets.csv").write_bytes((desk / "tickets.csv").read_bytes())
    (folder / "cxkpi.toml").write_text('timezone = "Asia/Tokyo"\n')
    zone = "Asia/Tokyo"
    assert json.loads(cxkpi("report", "exports", "-f", "json").out)["timezone"] == zone
    (desk / "cxkpi.toml").write_text('timezone = "Europe/Paris"\n')
    assert json.loads(cxkpi("report", "exports", "-f", "json").out)["timezone"] == "Europe/Paris"
    shown = cxkpi("report", "exports", "-f", "json", "--config", "exports/cxkpi.toml", "--tz", "UTC")
    assert json.loads(shown.out)["timezone"] == "UTC"


def months(slow: str) -> str:
    """Two months of tickets; in one of them every answer took ten hours."""
    lines = [HEADERS]
    for month in ("2026-01", "2026-02"):
        for day in range(1, 29):
            answered = f"{month}-{day:02} {'19' if month == slow else '09'}:10"
            lines.append(f"{month}{day},{month}-{day:02} 09:00,solved,email,{answered},{answered}")
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("slow", "window", "code"),
    [
        ("2026-02", (), Exit.MISSED),
        ("2026-01", (), Exit.DONE),
        ("2026-01", ("--last", "2 months"), Exit.MISSED),
    ],
)
def test_fail_on_looks_at_the_latest_period_or_at_the_window_that_was_chosen(
    slow: str, window: tuple[str, ...], code: Exit, cxkpi: Cxkpi, desk: Path
) -> None:
    (desk / "cxkpi.toml").write_text(goal("1 h"))
    (desk / "months.csv").write_text(months(slow), encoding="utf-8")
    only = ("--metrics", "first_response_time", "--as-of", "2026-03-01", "--period", "month")
    ran = cxkpi("report", "months.csv", *only, *window, "-q", "--fail-on", "missed")
    assert ran.code == code
    assert ("missed" in ran.err) == (code == Exit.MISSED)  # a quiet run says why it fails, and nothing else

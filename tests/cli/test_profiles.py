"""Reports that the configuration describes: the same bytes as from the command line, and names by the day."""

import json
from datetime import date, timedelta
from inspect import signature
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.cli.commands.report_command import report
from cx_kpi.cli.options.arguments import CONFIGURED
from cx_kpi.cli.options.profiles import KEYS, options_of
from cx_kpi.cli.outputs.dated_names import PARTS, beforehand, dated
from cx_kpi.cli.outputs.overlap import hold, release
from cx_kpi.model.errors import Exit
from cx_kpi.normalise.config import toml

from .conftest import Cxkpi, tickets

ONE = {"files": ["tickets.csv"], "metrics": "first_response_time", "last": "1w"}


def described(folder: Path | str = ".", **reports: dict[str, Any]) -> None:
    lines = [f"[report.{name}]\n{''.join(map(line, said.items()))}" for name, said in reports.items()]
    Path(folder, "cxkpi.toml").write_text("\n".join(lines), encoding="utf-8")


def line(pair: tuple[str, Any]) -> str:
    return f"{toml.pair(*pair)}\n"


WAYS: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({}, ("--metrics", "first_response_time", "--last", "1w")),
    ({"metrics": ["backlog", "first_response_time"]}, ("--metrics", "backlog,first_response_time", "--last", "1w")),
    ({"by": ["channel", "channel,status"]}, ("--metrics", "first_response_time", "--last", "1w", "--by", "channel", "--by", "channel,status")),
    ({"timezone": "Asia/Tokyo", "language": "ru", "dayfirst": False}, ("--metrics", "first_response_time", "--last", "1w", "--tz", "Asia/Tokyo", "--lang", "ru", "--monthfirst")),
    ({"where": "channel = 'email'", "max_rejects": 5, "compare": "year"}, ("--metrics", "first_response_time", "--last", "1w", "--where", "channel = 'email'", "--max-rejects", "5", "--compare", "year")),
]  # fmt: skip


@pytest.mark.parametrize(("said", "arguments"), WAYS)
def test_it_is_the_report_of_the_command_line(
    said: dict[str, Any], arguments: tuple[str, ...], cxkpi: Cxkpi
) -> None:
    described(weekly=ONE | {"format": "json"} | said)
    plainly = cxkpi("report", "tickets.csv", "-f", "json", *arguments)
    assert plainly.code == Exit.DONE
    assert cxkpi("run", "weekly") == plainly


def test_dates_of_toml(cxkpi: Cxkpi) -> None:
    Path("cxkpi.toml").write_text(
        '[report.a]\nfiles="tickets.csv"\nsince=2026-02-01\nuntil=2026-03-01\nformat="json"'
    )
    window = json.loads(cxkpi("run", "a").out)["window"]
    assert (window["start"], window["end"]) == ("2026-02-01", "2026-03-01")


def test_the_command_line_goes_first(cxkpi: Cxkpi) -> None:
    described(a=ONE | {"format": "json", "timezone": "Asia/Tokyo", "as_of": "2026-03-01"})
    made = json.loads(cxkpi("run", "a", "--tz", "Europe/Rome", "--as-of", "2026-02-10", "--lang", "ru").out)
    assert (made["timezone"], made["as_of"][:10], made["language"]) == ("Europe/Rome", "2026-02-11", "ru")
    assert cxkpi("run", "a", "-q") == (Exit.DONE, "", "")


@pytest.mark.parametrize(("goal", "said"), [("1 min", "cxkpi: 1 target missed (First response time); see a.md\n"), ("50 h", "")])  # fmt: skip
def test_quiet_speaks_of_news_alone(goal: str, said: str, cxkpi: Cxkpi, desk: Path) -> None:
    described(weekly=ONE | {"quiet": True, "only_news": True, "output": "a.md"})
    with (desk / "cxkpi.toml").open("a") as file:
        file.write(f'[targets]\nfirst_response_time = "{goal}"\n')
    assert cxkpi("run", "weekly") == (Exit.DONE, "", said)


def test_every_option_of_report_is_a_key() -> None:
    names = set(signature(report).parameters) - {"config", "open_page"}
    assert {each.option for each in KEYS.values()} == names
    assert {CONFIGURED.get(name, name) for name in names} == set(KEYS)
    assert all(each.help for each in KEYS.values())
    assert {name for name, each in KEYS.items() if each.kind == "texts"} >= {
        "files",
        "by",
        "output",
        "notify",
    }
    assert {name for name, each in KEYS.items() if each.kind == "flag"} >= {"quiet", "only_news", "dayfirst"}
    assert options_of({"language": "ru", "output": "a.md"}) == {"lang": "ru", "output": ["a.md"]}


WRONG = [
    ('[report.weekly]\nformt = "md"', "report.weekly.formt: no such key; did you mean format?"),
    ('[report.weekly]\noutputs = "a.md"', "report.weekly.outputs: no such key; did you mean output?"),
    ('[report.weekly]\ntz = "UTC"', "report.weekly.tz: no such key; did you mean timezone?"),
    ('[report.weekly]\nconfig = "a"', "report.weekly.config: no such key"),
    ("[report.weekly]\nquiet = 1", "report.weekly.quiet: has to be true or false"),
    ("[report.weekly]\nlast = true", "report.weekly.last: has to be a text in quotes"),
    ('[report.weekly]\nlast = ["1w", "2w"]', "report.weekly.last: has to be a text in quotes"),
    ("[report.weekly]\nfiles = []", "report.weekly.files: has to be a text in quotes or a list of them"),
    ("[report.weekly]\nmetrics = []", "report.weekly.metrics: has to be a text in quotes or a list of them"),
    ("[report.weekly]\nfiles = [[1]]", "report.weekly.files: has to be"),
    ("[report.weekly.more]\nfiles = 1", "report.weekly.more: no such key"),
    ('[report."my week"]\nfiles = "a"', "report.my week: has to be a name"),
    ('[report]\ntitel = "a"', "report.titel: no such key; did you mean title?"),
    ('[report]\ntitle = { a = "b" }', "report.title: has to be a text"),
    ('report = "a"', "report: has to be a table"),
    ("".join(f"[report.a{n}]\n" for n in range(101)), "report: 101 in all, and at most 100 are taken"),
]


COMMANDS = (("run", "weekly"), ("report", "tickets.csv"), ("check", "tickets.csv"))


@pytest.mark.parametrize(
    ("text", "said", "command"), [(*each, command) for each, command in zip(WRONG, cycle(COMMANDS))]
)
def test_what_is_wrong_is_said_whatever_runs(
    text: str, said: str, command: tuple[str, ...], cxkpi: Cxkpi, desk: Path
) -> None:
    (desk / "cxkpi.toml").write_text(text)
    ran = cxkpi(*command)
    assert (ran.code, ran.out) == (Exit.USAGE, "")
    heads = ("report.weekly.more", "report.my week")  # of which the whole table is wrong
    line = "" if "100 are taken" in said else ":1" if said.startswith(heads) else f":{len(text.splitlines())}"
    assert ran.err.startswith(f"cxkpi: error: cxkpi.toml{line}: {said}")
    assert len(ran.err.splitlines()) == 1
    (desk / "cxkpi.toml").unlink()
    (desk / "pyproject.toml").write_text("[tool.cxkpi]\nlanguage = 'en'\n")
    assert cxkpi("report", "tickets.csv", "-q").code == Exit.DONE


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("weekl",), "cxkpi.toml: no report 'weekl'; did you mean weekly?"),
        (("empty",), "cxkpi.toml: report.empty: files is missing; add"),
        (("span",), "cxkpi.toml: report.span: --last '1 fortnight'"),
        (("dated",), "cxkpi.toml: report.dated: a{weak}.md: {weak} is no part of a date; did you mean week?"),
        (("weekly", "--config", "gone.toml"), "gone.toml: no such file"),
        (("weekly", "--config", "other.toml"), "other.toml: describes no report"),
    ],
)
def test_what_cannot_be_run(arguments: tuple[str, ...], said: str, cxkpi: Cxkpi) -> None:
    described(weekly=ONE, empty={}, span=ONE | {"last": "1 fortnight"}, dated=ONE | {"output": "a{weak}.md"})
    Path("other.toml").write_text("[report]\ntitle = 'a'\n")
    ran = cxkpi("run", *arguments)
    assert (ran.code, ran.out) == (Exit.USAGE, "")
    assert ran.err.startswith(f"cxkpi: error: {said}")


def test_the_list(cxkpi: Cxkpi) -> None:
    described(weekly=ONE | {"only_news": True, "output": ["a.md", "b.md"]}, m={"files": "x/"})
    ran = cxkpi("run")
    assert ran.out.splitlines() == [
        "weekly  files tickets.csv; metrics first_response_time; last 1w; only_news; output a.md, b.md",
        "m       files x/",
    ]
    Path("cxkpi.toml").unlink()
    assert cxkpi("run") == (Exit.DONE, "", "")
    assert cxkpi("run", "weekly").err.startswith(
        "cxkpi: error: there is no cxkpi.toml here: describes no report"
    )


def test_settings_of_the_data_describe_no_report(cxkpi: Cxkpi, desk: Path) -> None:
    (desk / "sent").mkdir()
    (desk / "sent" / "tickets.csv").write_text(tickets())
    described("sent", weekly=ONE | {"output": "stolen.html"}, broken={"nothing": 1})
    made = json.loads(cxkpi("report", "sent", "-f", "json").out)
    (told,) = [each for each in made["notices"] if each["code"] == "left_out_settings"]
    assert told["example"] == "report"
    assert cxkpi("run", "weekly").code == Exit.USAGE
    assert not list(desk.rglob("stolen*"))


def test_paths_start_from_the_configuration(
    cxkpi: Cxkpi, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk / "own").mkdir()
    (desk / "tickets.csv").rename(desk / "own" / "tickets.csv")
    described("own", weekly=ONE | {"output": "{year}.json", "rows": "rows.csv"})
    assert cxkpi("run", "weekly", "--config", "own/cxkpi.toml") == (Exit.DONE, "", "")
    assert Path.cwd() == desk
    assert {path.name for path in (desk / "own").iterdir()} == {
        "cxkpi.toml",
        "tickets.csv",
        "2026.json",
        "rows.csv",
    }
    assert json.loads((desk / "own" / "2026.json").read_text())["configuration"] == "cxkpi.toml"
    monkeypatch.chdir("/")
    assert cxkpi("run", "weekly", "--config", str(desk / "own" / "cxkpi.toml")).code == Exit.DONE
    (desk / "own" / "cxkpi.toml").rename(desk / "own" / "pyproject.toml")
    text = (desk / "own" / "pyproject.toml").read_text().replace("[report", "[tool.cxkpi.report")
    (desk / "own" / "pyproject.toml").write_text(text)
    monkeypatch.chdir(desk / "own")
    assert cxkpi("run", "weekly") == (Exit.DONE, "", "")


def test_names_by_the_last_day_of_the_window(cxkpi: Cxkpi, desk: Path) -> None:
    """The last ticket was solved on Tuesday, 31 March 2026: the last full week ended on the 29th."""
    names = ["w/{year}-W{week}.md", "d/{year}/q{quarter}/{month}-{day}.json"]
    (desk / "w").mkdir()
    (desk / "d").mkdir()
    described(a=ONE | {"output": names, "rejects": "w/{year}{month}{day}.csv", "rows": "{week}/rows.csv"})
    for _ in range(2):  # again into the same files
        assert cxkpi("run", "a") == (Exit.DONE, "", "")
    made = {str(each.relative_to(desk)) for each in desk.rglob("*") if each.is_file()}
    assert made == {
        "cxkpi.toml",
        "tickets.csv",
        "w/2026-W13.md",
        "d/2026/q1/03-29.json",
        "w/20260329.csv",
        "13/rows.csv",
    }
    assert cxkpi("report", "tickets.csv", "--last", "1m", "-o", "{month}.md").code == Exit.DONE
    assert [each.name for each in desk.glob("*.md")] == ["03.md"]


def test_a_name_is_checked_before_and_after(cxkpi: Cxkpi, desk: Path) -> None:
    described(a=ONE | {"output": "gone/{year}/a.md"})
    ran = cxkpi("run", "a", "-v")
    assert (ran.code, "there is no folder" in ran.err, "Computing" in ran.err) == (Exit.OUTPUT, True, False)
    described(a=ONE | {"output": ["{year}.md", "2026.md"]})
    assert cxkpi("run", "a").code == Exit.OUTPUT
    assert not (desk / "2026.md").exists()
    (desk / "2026").write_text("no folder")
    described(a=ONE | {"output": "{year}/a.md"})
    assert "the folder cannot be made" in cxkpi("run", "a").err
    (desk / "2026.csv").write_text(tickets())
    described(a=ONE | {"files": "2026.csv", "rows": "{year}.csv"})
    assert "is one of the files to read" in cxkpi("run", "a").err
    assert (desk / "2026.csv").read_text() == tickets()


def test_two_runs_do_not_overlap(cxkpi: Cxkpi) -> None:
    described(a=ONE | {"output": "{year}.md"})
    for name in ("{year}.md", "2026.md"):
        hold([name])
        try:
            assert "another run is at work on it" in cxkpi("run", "a").err
        finally:
            release()


@given(st.dates(date(1999, 1, 1), date(2101, 1, 1)))
def test_a_day_has_one_name(day: date) -> None:
    assert date.fromisoformat(dated("{year}-{month}-{day}", day)) == day
    year, week = dated("{year}-{week}", day).split("-")
    monday = date.fromisocalendar(int(year), int(week), 1)
    assert monday <= day < monday + timedelta(days=7)
    assert dated("{quarter}", day) == f"{(day.month - 1) // 3 + 1}"
    assert set(PARTS) == {"year", "quarter", "month", "week", "day"}
    assert dated("{{year}} {} {2}", day) == f"{{{day.year}}} {{}} {{2}}"


@pytest.mark.parametrize(
    ("path", "fixed"),
    [
        ("a.md", "a.md"),
        ("r/{year}.md", "r/{year}.md"),
        ("r/{year}/b/{month}.md", "r/{month}.md"),
        ("/x/{year}-{week}/b.md", "/x/b.md"),
        ("{year}/b.md", "b.md"),
        ("-", "-"),
    ],
)
def test_what_is_known_beforehand(path: str, fixed: str) -> None:
    assert beforehand(path) == fixed

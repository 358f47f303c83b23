"""What schedulers are given is what they take, is due when it should be, and makes the report wherever it is started."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi import __version__
from cx_kpi.cli.commands.unattended.job_forms import FORMS
from cx_kpi.cli.commands.unattended.occasions import Occasion, time_of_day
from cx_kpi.cli.commands.unattended.schedule_command import SCHEDULERS, _extras
from cx_kpi.model.errors import Exit, UsageProblem

from .conftest import Cxkpi

ROOT = Path(__file__).parents[2]
CONFIG = """
language = "ru"
timezone = "Europe/Berlin"
[report.weekly]
files = "tickets.csv"
metrics = "first_response_time"
last = "1w"
quiet = true
output = ["{year}-W{week}.json", "tests.xml", "-"]
notify = ["team", "env:OPS", "file:secret"]
[report.plain]
files = "tickets.csv"
metrics = "first_response_time"
last = "1m"
timezone = "Asia/Tokyo"
output = "plain.json"
[notify]
team = "env:TEAM"
"""
GRAINS = ("day", "week", "month", "quarter", "year")


@pytest.fixture(params=["desk", "a desk of 100% 'quotes'"])
def place(request: pytest.FixtureRequest, desk: Path) -> Path:
    """A repository with a configuration in a folder, whatever its name."""
    folder = desk / request.param
    folder.mkdir()
    (desk / ".git").mkdir()
    (desk / "tickets.csv").rename(folder / "tickets.csv")
    (folder / "cxkpi.toml").write_text(CONFIG)
    return folder


def said(cxkpi: Cxkpi, place: Path, *arguments: str) -> str:
    ran = cxkpi("schedule", *arguments, "--config", str(place / "cxkpi.toml"))
    assert (ran.code, ran.err) == (Exit.DONE, "")
    assert __version__ in ran.out
    return ran.out


def made(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"cxkpi.toml", "tickets.csv", "plain.env"}


def test_a_line_of_cron_runs_from_anywhere(cxkpi: Cxkpi, place: Path) -> None:
    *_, zone, line = said(cxkpi, place, "plain", "--lang", "en").splitlines()
    assert zone == "CRON_TZ=Asia/Tokyo"
    found = re.fullmatch(r"0 6 1 \* \* (.+)", line)
    assert found
    command = re.sub(r"\\%", "%", found[1])  # as cron reads it
    assert not re.search(r"(?<!\\)%", line)
    done = subprocess.run(
        ["sh", "-c", command],
        cwd="/",
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert made(place) == {"plain.json"}


def test_secrets_come_from_a_file_beside_the_configuration(cxkpi: Cxkpi, place: Path) -> None:
    line = said(cxkpi, place, "weekly").splitlines()[-1]
    (place / "weekly.env").write_text("TEAM='a b&c'\n")
    started = re.sub(r"\\%", "%", line.partition("LC_ALL")[0].split(" ", maxsplit=5)[5])
    done = subprocess.run(["sh", "-c", f"{started} env"], cwd="/", capture_output=True, text=True, check=True)
    assert "TEAM=a b&c\n" in done.stdout


@pytest.mark.parametrize(
    ("name", "path", "code"),
    [
        ("github", "../outside.csv", Exit.USAGE),
        ("gitlab", "/srv/outside.csv", Exit.USAGE),
        ("cron", "../outside.csv", Exit.DONE),
        ("github", "https://host.example/tickets.csv", Exit.DONE),
    ],
)
def test_a_job_elsewhere_has_only_its_repository(
    name: str, path: str, code: Exit, cxkpi: Cxkpi, tmp_path: Path
) -> None:
    (tmp_path / "desk" / ".git").mkdir(parents=True)
    file = tmp_path / "desk" / "cxkpi.toml"
    file.write_text(f'[report.far]\nfiles = ["{path}"]\noutput = "x.json"\nallow_remote = true\n')
    ran = cxkpi("schedule", "far", "--for", name, "--config", str(file))
    assert ran.code == code, ran.err
    assert code == Exit.DONE or f"{path} lies outside the repository" in ran.err


@pytest.mark.parametrize("name", ["github", "gitlab"])
def test_a_job_elsewhere_is_yaml(
    name: str, cxkpi: Cxkpi, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    yaml = pytest.importorskip("yaml")
    folder = place.name
    for profile, extras, secrets in (("weekly", "[notify]", ["TEAM", "OPS"]), ("plain", "", [])):
        text = said(cxkpi, place, profile, "--for", name, "--lang", "en")
        job = yaml.safe_load(text)
        if name == "github":
            assert [each["cron"] for each in job[True]["schedule"]]  # YAML's `on` is true
            (steps,) = (each["steps"] for each in job["jobs"].values())
            commands = [each["run"] for each in steps if "run" in each]
            env = next(each["env"] for each in steps if "env" in each)
            assert env == {"LC_ALL": "C.UTF-8"} | {each: f"${{{{ secrets.{each} }}}}" for each in secrets}
            results = steps[-1]["with"]["path"].splitlines()
        else:
            (job,) = job.values()
            commands, results = job["script"], job["artifacts"]["paths"]
            assert (
                "junit" in job["artifacts"]["reports"]
                if profile == "weekly"
                else "reports" not in job["artifacts"]
            )
            assert all(each in text for each in secrets)
        assert shlex.split(commands[0]) == [
            "pip",
            "install",
            f"./wheels/cxkpi-{__version__}-py3-none-any.whl{extras}",
        ]
        assert results == [
            f"{folder}/{each}"
            for each in (["*-W*.json", "tests.xml"] if profile == "weekly" else ["plain.json"])
        ]
    monkeypatch.chdir(place.parent)
    assert cxkpi(*shlex.split(commands[1])[1:]) == (Exit.DONE, "", "")
    assert made(place) == {"plain.json"}


@pytest.mark.parametrize("name", ["github", "gitlab"])
def test_a_job_elsewhere_has_its_folders_and_keeps_its_history(name: str, cxkpi: Cxkpi, place: Path) -> None:
    """A fresh copy of a repository holds no empty folders, and nothing of the run before."""
    yaml = pytest.importorskip("yaml")
    text = (place / "cxkpi.toml").read_text()
    more = '[report.kept]\nfiles = "tickets.csv"\noutput = ["out/a.md", "{year}/a.md", "b.md"]\n'
    (place / "cxkpi.toml").write_text(f'record = "past/h.db"\n{text}{more}')
    job = yaml.safe_load(said(cxkpi, place, "kept", "--for", name))
    history = f"{place.name}/past/h.db"
    if name == "github":
        (steps,) = (each["steps"] for each in job["jobs"].values())
        commands = [each["run"] for each in steps if "run" in each]
        caches = [each for each in steps if "cache" in each.get("uses", "")]
        assert [each["with"]["path"] for each in caches] == [history] * 2
        assert caches[0]["with"]["key"].startswith(caches[0]["with"]["restore-keys"])
        assert caches[1]["if"] == "always()"  # also after a run that found something
        places = [steps.index(each) for each in caches]
        assert places[0] < [each.get("run") for each in steps].index(commands[-1]) < places[1]
        results = steps[-1]["with"]["path"].splitlines()
    else:
        (job,) = job.values()
        commands, results = job["script"], job["artifacts"]["paths"]
        assert (job["cache"]["paths"], job["cache"]["when"]) == ([history], "always")
    assert shlex.split(commands[1]) == ["mkdir", "-p", "--", f"{place.name}/out", f"{place.name}/past"]
    assert results[-1] == history


def test_units_of_systemd(cxkpi: Cxkpi, place: Path, tmp_path: Path) -> None:
    service, timer = re.split(
        r"\n\n(?=# .*\.timer)", said(cxkpi, place, "weekly", "--for", "systemd", "--at", "7:05")
    )
    assert "OnCalendar=Mon *-*-* 07:05:00 Europe/Berlin\n" in timer
    assert f"EnvironmentFile={place}/weekly.env\n".replace("%", "%%") in service
    analyze = shutil.which("systemd-analyze")
    if not analyze:
        pytest.skip("no systemd-analyze here")
    (place / "weekly.env").touch()
    for suffix, text in (("service", service), ("timer", timer)):
        (tmp_path / f"cxkpi-weekly.{suffix}").write_text(text)
    units = [str(tmp_path / f"cxkpi-weekly.{suffix}") for suffix in ("service", "timer")]
    done = subprocess.run(
        [analyze, "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    assert "cxkpi-weekly" not in done.stderr
    assert done.returncode == 0


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze here")
@pytest.mark.parametrize("grain", GRAINS)
def test_systemd_knows_the_days(grain: Any) -> None:
    when = Occasion(grain, 75, "Asia/Tokyo", 4).systemd()
    command = ["systemd-analyze", "calendar", "--iterations=5", "--base-time=2026-01-01 00:00:00", when]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env=os.environ | {"TZ": "Asia/Tokyo"}
    )
    found = re.findall(r"(?:elapse|#\d+): \w+ (\S+) 01:15:00", done.stdout)
    assert [date.fromisoformat(day) for day in found] == first_days(grain, date(2026, 1, 1), 5, 4)


def first_days(grain: str, start: date, count: int, starts: int) -> list[date]:
    """The first days of so many periods from a day on, worked out day by day."""
    days = (start + timedelta(days=n) for n in range(3000))
    return [
        day
        for day, _ in zip(filter(lambda day: is_first(grain, day, starts), days), range(count), strict=False)
    ]


def is_first(grain: str, day: date, starts: int) -> bool:
    if grain in ("day", "week"):
        return grain == "day" or day.weekday() == 0
    months = {"month": 1, "quarter": 3, "year": 12}[grain]
    return day.day == 1 and (day.month - starts) % months == 0


def fires(fields: str, start: date, days: int) -> Iterator[datetime]:
    """When a line of cron starts something, its clock in UTC."""
    minute, hour, day, month, weekday = fields.split()
    for each in (start + timedelta(days=n) for n in range(days)):
        if (
            (day == "*" or each.day == int(day))
            and (month == "*" or each.month in map(int, month.split(",")))
            and (weekday == "*" or each.isoweekday() % 7 == int(weekday))
        ):
            yield datetime.combine(each, time(int(hour), int(minute)), UTC)


ZONES = [
    "UTC",
    "Asia/Tokyo",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "Pacific/Niue",
    "Asia/Kathmandu",
]


@given(st.sampled_from(GRAINS), st.sampled_from(ZONES), st.integers(0, 24 * 60 - 1), st.integers(1, 12))
def test_a_clock_in_utc_is_never_early_and_less_than_a_day_late(
    grain: Any, zone: str, minutes: int, starts: int
) -> None:
    year = date.today().year
    occasion = Occasion(grain, minutes, zone, starts)
    every = [
        each
        for each in (date(year, 2, 1) + timedelta(days=n) for n in range(300))
        if is_first(grain, each, starts)
    ]
    started = list(fires(occasion.cron_utc(), date(year, 1, 28), 320))
    for day in every:
        due = datetime.combine(day, time(*divmod(minutes, 60)), ZoneInfo(zone)).astimezone(UTC)
        assert sum(due <= each < due + timedelta(days=1) for each in started) == 1
    assert {f"{each.astimezone(ZoneInfo(zone)):%H:%M}" for each in started} <= set(occasion.local_times())
    local = [each.date() for each in fires(occasion.cron(), date(year, 2, 1), 300)]
    assert local == every


@pytest.mark.parametrize(
    ("lines", "fields"),
    [
        ('last = "2 weeks"', "0 6 * * 1"),
        ('last = "30d"', "0 6 * * *"),
        ('last = "3m"', "0 6 1 * *"),
        ('last = "1q"', "0 6 1 1,4,7,10 *"),
        ('last = "1y"', "0 6 1 1 *"),
        ('period = "week"', "0 6 * * 1"),
        ("", "0 6 * * *"),
    ],
)
def test_a_report_is_due_after_its_period(lines: str, fields: str, cxkpi: Cxkpi) -> None:
    Path("cxkpi.toml").write_text(f'[report.a]\nfiles = "x/"\n{lines}\n')
    assert cxkpi("schedule", "a").out.splitlines()[-1].startswith(f"{fields} LC_ALL=C.UTF-8 /")
    Path("cxkpi.toml").write_text(
        f'period = "month"\nfiscal_year_starts = "march"\n[report.a]\nfiles = "x/"\n{lines}\n'
    )
    shown = cxkpi("schedule", "a", "--at", "18:30").out.splitlines()[-1]
    moved = {"1,4,7,10": "3,6,9,12", "1 1 *": "1 3 *"}
    expected = (
        next((fields.replace(old, new) for old, new in moved.items() if old in fields), fields)
        if lines
        else "0 6 1 * *"
    )
    assert shown.startswith(expected.replace("0 6", "30 18"))


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (("a", "--for", "cronn"), "--for 'cronn'; did you mean cron?"),
        (("a", "--at", "24:00"), "--at '24:00' is no time of day"),
        (("b",), "no report 'b'"),
        (("a", "--tz", "Mars/Base"), "no time zone"),
        (("a", "--lang", "xx"), "--lang 'xx'"),
    ],
)
def test_what_cannot_be_scheduled(arguments: tuple[str, ...], wrong: str, cxkpi: Cxkpi) -> None:
    Path("cxkpi.toml").write_text('[report.a]\nfiles = "x/"\n')
    ran = cxkpi("schedule", *arguments)
    assert (ran.code, ran.out) == (Exit.USAGE, "")
    assert wrong in ran.err


def test_forms_and_their_names() -> None:
    assert tuple(FORMS) == SCHEDULERS
    assert time_of_day("--at", "00:00") == 0
    with pytest.raises(UsageProblem):
        time_of_day("--at", "6")


@pytest.mark.parametrize(
    ("files", "extras"),
    [
        (["tickets.csv", "https://host/mysql:x.csv"], []),
        (["postgresql://h/b#t"], ["postgres"]),
        (["mariadb://h/b#t", "desk.duckdb#tickets", "az://c/t.csv"], ["mysql", "duckdb", "cloud"]),
        (["s3://b/desk.csv"], ["cloud"]),
    ],
)
def test_a_job_installs_what_its_sources_need(files: list[str], extras: list[str]) -> None:
    assert [*_extras({"files": files})] == extras

"""A week of nightly runs with all that goes wrong in one: a true history in the end, and the alarms that were due."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cx_kpi.cli.outputs import gate
from cx_kpi.model.errors import Exit

from .conftest import HEADERS, Cxkpi, Ran

BERLIN, UTC = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
MONDAY = date(2026, 3, 23)  # on the Sunday of this week, clocks go forward
SLOW = date(2026, 3, 26)  # a day on which nobody answers in time
DAYS = 30  # that an export reaches back
METRICS = ("--metrics", "tickets_created,first_response_time,tickets_solved", "--period", "day")
RUN = (
    *METRICS,
    "--tz",
    "Europe/Berlin",
    "--record",
    "history.db",
    "-q",
    "-o",
    "report.md",
    "--max-age",
    "24h",
)
Harm = Callable[[list[str]], Sequence[str]]


def tickets(until: datetime, since: date) -> list[str]:
    """The rows of an export at a moment: tickets created from a day on, as they are then."""
    rows = []
    for place in range((until.date() - since).days + 1):
        day = since + timedelta(days=place)
        for hour in range(0, 24, 3):
            number = day.toordinal() * 100 + hour
            created = datetime.combine(day, time(hour, 10), BERLIN).astimezone(UTC)
            answered = created + timedelta(minutes=240 if day == SLOW else 10 + number % 40)
            solved = created + timedelta(hours=5 + number % 7)
            if created <= until:
                known = [f"{at:%Y-%m-%d %H:%M:%S+00:00}" if at <= until else "" for at in (answered, solved)]
                status = "solved" if known[1] else "open"
                rows.append(
                    f"{number},{created:%Y-%m-%d %H:%M:%S+00:00},{status},email,{known[0]},{known[1]}"
                )
    return rows


def morning(day: date, hour: int = 6) -> datetime:
    return datetime.combine(day, time(hour), BERLIN).astimezone(UTC)


def export(day: date, harm: Harm = lambda rows: rows, hour: int = 6) -> None:
    """The export of a morning, newest first, as it came."""
    rows = tickets(morning(day, hour), day - timedelta(days=DAYS))[::-1]
    Path("export.csv").write_text("\n".join([HEADERS, *harm(rows)]) + "\n", encoding="utf-8")


def cut_short(rows: list[str]) -> list[str]:
    """Every second page did not arrive."""
    return [row for place, row in enumerate(rows) if place // 20 % 2 == 0]


def new_status(rows: list[str]) -> list[str]:
    return [row.replace(",open,", ",awaiting the courier,") for row in rows]


@contextmanager
def at_work(path: str) -> Iterator[None]:
    """Another process that holds an output."""
    held = "import sys, time; from cx_kpi.cli.outputs.overlap import hold; hold(sys.argv[1:]); print(1, flush=True); time.sleep(99)"
    with subprocess.Popen([sys.executable, "-c", held, path], stdout=subprocess.PIPE) as other:
        assert other.stdout
        other.stdout.readline()
        yield
        other.kill()


def history(path: str, since: date) -> dict[tuple[str, str], tuple[float, int]]:
    """Value and rows of each metric and day."""
    with closing(sqlite3.connect(path)) as kept:
        found = kept.execute(
            "SELECT metric, start, value, n FROM reading JOIN definition ON definition = id WHERE start >= ? AND period = 'day'",
            (since.isoformat(),),
        )
        return {(metric, start): (value, n) for metric, start, value, n in found}


@pytest.fixture
def night(cxkpi: Cxkpi, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """The job of a night: the report and its history, and an exit code for warnings or missed targets."""

    def ran(day: date, hour: int = 6, fail_on: str = "warning") -> Ran:
        monkeypatch.setattr(gate, "now", lambda: morning(day, hour) + timedelta(minutes=30))
        return cxkpi("report", "export.csv", *RUN, "--fail-on", fail_on)

    return ran


def test_a_week_of_nights(night: Callable[..., Ran], cxkpi: Cxkpi, desk: Path) -> None:
    Path("cxkpi.toml").write_text('[targets]\nfirst_response_time = "1 h"\n')
    mon, tue, wed, thu, fri, sat, sun, after = (MONDAY + timedelta(days=n) for n in range(8))
    alarms: list[tuple[str, int]] = []

    def does(name: str, day: date, hour: int = 6, fail_on: str = "warning") -> Ran:
        ran = night(day, hour, fail_on)
        alarms.append((name, ran.code))
        assert bool(ran.err) == (ran.code != Exit.DONE)
        return ran

    export(mon)
    does("monday", mon)
    before = Path("report.md").read_text()
    assert "has not arrived" in does("tuesday, late", tue).err
    assert Path("report.md").read_text() == before
    export(tue, hour=9)
    does("tuesday, arrived", tue, 9)
    export(wed, cut_short)
    does("wednesday, cut short", wed)
    assert "knows more rows" in Path("report.md").read_text()
    export(thu, lambda rows: [*rows, *rows])
    does("thursday, twice in the file", thu)
    does("thursday, run twice", thu)
    export(fri, new_status)
    does("friday, a new status", fri)
    assert "awaiting the courier" not in Path("report.md").read_text()  # a cell is shown by its shape alone
    Path("cxkpi.toml").write_text(
        Path("cxkpi.toml").read_text() + '[tickets.values.status]\n"awaiting the courier" = "on_hold"\n'
    )
    does("friday, mapped", fri)
    does("friday, slow", fri, fail_on="missed")
    export(sat)
    with at_work("report.md"):
        assert "another run is at work" in does("saturday, two at once", sat).err
    _at_once(desk)
    does("saturday", sat)
    shutil.copy("history.db", "backup.db")
    Path("history.db").write_bytes(Path("backup.db").read_bytes()[:20_000])  # copied half-way
    export(sun)
    before = Path("report.md").read_text()
    assert "bring back a copy" in does("sunday, half a history", sun).err
    assert Path("report.md").read_text() != before
    for path in desk.glob("history.db*"):
        path.unlink()
    shutil.copy("backup.db", "history.db")
    does("sunday, brought back", sun)
    export(after)
    does("monday, the clock set back", after, 4)

    assert alarms == [
        ("monday", Exit.DONE),
        ("tuesday, late", Exit.LATE),
        ("tuesday, arrived", Exit.DONE),
        ("wednesday, cut short", Exit.MISSED),
        ("thursday, twice in the file", Exit.DONE),
        ("thursday, run twice", Exit.DONE),
        ("friday, a new status", Exit.MISSED),
        ("friday, mapped", Exit.DONE),
        ("friday, slow", Exit.MISSED),
        ("saturday, two at once", Exit.OUTPUT),
        ("saturday", Exit.DONE),
        ("sunday, half a history", Exit.OUTPUT),
        ("sunday, brought back", Exit.DONE),
        ("monday, the clock set back", Exit.DONE),
    ]
    _is_true(cxkpi, after)


def _at_once(desk: Path) -> None:
    """Two runs into one history, each with a report of its own."""
    command = (sys.executable, "-m", "cx_kpi", "report", "export.csv", *RUN[:-4])
    runs = [subprocess.Popen([*command, "-o", f"{name}.md"], cwd=desk) for name in ("a", "b")]
    assert [run.wait(timeout=300) for run in runs] == [Exit.DONE, Exit.DONE]
    assert Path("a.md").read_text() == Path("b.md").read_text()


def _is_true(cxkpi: Cxkpi, after: date) -> None:
    """What nights kept is what one export of the whole time says."""
    first = MONDAY - timedelta(days=DAYS)
    rows = tickets(morning(after), first - timedelta(days=9))
    Path("whole.csv").write_text("\n".join([HEADERS, *rows]) + "\n", encoding="utf-8")
    whole = (*METRICS, "--tz", "Europe/Berlin", "--record", "whole.db", "-q")
    assert cxkpi("report", "whole.csv", *whole).code == Exit.DONE
    kept, true = (history(path, first + timedelta(days=2)) for path in ("history.db", "whole.db"))
    assert kept == true
    days = {day for _, day in kept}
    assert len(days) == DAYS + 7 - 2
    assert kept["tickets_created", "2026-03-29"] == (8, 8)  # a day of 23 hours
    shown = json.loads(cxkpi("history", "first_response_time", "--record", "history.db", "-f", "json").out)
    (track,) = shown["tracks"]
    assert [each["start"] for each in track["points"] if each["status"] == "missed"] == [SLOW.isoformat()]

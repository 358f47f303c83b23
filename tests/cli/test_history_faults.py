"""A history that cannot be read or written: the report appears, one line says what to do; and many runs at once."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from cx_kpi.cli.records import history_file
from cx_kpi.cli.records.history_file import STEPS, to_read, to_write
from cx_kpi.model.errors import Exit, HistoryProblem
from cx_kpi.read.raw.own_output import HISTORY

from .conftest import HEADERS, Cxkpi, ticket

ONE = ("--metrics", "tickets_created,first_response_time", "--period", "month")


def count(path: str = "h.db", table: str = "reading") -> int:
    with closing(sqlite3.connect(path)) as history:
        found: int = history.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    return found


@pytest.fixture
def history(cxkpi: Cxkpi, desk: Path) -> Path:
    assert cxkpi("report", "tickets.csv", *ONE, "--record", "h.db", "-q").code == Exit.DONE
    return desk / "h.db"


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flipped(path: Path) -> None:
    """Every page but the first is overwritten."""
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE reading (a)")


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as history:
        history.execute(f"PRAGMA user_version = {len(STEPS) + 1}")


def triggered(path: Path) -> None:
    with closing(sqlite3.connect(path)) as history:
        history.execute("CREATE TRIGGER t AFTER INSERT ON reading BEGIN DELETE FROM reading; END")


def program(path: Path) -> None:
    """A view that never ends in place of a table."""
    with closing(sqlite3.connect(path)) as history:
        history.execute("DROP TABLE reading")
        history.execute(
            "CREATE VIEW reading AS WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r) SELECT x FROM r"
        )


BROKEN: list[tuple[Callable[[Path], object], str]] = [
    (truncated, "is damaged, maybe copied half-way; bring back a copy, or move it away"),
    (flipped, "is damaged, maybe copied half-way; bring back a copy, or move it away"),
    (lambda path: path.write_bytes(b""), "is empty; bring back a copy"),
    (lambda path: path.write_text("date,value\n" * 1000), "is no history of cxkpi; name another file"),
    (lambda path: path.write_text("a note"), "is no history of cxkpi; name another file"),
    (foreign, "is no history of cxkpi; name another file"),
    (triggered, "is no history of cxkpi; name another file"),
    (program, "is no history of cxkpi; name another file"),
    (newer, "was written by a later version of cxkpi"),
    (lambda path: (path.unlink(), path.mkdir()), "is no file; name one"),
    (lambda path: (path.unlink(), os.mkfifo(path)), "is no file; name one"),
]


@pytest.mark.parametrize(("harm", "said"), BROKEN)
def test_the_report_appears_whatever_the_history_is(
    harm: Callable[[Path], object], said: str, history: Path, cxkpi: Cxkpi
) -> None:
    harm(history)
    before = history.read_bytes() if history.is_file() else b""
    ran = cxkpi("report", "tickets.csv", *ONE, "--record", "h.db", "-o", "a.md")
    assert (ran.code, ran.out) == (Exit.OUTPUT, "")
    assert ran.err.startswith("cxkpi: error: h.db: ")
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1
    report = Path("a.md").read_text(encoding="utf-8")
    assert "The history was not kept: h.db: " in report
    assert "Tickets created" in report
    assert not history.is_file() or history.read_bytes() == before
    shown = cxkpi("history", "--record", "h.db")
    assert (shown.code, shown.out) == (Exit.INPUT, "")
    assert said in shown.err


def test_a_missed_target_is_told_where_the_history_fails(history: Path, cxkpi: Cxkpi, desk: Path) -> None:
    truncated(history)
    (desk / "cxkpi.toml").write_text('[targets]\nfirst_response_time = "1 min"\n')
    ran = cxkpi("report", "tickets.csv", *ONE, "--record", "h.db", "-q", "--fail-on", "missed")
    assert ran.code == Exit.OUTPUT
    assert ran.err.splitlines()[0].startswith("cxkpi: 1 target missed")
    assert ran.err.splitlines()[1].startswith("cxkpi: error: h.db: is damaged")


def test_where_no_history_can_be(cxkpi: Cxkpi) -> None:
    ran = cxkpi("report", "tickets.csv", *ONE, "--record", "there/h.db")
    assert ran.code == Exit.OUTPUT
    assert "make it first" in ran.err
    assert "Tickets created" in ran.out


@pytest.mark.parametrize(
    ("pragma", "said"),
    [
        ("max_page_count = 1", "there is no room left on the disk"),
        ("query_only = ON", "cannot be written"),
    ],
)
def test_a_disk_that_is_full_or_read_only(
    pragma: str, said: str, history: Path, cxkpi: Cxkpi, monkeypatch: pytest.MonkeyPatch
) -> None:
    plainly = history_file._connected

    def connected(target: Path, mode: str) -> sqlite3.Connection:
        made = plainly(target, mode)
        made.execute(f"PRAGMA {pragma}")
        return made

    lines = [HEADERS, *map(ticket, range(400))]
    Path("tickets.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    before = count()
    with monkeypatch.context() as patch:
        patch.setattr(history_file, "_connected", connected)
        ran = cxkpi("report", "tickets.csv", *ONE, "--record", "h.db", "-o", "a.md")
    assert ran.code == Exit.OUTPUT
    assert said in ran.err
    assert Path("a.md").exists()
    assert count() == before  # all or nothing
    assert cxkpi("report", "tickets.csv", *ONE, "--record", "h.db", "-q").code == Exit.DONE
    assert count() > before


def test_a_history_in_a_folder_that_cannot_be_written_is_read(history: Path, cxkpi: Cxkpi) -> None:
    with closing(sqlite3.connect(history)) as made:
        made.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    folder = history.parent / "media"
    folder.mkdir()
    shutil.copy(history, folder / "h.db")
    (folder / "h.db").chmod(0o444)
    folder.chmod(0o555)
    try:
        assert cxkpi("history", "--record", "media/h.db").code == Exit.DONE
    finally:
        folder.chmod(0o755)


def test_an_older_history_is_brought_up_to_date(history: Path, cxkpi: Cxkpi) -> None:
    whole = count()
    with closing(sqlite3.connect(history)) as made:
        made.execute("DROP TABLE sums")
        made.execute("DROP TABLE summed")
        made.execute("PRAGMA user_version = 1")
    assert cxkpi("history", "--record", "h.db").code == Exit.DONE  # reading changes nothing
    with closing(sqlite3.connect(history)) as made:
        assert made.execute("PRAGMA user_version").fetchone() == (1,)
    ran = cxkpi("report", "tickets.csv", *ONE, "--record", "h.db", "-q")
    assert (ran.code, ran.err) == (Exit.DONE, "")
    assert count() == whole
    assert count(table="sums") > 0
    with closing(sqlite3.connect(history)) as made:
        assert made.execute("PRAGMA user_version").fetchone() == (len(STEPS),)
        assert made.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_new_history_is_whole_from_the_first_moment(desk: Path) -> None:
    with to_write("n.db") as made:
        assert made.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert made.execute("PRAGMA application_id").fetchone() == (int.from_bytes(HISTORY),)
    with to_read("n.db") as made:
        assert made.execute("SELECT count(*) FROM reading").fetchone() == (0,)
    assert not [path for path in desk.iterdir() if "part" in path.name]


def test_others_read_while_a_run_writes(history: Path) -> None:
    with to_write("h.db") as writer:
        writer.execute("DELETE FROM reading")
        assert count() > 0
        with to_read("h.db") as reader:
            assert reader.execute("SELECT count(*) FROM reading").fetchone()[0] > 0


def test_one_who_never_lets_go_is_told(history: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_file, "PATIENCE", 0.1)
    with to_write("h.db"), pytest.raises(HistoryProblem, match="in use by another program"), to_write("h.db"):
        pass


AT_MOST = 60  # seconds, of which a run takes about one


def test_eight_runs_at_once_lose_nothing(desk: Path) -> None:
    """Each has a month of its own to tell, and all begin without a history."""
    lines = [ticket(number) for number in range(170)]  # 255 days
    months = sorted({line.split(",")[1][:7] for line in lines})[:8]
    assert len(months) == 8
    for month in months:
        rows = [line for line in lines if line.split(",")[1].startswith(month)]
        (desk / f"{month}.csv").write_text("\n".join([HEADERS, *rows]) + "\n", encoding="utf-8")
    more = ("--metrics", "tickets_created", "--period", "month", "-q", "--record", "h.db")
    commands = [[sys.executable, "-m", "cx_kpi", "report", f"{month}.csv", *more] for month in months]
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with ExitStack() as ends:
        running = [ends.enter_context(subprocess.Popen(each, text=True, **output)) for each in commands]
        for each in running:
            ends.callback(each.kill)
        try:
            said = [(each.communicate(timeout=AT_MOST)[0], each.returncode) for each in running]
        except subprocess.TimeoutExpired:
            pytest.fail(f"a run among eight at once hangs: it has not ended after {AT_MOST} s")
    assert said == [("", Exit.DONE)] * 8
    with closing(sqlite3.connect("h.db")) as made:
        assert made.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        told = made.execute("SELECT start, n FROM reading ORDER BY start").fetchall()
    assert told == [(f"{month}-01", sum(month in line.split(",")[1] for line in lines)) for month in months]


KILLED = """import os, signal
from cx_kpi.cli.records.history_file import to_write
with to_write("h.db") as history:
    history.execute("DELETE FROM reading")
    history.execute("PRAGMA cache_spill = 1")
    history.execute("CREATE TABLE more AS WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r LIMIT 9999)"
        " SELECT x, hex(randomblob(500)) FROM r")  # more than memory holds: it is in the file before its end
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_run_that_is_killed_leaves_the_history_whole(history: Path, desk: Path) -> None:
    before, size = count(), history.stat().st_size
    killed = subprocess.run([sys.executable, "-c", KILLED], cwd=desk, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert (desk / "h.db-wal").stat().st_size > size  # it was amid its work
    with to_write("h.db") as made:
        assert made.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert count() == before

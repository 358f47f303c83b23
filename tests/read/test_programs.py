"""An SQLite file may hold programs: none of them keeps us busy, fills our memory, reads or writes another file."""

import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from cx_kpi.model.errors import InputProblem
from cx_kpi.read.databases import database_file
from cx_kpi.read.open import open_all
from cx_kpi.read.raw import binary, sandbox

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT {} FROM n"
GOOD = "CREATE TABLE tickets(ticket_id, created_at); INSERT INTO tickets VALUES ('1', '2026-01-05')"


def database(path: Path, *statements: str) -> str:
    with sqlite3.connect(path) as made:
        for statement in statements:
            made.executescript(statement)
    made.close()
    return str(path)


def rows(path: str) -> list[tuple[str, ...]]:
    return [row for frame in open_all([path]) for row in frame.frame.collect().rows()]


def test_views_are_read_where_they_are_named(tmp_path: Path) -> None:
    path = database(
        tmp_path / "a.sqlite",
        GOOD,
        "CREATE VIEW early AS SELECT ticket_id FROM tickets",
        f"CREATE VIEW bomb AS {ENDLESS.format('i')}",
    )
    assert rows(path) == [("1", "2026-01-05")]
    assert rows(f"{path}#early") == [("1",)]


def test_a_database_of_views_names_them(tmp_path: Path) -> None:
    path = database(tmp_path / "a.sqlite", "CREATE VIEW early AS SELECT 1")
    with pytest.raises(InputProblem, match="without tables; known: early"):
        open_all([path])


BOMBS = {
    "time": f"CREATE VIEW bomb AS {ENDLESS.format('max(i)')}",
    "rows": f"CREATE VIEW bomb AS {ENDLESS.format('i, i AS j')}",
    "a long cell": "CREATE VIEW bomb AS SELECT hex(zeroblob(900000000))",
    "long cells": f"CREATE VIEW bomb AS {ENDLESS.format('hex(zeroblob(9000000))')}",
    "a joined cell": f"CREATE VIEW bomb AS {ENDLESS.format('group_concat(hex(zeroblob(99999)))')}",
    "a column": "CREATE TABLE bomb(a, b AS (hex(zeroblob(9000000)))); "
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 900) INSERT INTO bomb(a) SELECT i FROM n",
    "a default": "CREATE TABLE bomb(a); "
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 900) INSERT INTO bomb(a) SELECT i FROM n;"
    f"ALTER TABLE bomb ADD COLUMN b DEFAULT '{'x' * 900_000}'",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_program_is_stopped(bomb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_file, "_SECONDS", 1)
    monkeypatch.setattr("cx_kpi.read.raw.sandbox._SECONDS", 3)
    monkeypatch.setattr(binary, "SMALL", 1 << 26)
    path, started = database(tmp_path / "a.sqlite", GOOD, bomb), time.process_time()
    with pytest.raises(InputProblem) as problem:
        open_all([f"{path}#bomb"])
    assert "\n" not in str(problem.value)
    assert time.process_time() - started < 5


def test_a_bomb_of_eight_kilobytes_takes_little(tmp_path: Path) -> None:
    """What the whole command and its children take."""
    path = database(
        tmp_path / "a.sqlite", GOOD, f"CREATE VIEW bomb AS {ENDLESS.format('hex(zeroblob(9000000))')}"
    )
    script = (  # what a process is said to have taken includes what its starter had; `VmHWM` is its own
        "import re, resource, sys; from cx_kpi.cli.app import run; code = run(sys.argv[1:]);"
        "own = re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1];"
        "print(code, max(int(own), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "check", f"{path}#bomb"], capture_output=True, text=True, check=True
    )
    code, kilobytes = map(int, done.stdout.split())
    assert code == 3
    assert kilobytes < 1_500_000
    assert len(done.stderr.splitlines()) == 1


def test_in_a_process_of_its_own_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere in the tests it is a fork of one that has loaded what it needs."""
    with_bomb = database(tmp_path / "a.sqlite", GOOD, f"CREATE VIEW bomb AS {ENDLESS.format('max(i)')}")
    pl.DataFrame({"ticket_id": ["1"], "created_at": ["2026-01-05"]}).write_excel(tmp_path / "a.xlsx")
    monkeypatch.setattr(database_file, "_SECONDS", 20)
    monkeypatch.setattr(sandbox, "_SECONDS", 3)  # of computing, imports among them
    monkeypatch.setattr(sandbox, "subprocess", subprocess)
    assert rows(with_bomb) == rows(str(tmp_path / "a.xlsx")) == [("1", "2026-01-05")]
    with pytest.raises(InputProblem, match="more time or memory"):
        rows(f"{with_bomb}#bomb")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT readfile('secret.txt')",
        "SELECT writefile('new.txt', 'x')",
        "SELECT load_extension('x')",
        "SELECT * FROM pragma_database_list",
        "SELECT 1) AS x; ATTACH 'new.db' AS n; --",
        "WITH x AS (SELECT 1) DELETE FROM tickets",
        "SELECT * FROM fsdir('.')",
    ],
)
def test_no_other_file_is_touched(query: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("secret.txt").write_text("secret")
    path = database(tmp_path / "a.sqlite", GOOD)
    with pytest.raises(InputProblem) as problem:
        open_all([f"{path}#{query}"])
    assert "secret\n" not in str(problem.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.sqlite", "secret.txt"]
    assert rows(path) == [("1", "2026-01-05")]

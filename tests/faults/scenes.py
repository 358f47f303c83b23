"""What the command writes, each as a scene: a folder before it, the command, and what is seen of the folder after it."""

import hashlib
import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.cli.conftest import HEADERS, ticket

Run = Callable[[Sequence[str], Path], object]
SIDE = ("-wal", "-shm", "-journal")  # SQLite's own files beside a history
METRICS = ("--metrics", "tickets_created,first_response_time", "--period", "month", "--charts", "none", "-q")
CONFIGURATION = """
record = "out/kept.db"

[report.weekly]
files = ["tickets.csv"]
metrics = ["tickets_created", "first_response_time"]
charts = "none"
output = ["out/{year}/report-{month}.html", "out/{year}/report-{month}.json"]
"""


@dataclass(frozen=True, slots=True)
class Scene:
    """A command, and the ones that make what it changes."""

    name: str
    arguments: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    codes: frozenset[int] = frozenset({0, 4})  # that a fault may end it with
    again: frozenset[int] = frozenset({0})  # that it may end with after that

    def make(self, folder: Path, run: Run) -> None:
        """Exports in a new folder and what is there before; everything is written below `out`."""
        (folder / "out").mkdir(parents=True)
        for name, first, count in (("tickets.csv", 0, 60), ("more.csv", 60, 30), ("other.csv", 90, 30)):
            text = "\n".join([HEADERS, *map(ticket, range(first, first + count))]) + "\n"
            (folder / name).write_text(text, encoding="utf-8")
        (folder / "damaged.csv").write_text(
            (folder / "tickets.csv").read_text() + "61,cut\n", encoding="utf-8"
        )
        (folder / "cxkpi.toml").write_text(CONFIGURATION if self.name == "profile" else "", encoding="utf-8")
        for arguments in self.before:
            run(arguments, folder)


REPORT = tuple(
    part for kind in ("html", "json", "md", "xlsx", "csv") for part in ("-o", f"out/report.{kind}")
)
BESIDE = ("--rows", "out/rows.csv", "--rejects", "out/rejects.csv")
SCENES = (
    Scene("first", ("report", "damaged.csv", *METRICS, *REPORT, *BESIDE)),
    Scene(
        "again",
        ("report", "damaged.csv", *METRICS, *REPORT, *BESIDE, "--last", "2m"),
        (("report", "tickets.csv", *METRICS, *REPORT, *BESIDE),),
    ),
    Scene(
        "history",
        ("report", "tickets.csv", *METRICS, "--record", "out/h.db", "-o", "out/a.json", "-o", "out/a.md"),
    ),
    Scene(
        "recorded",
        (
            "report",
            "tickets.csv",
            "more.csv",
            *METRICS,
            "--record",
            "out/h.db",
            "-o",
            "out/a.json",
            "-o",
            "out/a.md",
        ),
        (("report", "tickets.csv", *METRICS, "--record", "out/h.db", "-o", "out/a.json", "-o", "out/a.md"),),
    ),
    Scene("store", ("store", "add", "out/s", "tickets.csv"), codes=frozenset({0, 3, 4})),
    Scene(
        "added",
        ("store", "add", "out/s", "more.csv", "other.csv"),
        (("store", "add", "out/s", "tickets.csv"),),
        frozenset({0, 3, 4}),
    ),
    Scene(
        "dropped",
        ("store", "drop", "out/s", "more.csv"),
        (("store", "add", "out/s", "tickets.csv", "more.csv", "other.csv"),),
        frozenset({0, 3, 4}),
        frozenset({0, 2}),  # the file is no longer there
    ),
    Scene("profile", ("run", "weekly", "-q")),
    Scene("receipt", ("explain", "first_response_time", "tickets.csv", "-o", "out/e.json", "-o", "out/e.md")),
    Scene("check", ("check", "damaged.csv", "-o", "out/c.html", "-o", "out/c.json")),
    Scene("init", ("init", "tickets.csv", "-o", "out/made.toml", "--force")),
)


def seen(folder: Path) -> dict[str, str]:
    """What there is below `out`, by name: a digest of each file, of what a history holds, of what a store lists."""
    found: dict[str, str] = {}
    for path in sorted((folder / "out").rglob("*")):
        name = str(path.relative_to(folder / "out"))
        if path.is_dir() or name.endswith((*SIDE, ".rows")):
            continue
        if path.suffix == ".db":
            found |= {name: _history(path)} if _history(path) else {}
        elif path.name == "cxkpi-store.json":
            found[name] = _store(path)
        else:
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def strays(folder: Path, known: set[str]) -> list[str]:
    """Files that nobody has asked for: temporary ones, rows that no list names."""
    listed: set[str] = set()
    for path in (folder / "out").rglob("cxkpi-store.json"):
        listed |= {batch["name"] for batch in json.loads(path.read_text())["batches"]}
    names = [path for path in (folder / "out").rglob("*") if path.is_file() and not path.name.endswith(SIDE)]
    return [
        path.name
        for path in names
        if path.name not in listed and str(path.relative_to(folder / "out")) not in known
    ]


def _history(path: Path) -> str:
    """Its rows, nothing where there are none; anything that SQLite finds wrong is raised."""
    copy = path.with_name("copy")
    copy.mkdir()
    try:
        for each in (path, *(path.with_name(path.name + end) for end in SIDE)):
            if each.exists():
                shutil.copy(each, copy)
        with closing(sqlite3.connect(copy / path.name)) as history:
            (sound,) = history.execute("PRAGMA integrity_check").fetchone()
            assert sound == "ok", sound
            (rows,) = history.execute("SELECT count(*) FROM reading").fetchone()
            return hashlib.sha256("\n".join(history.iterdump()).encode()).hexdigest() if rows else ""
    finally:
        shutil.rmtree(copy)


def _store(path: Path) -> str:
    """Its files, without the random names of where their rows lie, each of which is there and whole."""
    listed = json.loads(path.read_text(encoding="utf-8"))
    for batch in listed["batches"]:
        rows = path.with_name(batch["name"])
        assert rows.stat().st_size == batch["bytes"], f"{rows.name} is not whole"
    return re.sub(r'"name": "[0-9a-f]+\.rows"', "", json.dumps(listed))

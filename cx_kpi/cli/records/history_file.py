"""The file of a history: opened, checked, made new or brought up to date, each problem one line with a way out."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from cx_kpi.model.errors import HistoryProblem
from cx_kpi.read.raw.own_output import HISTORY
from cx_kpi.render.files.temporary_file import sweep, written

PATIENCE = 60.0  # seconds, for other runs that write
_HEADER = b"SQLite format 3\0"  # with which every file of SQLite's begins
_WAL = b"\x02\x02"  # in bytes 18 and 19 of the file: readers and a writer at once
STEPS = (  # from nothing to the schema of today; a step is never changed, only others are added
    """
    CREATE TABLE definition (
        id INTEGER PRIMARY KEY, metric TEXT NOT NULL, unit TEXT NOT NULL, how TEXT NOT NULL, UNIQUE (metric, how)
    );
    CREATE TABLE reading (
        definition INTEGER NOT NULL REFERENCES definition, period TEXT NOT NULL,
        start TEXT NOT NULL, "end" TEXT NOT NULL, segment TEXT NOT NULL,
        value NUMERIC, text TEXT, n INTEGER NOT NULL, low REAL, high REAL, operator TEXT, target REAL, status TEXT,
        at_least INTEGER NOT NULL, since TEXT NOT NULL, most INTEGER NOT NULL, as_of TEXT NOT NULL,
        PRIMARY KEY (definition, start, "end", segment)
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE sums (
        definition INTEGER NOT NULL REFERENCES definition, basis TEXT NOT NULL, part TEXT NOT NULL, day TEXT NOT NULL,
        n REAL NOT NULL, total REAL NOT NULL, squares REAL NOT NULL,
        PRIMARY KEY (definition, basis, part, day)
    ) WITHOUT ROWID;
    CREATE TABLE summed (
        definition INTEGER NOT NULL REFERENCES definition, basis TEXT NOT NULL, start TEXT NOT NULL, "end" TEXT NOT NULL,
        PRIMARY KEY (definition, basis, start, "end")
    ) WITHOUT ROWID;
    """,
)
TABLES = ({"definition", "reading"}, {"sums", "summed"})  # those that each step adds
_PROBLEMS = {  # by the beginning of the name of SQLite's error
    "SQLITE_BUSY": "is in use by another program; run it again when that is done",
    "SQLITE_LOCKED": "is in use by another program; run it again when that is done",
    "SQLITE_READONLY": "cannot be written; allow writing it and its folder, or name another file",
    "SQLITE_PERM": "cannot be written; allow writing it and its folder, or name another file",
    "SQLITE_CANTOPEN": "cannot be opened; allow reading and writing it and its folder, or name another file",
    "SQLITE_FULL": "there is no room left on the disk; make some and run it again",
    "SQLITE_IOERR": "the disk does not take it; make room or check it, and run it again",
    "SQLITE_TOOBIG": "holds a value that is too large; bring back a copy of it",
}
DAMAGED = "is damaged, maybe copied half-way; bring back a copy, or move it away to begin a new one"
FOREIGN = "is no history of cxkpi; name another file"


@contextmanager
def to_write(path: str) -> Iterator[sqlite3.Connection]:
    """The history in one transaction of ours alone, made where there is none; raises `HistoryProblem`."""
    with _told(path):
        target = Path(os.path.realpath(path))
        sweep(target.parent)
        if not target.exists():
            _make(target)
        _check_file(target, path)
        with closing(_connected(target, "rw")) as history:
            _check_history(history, path)
            with _transaction(history):
                _check_pages(history)
                _bring_up_to_date(history)
                yield history


@contextmanager
def to_read(path: str) -> Iterator[sqlite3.Connection]:
    """The history as it is at one moment, whoever writes meanwhile; raises `HistoryProblem`."""
    with _told(path):
        target = Path(os.path.realpath(path))
        if not target.exists():
            raise HistoryProblem(
                f"{path}: there is no such history; write one with: cxkpi report --record {path}"
            )
        _check_file(target, path)
        with closing(_readable(target)) as history:
            _check_history(history, path)
            history.execute("BEGIN")
            yield history


def is_up_to_date(history: sqlite3.Connection) -> bool:
    """Whether it has every table of today."""
    return _version(history) == len(STEPS)


def _make(target: Path) -> None:
    """A new history, whole from the moment it is there; one that another run has just made stays."""
    if not target.parent.is_dir():
        raise HistoryProblem(f"{target}: there is no folder {target.parent}; make it first")
    usual = os.umask(0o077)
    os.umask(usual)
    part = written(target, _empty(), 0o666 & ~usual)
    try:
        with suppress(FileExistsError):
            target.hardlink_to(part.path)
    finally:
        part.drop()


def _empty() -> bytes:
    """A history without readings."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as history:
        history.execute(f"PRAGMA application_id = {int.from_bytes(HISTORY)}")
        _bring_up_to_date(history)
        made = history.serialize()
    return made[:18] + _WAL + made[20:]


def _connected(target: Path, mode: str) -> sqlite3.Connection:
    """The file opened; nothing in it is run but what we ask."""
    address = f"file:{quote(os.fspath(target))}?mode={mode}"
    history = sqlite3.connect(address, timeout=PATIENCE, isolation_level=None, uri=True)
    history.execute("PRAGMA trusted_schema = OFF")
    return history


def _readable(target: Path) -> sqlite3.Connection:
    """The file opened to read, in a folder that cannot be written, too."""
    history = _connected(target, "ro")
    try:
        history.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError as problem:
        history.close()
        if not _name(problem).startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")):
            raise
        return _connected(target, "ro&immutable=1")
    return history


@contextmanager
def _transaction(history: sqlite3.Connection) -> Iterator[None]:
    history.execute("PRAGMA synchronous = FULL")
    history.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with suppress(sqlite3.Error):
            history.execute("ROLLBACK")
        raise
    history.execute("COMMIT")


def _bring_up_to_date(history: sqlite3.Connection) -> None:
    """The steps that are still to be taken."""
    for number, step in enumerate(STEPS[_version(history) :], _version(history) + 1):
        for statement in filter(str.strip, step.split(";")):
            history.execute(statement)
        history.execute(f"PRAGMA user_version = {number}")


def _version(history: sqlite3.Connection) -> int:
    found: int = history.execute("PRAGMA user_version").fetchone()[0]
    return found


def _check_file(target: Path, path: str) -> None:
    """Raises `HistoryProblem` for what is no file of SQLite's, before SQLite touches it."""
    if not target.is_file():
        raise HistoryProblem(f"{path}: is no file; name one")
    if target.stat().st_size == 0:
        raise HistoryProblem(
            f"{path}: is empty; bring back a copy of the history, or remove it to begin a new one"
        )
    with (
        suppress(PermissionError),
        target.open("rb") as file,
    ):  # SQLite has its own words where it cannot be read
        if file.read(len(_HEADER)) != _HEADER:
            raise HistoryProblem(f"{path}: {FOREIGN}")


def _check_history(history: sqlite3.Connection, path: str) -> None:
    """Raises `HistoryProblem` for a database of somebody else's, or of a later cxkpi."""
    (application,) = history.execute("PRAGMA application_id").fetchone()
    kinds = dict(history.execute("SELECT name, type FROM sqlite_master WHERE type <> 'index'"))
    version = _version(history)
    ours = application == int.from_bytes(HISTORY) and "trigger" not in kinds.values()
    if not ours or any(kinds.get(name) != "table" for name in set().union(*TABLES[:version])):
        raise HistoryProblem(f"{path}: {FOREIGN}")
    if version > len(STEPS):
        raise HistoryProblem(
            f"{path}: was written by a later version of cxkpi; install that, or name another file"
        )


def _check_pages(history: sqlite3.Connection) -> None:
    """Raises `sqlite3.DatabaseError` where a page is not what it has to be."""
    (found,) = history.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise sqlite3.DatabaseError(found)


@contextmanager
def _told(path: str) -> Iterator[None]:
    """An error of SQLite or of the system as one line about the file."""
    try:
        yield
    except sqlite3.Error as problem:
        what = next((text for name, text in _PROBLEMS.items() if _name(problem).startswith(name)), DAMAGED)
        raise HistoryProblem(f"{path}: {what}") from problem
    except OSError as problem:
        raise HistoryProblem(
            f"{path}: cannot be written: {problem.strerror or problem}; name another file"
        ) from problem


def _name(problem: sqlite3.Error) -> str:
    return getattr(problem, "sqlite_errorname", "")

"""Reads tables of an SQLite file in a process of its own: views, columns and defaults in it are programs."""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from time import process_time
from urllib.parse import quote

from cx_kpi.read.databases.cell_rows import Row
from cx_kpi.read.databases.database_child import Refused, answer, refuse
from cx_kpi.read.databases.query_text import asking
from cx_kpi.read.raw.binary import printable

_ALLOWED = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
_LONGEST = 1 << 26  # bytes of a cell
_LOGS = b"\x02\x02"  # in bytes 18 and 19: changes are kept in a log beside the file
_STEPS = 10_000  # of SQLite between two looks at the clock


def main(path: str, said: str, most: str, seconds: str) -> int:
    """Write what the file holds, or what was `said` of it."""
    try:
        with _told(), closing(_opened(Path(path), int(seconds))) as database:
            return answer(_File(database), said, int(most))
    except Refused as problem:
        return refuse(str(problem))


def _opened(path: Path, seconds: int) -> sqlite3.Connection:
    """The file, where nothing but reading is possible, and that not for ever."""
    address = f"file:{quote(os.fsencode(path))}?mode=ro{'&immutable=1' if _is_at_rest(path) else ''}"
    database = sqlite3.connect(address, uri=True)
    database.text_factory = lambda text: text.decode("utf-8", "replace")
    database.execute("PRAGMA trusted_schema = OFF")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
    database.set_progress_handler(lambda: process_time() > seconds, _STEPS)
    database.set_authorizer(_authorise)
    return database


def _is_at_rest(path: Path) -> bool:
    """Whether nobody writes to it, and it would only for us be given files beside it, in a log of changes."""
    with path.open("rb") as file:
        logs = file.read(20)[18:] == _LOGS
    log = path.with_name(f"{path.name}-wal")
    return logs and not (log.exists() and log.stat().st_size)


def _authorise(action: int, *_: object) -> int:
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


class _File:
    """An SQLite file."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def tables(self) -> Mapping[str, str]:
        """Tables on pages of their own."""
        return self._named("type = 'table' AND rootpage > 0")

    def every(self) -> Mapping[str, str]:
        """Views and virtual tables, too."""
        return self._named("type IN ('table', 'view')")

    def rows(self, query: str) -> tuple[Sequence[str], Iterator[Row]]:
        """The rows as they come; raises `Refused` then, too."""
        with _told():
            cursor = self._database.execute(query)
        return [column[0] for column in cursor.description], _rows(cursor)

    def _named(self, kind: str) -> dict[str, str]:
        with _told():
            found = self._database.execute(f"SELECT name FROM sqlite_master WHERE {kind} ORDER BY name")  # noqa: S608  (ours)
            names = [name for (name,) in found if isinstance(name, str) and not name.startswith("sqlite_")]
        return {name: asking(name, dotted=False) for name in names}


def _rows(cursor: sqlite3.Cursor) -> Iterator[Row]:
    with _told():
        yield from cursor


@contextmanager
def _told() -> Iterator[None]:
    """An error of SQLite as what is wrong."""
    try:
        yield
    except sqlite3.Error as error:
        late = "interrupted" in str(error)
        what = "takes longer than its size allows" if late else printable(error)
        raise Refused(f"{what}; check the table or query") from None

"""SQLite files: tables and queries, read and nothing else."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import polars as pl

from cx_kpi.model.errors import InputProblem, nearest
from cx_kpi.read.raw.address import Address
from cx_kpi.read.raw.binary import printable
from cx_kpi.read.raw.column_names import unique
from cx_kpi.read.raw.source import SAMPLE, TextFrame

MAGIC = b"SQLite format 3\0"
_SELECT = re.compile(r"\s*(select|with)\b", re.IGNORECASE)
_ALLOWED = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
_BATCH = 100_000  # rows


def is_query(text: str) -> bool:
    """Whether this is a query, not the name of a table."""
    return bool(_SELECT.match(text))


def open_tables(path: Path) -> list[TextFrame]:
    """Every table of the file, all columns text, empty cells null; raises `InputProblem`."""
    with _opened(path) as database:
        names = _tables(database)
        if not names:
            raise InputProblem(f"{printable(path)}: a database without tables; check the file")
        return [_frame(database, f"{path}#{name}", _whole(name)) for name in names]


def open_query(address: Address) -> TextFrame:
    """The table or the answer to the query; raises `InputProblem`."""
    with _opened(Path(address.where)) as database:
        if is_query(address.query):
            inner = f"SELECT * FROM ({address.query.rstrip(' ;')}\n)"  # noqa: S608  (only reading is possible)
            return _frame(database, address.name, inner)
        names = _tables(database)
        if address.query not in names:
            raise InputProblem(f"{address.name}: no such table{nearest(address.query, names)}")
        return _frame(database, address.name, _whole(address.query))


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The file, where nothing but reading is possible."""
    try:
        uri = f"file:{quote(os.fsencode(path.resolve()))}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as database:
            database.text_factory = lambda text: text.decode("utf-8", "replace")
            database.set_authorizer(_authorise)
            yield database
    except sqlite3.Error as error:
        raise InputProblem(f"{printable(path)}: {printable(error)}; check the table or query") from None


def _authorise(action: int, *_: object) -> int:
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


def _tables(database: sqlite3.Connection) -> list[str]:
    found = database.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name")
    return [name for (name,) in found if not name.startswith("sqlite_")]


def _whole(table: str) -> str:
    name = table.replace('"', '""')
    return f'SELECT * FROM "{name}"'  # noqa: S608  (quoted, and only reading is possible)


def _frame(database: sqlite3.Connection, name: str, query: str) -> TextFrame:
    cursor = database.execute(query)
    names = unique([column[0] for column in cursor.description])
    batches = [pl.DataFrame(schema=dict.fromkeys(names, pl.String))]
    while rows := cursor.fetchmany(_BATCH):
        columns = zip(names, zip(*rows, strict=True), strict=True)
        batches.append(pl.DataFrame([_text(header, cells) for header, cells in columns]))
    frame = pl.concat(batches)
    return TextFrame(printable(name), frame.lazy(), names, frame.head(SAMPLE))


def _text(header: str, cells: tuple[object, ...]) -> pl.Series:
    plain = [None if cell is None or cell == "" or isinstance(cell, bytes) else str(cell) for cell in cells]
    return pl.Series(header, plain, dtype=pl.String)

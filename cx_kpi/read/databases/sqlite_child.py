"""Reads tables of an SQLite file in a process of its own: views, columns and defaults in it are programs."""

import json
import os
import re
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from time import process_time
from typing import Any
from urllib.parse import quote

import polars as pl

from cx_kpi.model.errors import nearest
from cx_kpi.read.raw.binary import printable
from cx_kpi.read.raw.column_names import unique

TOO_LARGE = 3
_SELECT = re.compile(r"\s*(select|with)\b", re.IGNORECASE)
_ALLOWED = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
_LONGEST = 1 << 26  # bytes of a cell
_STEPS = 10_000  # of SQLite between two looks at the clock
_BATCH = 1 << 20  # cells
_CELL = 8  # bytes that each takes beside its text
Row = tuple[object, ...]


class _TooLarge(Exception):
    """More than may come of a file of its size."""


def is_query(text: str) -> bool:
    """Whether this is a query, not the name of a table."""
    return bool(_SELECT.match(text))


def main(path: str, said: str, most: str, seconds: str) -> int:
    """Write names and lengths of the tables, or of what was `said`, as a line of JSON, then each as Arrow."""
    try:
        with closing(_opened(Path(path), int(seconds))) as database:
            head, parts = _answer(database, said, int(most))
    except _TooLarge:
        return TOO_LARGE
    except sqlite3.Error as error:
        late = "interrupted" in str(error)
        what = "takes longer than its size allows" if late else printable(error)
        head, parts = {"problem": f"{what}; check the table or query"}, []
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
    for part in parts:
        sys.stdout.buffer.write(part)
    sys.stdout.buffer.flush()
    return 0


def _opened(path: Path, seconds: int) -> sqlite3.Connection:
    """The file, where nothing but reading is possible, and that not for ever."""
    database = sqlite3.connect(f"file:{quote(os.fsencode(path))}?mode=ro", uri=True)
    database.text_factory = lambda text: text.decode("utf-8", "replace")
    database.execute("PRAGMA trusted_schema = OFF")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
    database.set_progress_handler(lambda: process_time() > seconds, _STEPS)
    database.set_authorizer(_authorise)
    return database


def _authorise(action: int, *_: object) -> int:
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


def _answer(database: sqlite3.Connection, said: str, most: int) -> tuple[dict[str, Any], list[bytes]]:
    """What was asked for, or what is wrong with that; what is not named is read where it is a table of cells."""
    tables = _names(database, "type = 'table' AND rootpage > 0")
    every = _names(database, "type IN ('table', 'view')")
    if said and not is_query(said) and said not in every:
        return {"problem": f"no such table{nearest(said, every)}"}, []
    if not said and not tables:
        return {"problem": f"a database without tables{nearest('', every)}; check the file"}, []
    count = _counter(most)
    queries = {said: _query(said)} if said else {name: _query(name) for name in tables}
    made = {name: b"".join(_streams(database, query, count)) for name, query in queries.items()}
    return {"tables": [[name, len(data)] for name, data in made.items()]}, list(made.values())


def _names(database: sqlite3.Connection, kind: str) -> list[str]:
    found = database.execute(f"SELECT name FROM sqlite_master WHERE {kind} ORDER BY name")  # noqa: S608  (ours)
    return [name for (name,) in found if isinstance(name, str) and not name.startswith("sqlite_")]


def _query(said: str) -> str:
    if is_query(said):
        return f"SELECT * FROM ({said.rstrip(' ;')}\n)"  # noqa: S608  (only reading is possible)
    name = said.replace('"', '""')
    return f'SELECT * FROM "{name}"'  # noqa: S608  (quoted, and only reading is possible)


def _counter(most: int) -> Callable[[Row], int]:
    """Counts what rows take in all; raises `_TooLarge` beyond `most` bytes."""
    total = 0

    def count(row: Row) -> int:
        nonlocal total
        total += sum(_CELL + (len(cell) if isinstance(cell, str) else 0) for cell in row)
        if total > most:
            raise _TooLarge
        return len(row)

    return count


def _streams(database: sqlite3.Connection, query: str, count: Callable[[Row], int]) -> Iterator[bytes]:
    """The rows as a stream of Arrow, all columns text, empty cells null."""
    cursor = database.execute(query)
    names = unique([column[0] for column in cursor.description])
    frames = [pl.DataFrame(schema=dict.fromkeys(names, pl.String))]
    frames += (_frame(names, rows) for rows in _batches(cursor, count))
    out = BytesIO()
    pl.concat(frames).write_ipc_stream(out)
    yield out.getvalue()


def _batches(cursor: Iterable[Row], count: Callable[[Row], int]) -> Iterator[list[Row]]:
    rows: list[Row] = []
    cells = 0
    for row in cursor:
        cells += count(row)
        rows.append(row)
        if cells > _BATCH:
            yield rows
            rows, cells = [], 0
    if rows:
        yield rows


def _frame(names: tuple[str, ...], rows: list[Row]) -> pl.DataFrame:
    columns = zip(names, zip(*rows, strict=True), strict=True)
    return pl.DataFrame([_text(header, cells) for header, cells in columns])


def _text(header: str, cells: Row) -> pl.Series:
    plain = [None if cell is None or cell == "" or isinstance(cell, bytes) else str(cell) for cell in cells]
    return pl.Series(header, plain, dtype=pl.String)

"""Files of SQLite and DuckDB: tables and queries, read and nothing else."""

import json
from collections.abc import Iterator
from importlib.util import find_spec
from io import BytesIO
from typing import Any

import polars as pl

from cx_kpi.model.errors import InputProblem, missing_package
from cx_kpi.model.frozen import dataclass
from cx_kpi.read.raw.address import Address
from cx_kpi.read.raw.binary import DUCKDB, SQLITE, File, printable
from cx_kpi.read.raw.sandbox import asked
from cx_kpi.read.raw.source import SAMPLE, TextFrame

DUCKDB_SUFFIXES = (".duckdb", ".ddb")
_SECONDS = 8  # for a small file; one more for each megabyte
_HEAD = 16  # bytes that tell what it is


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file, and the module that reads it in a process of its own."""

    name: str
    child: str


_SQLITE = Kind("SQLite", "cx_kpi.read.databases.sqlite_child")
_DUCKDB = Kind("DuckDB", "cx_kpi.read.databases.duckdb_child")


def kind_of(file: File) -> Kind | None:
    """What kind of database this is, if any; raises `InputProblem` for one that cannot be read here."""
    head = file.head(_HEAD)
    found = _SQLITE if head.startswith(SQLITE) else _DUCKDB if head[8:].startswith(DUCKDB) else None
    if found and file.piped is not None:
        raise InputProblem(
            f"{file.name}: a {found.name} file, which is not read from here; save it and name it"
        )
    if found is _DUCKDB:
        if (
            file.path.suffix.lower() not in DUCKDB_SUFFIXES
        ):  # DuckDB trusts its files: nobody passes one off as another
            raise InputProblem(
                f"{file.name}: a DuckDB file under another name; if it is yours, call it .duckdb"
            )
        if find_spec("duckdb") is None:
            raise InputProblem(missing_package(f"{file.name}: DuckDB", "duckdb"))
    return found


def open_tables(file: File, kind: Kind) -> list[TextFrame]:
    """Every table of the file, all columns text, empty cells null; raises `InputProblem`.

    Views and virtual tables, which are programs, are read where they are named.
    """
    return [_frame(f"{file.path}#{name}", data) for name, data in _read(file, kind, "", file.name)]


def open_query(address: Address, file: File, kind: Kind) -> TextFrame:
    """The table or the answer to the query; raises `InputProblem`."""
    ((_, data),) = _read(file, kind, address.query, address.name)
    return _frame(address.name, data)


def _read(file: File, kind: Kind, said: str, name: str) -> Iterator[tuple[str, bytes]]:
    from cx_kpi.read.databases.database_child import TOO_LARGE

    most, seconds = file.most_unpacked(file.size), _SECONDS + (file.size >> 20)
    code, answer = asked(kind.child, file, said, str(most), str(seconds), unpacked=file.size)
    if code == TOO_LARGE:
        raise file.too_large(file.size)
    line, _, rest = answer.partition(b"\n")
    head: dict[str, Any] = json.loads(line) if not code else {}
    if "tables" not in head:
        problem = head.get(
            "problem", "takes more time or memory than its size allows; check the table or query"
        )
        raise InputProblem(f"{printable(name)}: {problem}")
    place = 0
    for table, length in head["tables"]:
        yield table, rest[place : place + length]
        place += length


def _frame(name: str, data: bytes) -> TextFrame:
    frame = pl.read_ipc_stream(BytesIO(data))
    return TextFrame(printable(name), frame.lazy(), tuple(frame.columns), frame.head(SAMPLE))

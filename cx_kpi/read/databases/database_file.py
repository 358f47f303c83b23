"""SQLite files: tables and queries, read and nothing else."""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import polars as pl

from cx_kpi.model.errors import InputProblem
from cx_kpi.read.databases.sqlite_child import TOO_LARGE, is_query
from cx_kpi.read.raw.address import Address
from cx_kpi.read.raw.binary import SQLITE, File, printable
from cx_kpi.read.raw.sandbox import asked
from cx_kpi.read.raw.source import SAMPLE, TextFrame

MAGIC = SQLITE
_SECONDS = 8  # for a small file; one more for each megabyte
_CHILD = "cx_kpi.read.databases.sqlite_child"

__all__ = ["MAGIC", "is_query", "open_query", "open_tables"]


def open_tables(file: File) -> list[TextFrame]:
    """Every table of the file, all columns text, empty cells null; raises `InputProblem`.

    Views and virtual tables, which are programs, are read where they are named.
    """
    return [_frame(f"{file.path}#{name}", data) for name, data in _read(file, "", file.name)]


def open_query(address: Address, file: File) -> TextFrame:
    """The table or the answer to the query; raises `InputProblem`."""
    ((_, data),) = _read(file, address.query, address.name)
    return _frame(address.name, data)


def _read(file: File, said: str, name: str) -> Iterator[tuple[str, bytes]]:
    most, seconds = file.most_unpacked(file.size), _SECONDS + (file.size >> 20)
    code, answer = asked(_CHILD, file, said, str(most), str(seconds), unpacked=file.size)
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

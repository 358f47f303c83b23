"""What processes that read a database file have in common: its tables, or what was asked for, written as Arrow."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Protocol

from cx_kpi.model.errors import nearest
from cx_kpi.read.databases.cell_rows import Row, TooMuch, counter, frame_of
from cx_kpi.read.databases.query_text import asking, is_query
from cx_kpi.read.raw.column_names import unique

TOO_LARGE = 3  # exit code


class Refused(Exception):
    """What is wrong with the file or the query."""


class Database(Protocol):
    """An open file, of which nothing but reading is possible. Whatever it raises is a `Refused`."""

    def tables(self) -> Mapping[str, str]:
        """The queries for tables that hold cells, by name."""

    def every(self) -> Mapping[str, str]:
        """With views and other programs."""

    def rows(self, query: str) -> tuple[Sequence[str], Iterable[Row]]:
        """Names of columns, and the rows."""


def answer(database: Database, said: str, most: int) -> int:
    """Write names and lengths of the tables, or of what was `said`, as a line of JSON, then each as Arrow."""
    try:
        queries = _queries(database, said)
        count = counter(most)
        made = {}
        for name, query in queries.items():
            headers, rows = database.rows(query)
            out = BytesIO()
            frame_of(unique(headers), rows, count).write_ipc_stream(out)
            made[name] = out.getvalue()
    except TooMuch:
        return TOO_LARGE
    except Refused as problem:
        return refuse(str(problem))
    head = {"tables": [[name, len(data)] for name, data in made.items()]}
    sys.stdout.buffer.writelines([json.dumps(head).encode() + b"\n", *made.values()])
    sys.stdout.buffer.flush()
    return 0


def refuse(problem: str) -> int:
    """Write what is wrong."""
    sys.stdout.buffer.write(json.dumps({"problem": problem}).encode() + b"\n")
    sys.stdout.buffer.flush()
    return 0


def _queries(database: Database, said: str) -> Mapping[str, str]:
    """What is to be read, by name: what is not named is read where it is a table of cells. Raises `Refused`."""
    every, tables = database.every(), database.tables()
    if not said and not tables:
        raise Refused(f"a database without tables{nearest('', every)}; check the file")
    if not said:
        return tables
    if is_query(said):
        return {said: asking(said)}
    if said not in every:
        raise Refused(f"no such table{nearest(said, every)}")
    return {said: every[said]}

"""Reads tables of a DuckDB file in a process of its own: what is in it may be a program, or kill its reader."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager

import duckdb

from cx_kpi.read.databases.cell_rows import Row
from cx_kpi.read.databases.database_child import Refused, answer, refuse
from cx_kpi.read.databases.query_text import asking

_LOCKED: dict[
    str, str | bool | int | float | list[str]
] = {  # neither files, servers, extensions nor other settings
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
    "threads": "1",
    "memory_limit": "700MB",
    "lock_configuration": "true",
}
_MANY = 1_000  # rows at a time


def main(path: str, said: str, most: str, _seconds: str) -> int:
    """Write what the file holds, or what was `said` of it."""
    try:
        with _told(), closing(duckdb.connect(path, read_only=True, config=_LOCKED)) as database:
            return answer(_File(database), said, int(most))
    except Refused as problem:
        return refuse(str(problem))


class _File:
    """A DuckDB file."""

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self._database = database

    def tables(self) -> Mapping[str, str]:
        """Its tables; those of another schema by both names."""
        return self._named("duckdb_tables()", "table_name")

    def every(self) -> Mapping[str, str]:
        """Views, too."""
        return {**self.tables(), **self._named("duckdb_views()", "view_name")}

    def rows(self, query: str) -> tuple[Sequence[str], Iterator[Row]]:
        """The rows as text, as they come; raises `Refused` then, too."""
        with _told():
            shape = self._database.execute(f"{query} LIMIT 0").description or []
            columns = ", ".join(_text(place, str(kind)) for place, (_, kind, *_) in enumerate(shape))
            names = ", ".join(f"c{place}" for place in range(len(shape)))
            found = self._database.execute(f"SELECT {columns} FROM ({query}\n) AS said({names})")  # noqa: S608  (reads)
        return [str(name) for name, *_ in shape], _rows(found)

    def _named(self, place: str, name: str) -> dict[str, str]:
        with _told():
            found = self._database.execute(
                f"SELECT schema_name, {name} FROM {place} WHERE NOT internal ORDER BY ALL"  # noqa: S608  (ours)
            ).fetchall()
        parts = [(one,) if schema == "main" else (schema, one) for schema, one in found]
        return {".".join(each): _all_of(each) for each in parts}


def _all_of(parts: Sequence[str]) -> str:
    names = [asking(part, dotted=False).removeprefix("SELECT * FROM ") for part in parts]
    return f"SELECT * FROM {'.'.join(names)}"  # noqa: S608  (quoted)


def _text(place: int, kind: str) -> str:
    return f"NULL AS c{place}" if kind in ("BLOB", "BIT", "BINARY") else f"c{place}::VARCHAR"


def _rows(found: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    with _told():
        while rows := found.fetchmany(_MANY):
            yield from rows


@contextmanager
def _told() -> Iterator[None]:
    """An error of DuckDB as what is wrong, without its words, which may quote cells."""
    try:
        yield
    except (duckdb.Error, RuntimeError, ValueError) as error:
        what = str(error).lower()
        if "lock on file" in what:
            raise Refused("in use by another program; close it there, or read a copy") from None
        if "external access" in what or "disabled" in what:
            raise Refused("reads other files or servers, which is not done; name a table of it") from None
        kind = type(error).__name__.removesuffix("Exception").removesuffix("Error")
        raise Refused(f"refused by DuckDB ({kind}); check the file, the table or the query") from None

"""PostgreSQL: a table or a query, through ADBC. The login comes from the environment or ~/.pgpass."""

from typing import Any
from urllib.parse import quote

import polars as pl

from cx_kpi.model.errors import InputProblem, missing_package
from cx_kpi.read.databases.query_text import asking
from cx_kpi.read.raw.address import Address
from cx_kpi.read.raw.column_names import unique
from cx_kpi.read.raw.source import SAMPLE, TextFrame

_READ_ONLY = f"options={quote('-c default_transaction_read_only=on')}"


def open_postgres(address: Address) -> TextFrame:
    """The table or the answer to the query, with its types; raises `InputProblem`."""
    try:
        from adbc_driver_manager import Error  # type: ignore[import-not-found,unused-ignore]
        from adbc_driver_postgresql import dbapi  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError:
        raise InputProblem(missing_package(f"{address.name}: PostgreSQL", "postgres")) from None
    try:
        with dbapi.connect(_read_only(address.where)) as connection, connection.cursor() as cursor:
            cursor.execute(asking(address.query))
            frame = _plain(pl.DataFrame(cursor.fetch_arrow()))
    except Error as error:
        raise _problem(address, error.sqlstate) from None
    return TextFrame(address.name, frame.lazy(), tuple(frame.columns), frame.head(SAMPLE))


def _read_only(where: str) -> str:
    return f"{where}{'&' if '?' in where else '?'}{_READ_ONLY}"


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """With clean names, empty text as null, and the bytes of a UUID as digits."""
    named = frame.rename(dict(zip(frame.columns, unique(frame.columns), strict=True)))
    return named.with_columns(pl.col(pl.String).replace("", None), pl.col(pl.Binary).bin.encode("hex"))


def _problem(address: Address, state: Any) -> InputProblem:
    """The error without the server's words, which may hold cells and passwords."""
    if not state or str(state).startswith(("08", "28", "\0")):
        return InputProblem(
            f"{address.name}: no connection; check host and database, and PGUSER and PGPASSWORD or ~/.pgpass"
        )
    return InputProblem(f"{address.name}: refused by the server (SQLSTATE {state}); check the table or query")

"""MySQL and MariaDB: a table or a query, through PyMySQL. The login comes from the address, MYSQL_PWD or ~/.my.cnf."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from cx_kpi.model.errors import InputProblem, missing_package
from cx_kpi.read.databases.cell_rows import Row, TooMuch, counter, frame_of
from cx_kpi.read.databases.query_text import asking
from cx_kpi.read.raw.address import Address
from cx_kpi.read.raw.binary import MOST_PIPED
from cx_kpi.read.raw.column_names import unique
from cx_kpi.read.raw.source import SAMPLE, TextFrame

_PATIENCE = 30  # seconds for a connection
_WAIT = 600  # seconds for the next rows
_BIT = 16  # the type of columns of bits
_SHORT = 16  # bytes of an id; longer ones are no text
_NO_TABLE = range(1000, 2000)  # errors that servers give themselves; from 2000 on the client found them
_NOT_IN = (1044, 1045, 1049, 1130, 1251, 1698)  # login and database


def open_mysql(address: Address, most: int | None = None) -> TextFrame:
    """The table or the answer to the query, all columns text; raises `InputProblem`."""
    try:
        import pymysql  # type: ignore[import-untyped,import-not-found,unused-ignore]
        from pymysql.cursors import SSCursor  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError:
        raise InputProblem(missing_package(f"{address.name}: MySQL", "mysql")) from None
    try:
        with closing(pymysql.connect(**_login(address.where))) as server, server.cursor(SSCursor) as cursor:
            cursor.execute("SET SESSION TRANSACTION READ ONLY")
            cursor.execute(asking(address.query, "`"))
            names = unique([column[0] for column in cursor.description])
            bits = [column[1] == _BIT for column in cursor.description]
            frame = frame_of(names, _rows(cursor, bits), counter(most or MOST_PIPED))
    except TooMuch:
        raise InputProblem(f"{address.name}: more than --max-size allows; ask for fewer rows") from None
    except (
        pymysql.Error,
        OSError,
        ValueError,
        RuntimeError,
    ) as error:  # what it raises for a false server, too
        raise _problem(address, error) from None
    return TextFrame(address.name, frame.lazy(), tuple(frame.columns), frame.head(SAMPLE))


def _login(where: str) -> dict[str, Any]:
    """Where to connect, and as whom; the server may not ask for files of ours."""
    from pymysql.converters import encoders  # type: ignore[import-untyped,import-not-found,unused-ignore]

    place = urlsplit(where)
    return {
        "host": place.hostname,
        "port": place.port or 0,
        "user": unquote(place.username or "") or None,
        "password": (unquote(place.password or "") or os.environ.get("MYSQL_PWD", "")).encode(),
        "database": unquote(place.path.strip("/")) or None,
        "read_default_file": str(Path("~/.my.cnf").expanduser()),
        "charset": "utf8mb4",
        "connect_timeout": _PATIENCE,
        "read_timeout": _WAIT,
        "local_infile": False,
        "conv": encoders,  # and no decoders: cells as the server writes them
    }


def _rows(found: Any, bits: list[bool]) -> Iterator[Row]:
    for row in found:
        yield tuple(_cell(cell, is_bits=bit) for cell, bit in zip(row, bits, strict=True))


def _cell(cell: object, *, is_bits: bool) -> object:
    """Bits as a number, the bytes of an id as digits."""
    if not isinstance(cell, bytes):
        return cell
    if is_bits:
        return str(int.from_bytes(cell))
    return cell.hex() if len(cell) <= _SHORT else None


def _problem(address: Address, error: Exception) -> InputProblem:
    """The error without the server's words, which may hold cells and passwords."""
    number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    if number in _NO_TABLE and number not in _NOT_IN:
        return InputProblem(
            f"{address.name}: refused by the server (error {number}); check the table or query"
        )
    return InputProblem(
        f"{address.name}: no connection; check host and database, and the login in MYSQL_PWD or ~/.my.cnf"
    )

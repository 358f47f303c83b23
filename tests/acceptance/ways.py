"""The ways to write the desk: kinds of files, encodings, and formats of dates."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

MONTHS = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]


def epoch(scale: int) -> Callable[[datetime], str]:
    return lambda moment: str(int(moment.replace(tzinfo=UTC).timestamp() * scale))


def serial(moment: datetime) -> str:
    return str((moment - datetime(1899, 12, 30)) / timedelta(days=1))


def american(moment: datetime) -> str:
    return f"{moment.day}/{moment:%b/%y}".lower() + f" {moment.hour % 12 or 12}:{moment:%M:%S} {moment:%p}"


def offsets(moment: datetime) -> str:
    """The same instant, with the offset of another zone in every row."""
    hours = moment.minute % 12 - 5
    return f"{moment + timedelta(hours=hours):%Y-%m-%dT%H:%M:%S}{hours:+03d}:00"


FORMATS: dict[str, Callable[[datetime], str]] = {
    "seconds": epoch(1),
    "milliseconds": epoch(1_000),
    "microseconds": epoch(1_000_000),
    "spreadsheet days": serial,
    "dd.mm.yyyy": lambda moment: f"{moment:%d.%m.%Y %H:%M:%S}",
    "mm/dd/yyyy": lambda moment: f"{moment:%m/%d/%Y %H:%M:%S}",
    "8/jul/26 9:10 AM": american,
    "Russian months": lambda moment: f"{moment.day} {MONTHS[moment.month - 1]} {moment:%Y %H:%M:%S}",
    "ISO with Z": lambda moment: f"{moment:%Y-%m-%dT%H:%M:%SZ}",
    "an offset in every row": offsets,
    "naive and aware": lambda moment: f"{moment:%Y-%m-%d %H:%M:%S}" + ("+00:00" if moment.minute % 2 else ""),
    "guarded": lambda moment: f"'{moment:%Y-%m-%d %H:%M:%S}",
}


def sheet(table: pl.DataFrame, path: Path) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        page = book.add_worksheet("Tickets")
        for place, row in enumerate([table.columns, *table.rows()]):
            page.write_row(place, 0, row)


def database(table: pl.DataFrame, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"CREATE TABLE tickets ({', '.join(table.columns)})")
        connection.executemany(f"INSERT INTO tickets VALUES ({', '.join('?' * table.width)})", table.rows())


def encoded(codec: str) -> Callable[[pl.DataFrame, Path], None]:
    return lambda table, path: path.write_bytes(table.write_csv(separator=";").encode(codec)) and None


def typed(table: pl.DataFrame) -> pl.DataFrame:
    whole = ("reopen_count", "reply_count", "satisfaction_score")
    return table.with_columns(
        pl.col(name).str.to_datetime() for name in ("created_at", "first_response_at", "solved_at")
    ).with_columns(pl.col(whole).cast(pl.Int64))


Write = Callable[[pl.DataFrame, Path], Any]
WAYS: dict[str, Write] = {
    "csv": lambda table, path: table.write_csv(path),
    "tsv": lambda table, path: table.write_csv(path, separator="\t"),
    "parquet": lambda table, path: table.write_parquet(path),
    "arrow": lambda table, path: table.write_ipc(path),
    "ndjson": lambda table, path: table.write_ndjson(path),
    "json": lambda table, path: table.write_json(path),
    "xlsx": sheet,
    "sqlite": database,
    "CRLF.csv": lambda table, path: table.write_csv(path, line_terminator="\r\n"),
    "semicolon.csv": lambda table, path: table.write_csv(path, separator=";", quote_style="always"),
    "BOM.csv": lambda table, path: table.write_csv(path, include_bom=True),
    "csv.gz": lambda table, path: table.lazy().sink_csv(path, compression="gzip"),
    "csv.zst": lambda table, path: table.lazy().sink_csv(path, compression="zstd"),
    "utf-16.csv": encoded("utf-16"),
    "utf-16-be.csv": encoded("utf-16-be"),
    "utf-32.csv": encoded("utf-32"),
    "cp1251.csv": encoded("cp1251"),
    "koi8-r.csv": encoded("koi8-r"),
    "typed.parquet": lambda table, path: typed(table).write_parquet(path),
    "typed.arrow": lambda table, path: typed(table).write_ipc(path),
    "typed.ndjson": lambda table, path: typed(table).write_ndjson(path),
}

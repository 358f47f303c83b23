"""Files of each format, and what damage makes of them: in their bytes, and in what is inside."""

import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import polars as pl
import xlsxwriter

ROWS = 40
START = datetime(2026, 1, 1, 9)
FORMATS = ("parquet", "arrow", "sqlite", "xlsx", "json")
NASTY = (
    b"NaN", b"-Infinity", b"1e999", b"-1", b"0", b"9" * 400, b"null", b"true", b"[]", b"{}", b"[[[[[[]]]]]]", b'""',
    b'"\\ud800"', b'"\\u0000"', b'"' + b"x" * 5_000 + b'"', b'{"a":{"b":[1,{"c":null}]}}', b"[" * 3_000, b'{"a":' * 2_000,
    b'"9999-99-99"', b'"0000-00-00 00:00:00"', b'"1900-01-01T00:00:00+99:99"', b",", b'"', b"\xff\xfe", b"\0", b'"=1+1"',
)  # fmt: skip


def tickets() -> pl.DataFrame:
    """Typed columns of many kinds."""
    made = [START + timedelta(hours=36 * n) for n in range(ROWS)]
    return pl.DataFrame(
        {
            "ticket_id": [str(n) for n in range(ROWS)],
            "created_at": made,
            "status": pl.Series(["solved", "open"] * (ROWS // 2)).cast(pl.Categorical),
            "channel": [("email", "chat", None)[n % 3] for n in range(ROWS)],
            "first_response_at": [moment + timedelta(minutes=7 * n) for n, moment in enumerate(made)],
            "solved_at": [moment + timedelta(hours=n) if n % 2 else None for n, moment in enumerate(made)],
            "csat_score": [n % 5 + 1 for n in range(ROWS)],
            "tags": [["a", "b"][: n % 3] for n in range(ROWS)],
            "contact": [{"name": "x", "age": n} for n in range(ROWS)],
        }
    )


def _parquet() -> Iterator[bytes]:
    for compression in ("zstd", "snappy", "uncompressed"):
        out = io.BytesIO()
        tickets().write_parquet(out, compression=compression, row_group_size=15)  # type: ignore[arg-type]
        yield out.getvalue()


def _arrow() -> Iterator[bytes]:
    for compression in ("uncompressed", "zstd", "lz4"):
        out = io.BytesIO()
        tickets().write_ipc(out, compression=compression)  # type: ignore[arg-type]
        yield out.getvalue()


def _plain() -> list[dict[str, object]]:
    return json.loads(tickets().drop("tags", "contact").write_json())


def _sqlite() -> Iterator[bytes]:
    rows = [[str(cell) for cell in each.values()] for each in _plain()]
    names = ", ".join(_plain()[0])
    with closing(sqlite3.connect(":memory:")) as made:
        made.execute(f"CREATE TABLE tickets ({names}, PRIMARY KEY (ticket_id))")
        made.executemany(f"INSERT INTO tickets VALUES ({', '.join('?' * len(rows[0]))})", rows)
        made.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT DEFAULT 'none', n AS (id * 2))")
        made.execute("CREATE INDEX i ON tickets (created_at)")
        made.execute("CREATE VIEW early AS SELECT * FROM tickets LIMIT 3")
        made.execute("CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM notes; END")
        made.commit()
        yield made.serialize()


def _xlsx() -> Iterator[bytes]:
    for strings in (True, False):
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True, "constant_memory": not strings}) as book:
            date = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
            sheet = book.add_worksheet("Tickets")
            sheet.write_row(0, 0, [*_plain()[0]])
            for number, row in enumerate(tickets().drop("tags", "contact").iter_rows(), 1):
                for place, cell in enumerate(row):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(number, place, cell, date)
                    else:
                        sheet.write(number, place, cell)
            book.add_worksheet("Note").write(0, 0, "=1+1")
        yield out.getvalue()


def _json() -> Iterator[bytes]:
    rows = json.loads(tickets().write_json())
    yield json.dumps(rows).encode()
    yield "\n".join(map(json.dumps, rows)).encode()
    yield json.dumps({"data": {"tickets": rows, "users": [{"id": 1, "name": "x"}]}, "next": None}).encode()


def whole() -> dict[str, list[bytes]]:
    """Sound files of each format."""
    makers = {"parquet": _parquet, "arrow": _arrow, "sqlite": _sqlite, "xlsx": _xlsx, "json": _json}
    return {name: [*make()] for name, make in makers.items()}


def _flipped(data: bytearray, random: Random) -> None:
    for _ in range(random.choice((1, 1, 2, 5, 30))):
        data[random.randrange(len(data))] = random.choice((0, 1, 0x7F, 0x80, 0xFF, random.randrange(256)))


def _at_the_end(data: bytearray, random: Random) -> None:
    """Where Parquet and Arrow keep what they know of themselves."""
    for _ in range(random.choice((1, 2, 4))):
        data[-random.randrange(1, min(len(data), 1_500))] = random.randrange(256)


def _at_the_start(data: bytearray, random: Random) -> None:
    for _ in range(random.choice((1, 2, 4))):
        data[random.randrange(min(len(data), 300))] = random.randrange(256)


def _cut(data: bytearray, random: Random) -> None:
    del data[random.randrange(len(data)) :]


def _gone(data: bytearray, random: Random) -> None:
    start = random.randrange(len(data))
    del data[start : start + random.randrange(1, 600)]


def _twice(data: bytearray, random: Random) -> None:
    start = random.randrange(len(data))
    part = data[start : start + random.randrange(1, 600)]
    data[random.randrange(len(data)) : 0] = part


def _zeros(data: bytearray, random: Random) -> None:
    start = random.randrange(len(data))
    size = min(random.randrange(1, 600), len(data) - start)
    data[start : start + size] = bytes((random.choice((0, 0xFF)),)) * size


def _number(data: bytearray, random: Random) -> None:
    """A number of four or eight bytes at its bounds."""
    size = random.choice((2, 4, 8))
    start = random.randrange(max(1, len(data) - size))
    value = random.choice((0, 1, (1 << (8 * size - 1)) - 1, 1 << (8 * size - 1), (1 << (8 * size)) - 1))
    data[start : start + size] = value.to_bytes(size, random.choice(("little", "big")))


BYTES: tuple[Callable[[bytearray, Random], None], ...] = (
    _flipped, _at_the_end, _at_the_start, _cut, _gone, _twice, _zeros, _number,
)  # fmt: skip


def _words(data: bytes, random: Random) -> bytes:
    """A token of a text changed for another that means trouble."""
    tokens = [*re.finditer(rb'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[\[\]{},:<>/=]', data)]
    for _ in range(random.choice((1, 1, 2, 4))):
        found = random.choice(tokens)
        new = random.choice((*NASTY, random.choice(tokens)[0]))
        data = data[: found.start()] + new + data[found.end() :]
    return data


def _parts(data: bytes, random: Random) -> bytes:
    """A workbook of which a part is changed, left out or there twice."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = random.choice(
            [name for name in names if random.random() < 0.5 or "sheet" in name or "hared" in name]
        )
        for name in names:
            part = old.read(name)
            if name == chosen:
                what = random.randrange(4)
                if what == 0:
                    continue
                part = _words(part, random) if what < 3 else _mutated(part, random)
            new.writestr(name, part)
    return out.getvalue()


def _mutated(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 1, 2))):
        if changed:
            random.choice(BYTES)(changed, random)
    return bytes(changed)


def damaged(kind: str, sound: list[bytes], seed: int) -> bytes:
    """A damaged file of a format; the same for the same seed."""
    random = Random(f"{kind}{seed}")
    data = random.choice(sound)
    inside = {"json": _words, "xlsx": _parts}.get(kind)
    return inside(data, random) if inside and random.random() < 0.75 else _mutated(data, random)


def write(folder: Path, kind: str, sound: list[bytes], seed: int) -> Path:
    """A damaged file on the disk."""
    path = folder / f"tickets.{kind}"
    path.write_bytes(damaged(kind, sound, seed))
    return path

"""What any export may throw at the reader, by the rows of the acceptance table: right, or said, never neither."""

import contextlib
import os
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from cx_kpi.cli.app import run
from cx_kpi.errors import CxkpiError, InputProblem
from cx_kpi.options import Config, TableConfig
from cx_kpi.report import Report

from .desk import ROWS, desk, figures, report, stamps

HEADER = "ticket_id,created_at,solved_at,status,note"
LINES = [f"{n},2026-03-{n:02} 10:00,2026-03-{n:02} 12:00,solved,text {n}" for n in range(1, 29)]
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


def written(folder: Path, *lines: str, header: str = HEADER, name: str = "t.csv") -> Path:
    """A file of these lines."""
    path = folder / name
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def counted(made: Report) -> tuple[int, int, int, int]:
    """Rows in the files, used, set aside, filtered; they have to add up."""
    rows, used, aside, filtered = (
        sum(getattr(source, name) for source in made.sources)
        for name in ("rows", "used", "set_aside", "filtered")
    )
    assert rows == used + aside + filtered
    return rows, used, aside, filtered


def value(made: Report, metric: str) -> float | None:
    """The value of a metric; None is no data."""
    reading = made.metrics.get(metric)
    return reading.value if reading else None


def notices(made: Report) -> set[str]:
    """The codes of everything the report says about the data."""
    return {told.code for told in made.notices}


# ---------------------------------------------------------------------------------------------- rows 1 to 4

DAMAGE = {
    "short": "9,2026-03-09 10:00,2026-03-09 12:00,solved",
    "long": "9,2026-03-09 10:00,2026-03-09 12:00,solved,text,more",
    "stray quote": '9,2026-03-09 10:00,2026-03-09 12:00,solved,te"xt',
    "text after a quote": '9,2026-03-09 10:00,2026-03-09 12:00,solved,"text" 9',
    "another separator": "9;2026-03-09 10:00;2026-03-09 12:00;solved;text",
}


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda name: f"row01-{name}")
def test_a_damaged_row_is_set_aside_alone(
    damage: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, *LINES[:8], DAMAGE[damage], *LINES[9:])
    sound = written(tmp_path, *LINES[:8], *LINES[9:], name="sound.csv")
    made = report([path])
    assert counted(made) == (28, 27, 1, 0)
    assert figures(made) == figures(report([sound]))
    (told,) = [each for each in made.notices if each.code == "damaged_rows"]
    assert "line 10" in told.message
    assert run(["report", str(path), "--strict"]) == 3
    assert "10" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("preamble", ["All tickets", "", HEADER, *LINES]),
        ("repeated_header", [HEADER, *LINES[:9], HEADER, *LINES[9:]]),
        ("footer", [HEADER, *LINES, "Total,,,,28"]),
    ],
    ids=lambda each: f"row04-{each}" if isinstance(each, str) else "",
)
def test_what_is_no_row_is_not_counted(code: str, lines: list[str], tmp_path: Path) -> None:
    made = report([written(tmp_path, *lines[1:], header=lines[0])])
    assert counted(made) == (28, 28, 0, 0)
    assert code in notices(made)
    assert value(made, "tickets_created") in (28, None)


# -------------------------------------------------------------------------------------------------- row 5

IDS = ["007", "7", "+49 30", "12345678901234567890123", "12345678901234567890124", "1e5", "100000", "07"]


def test_row05_ids_are_text(tmp_path: Path) -> None:
    lines = [f'"{each}",2026-03-01 10:00,,open,' for each in IDS]
    assert counted(report([written(tmp_path, *lines)])) == (8, 8, 0, 0)


def test_row05_rounded_ids_are_told(tmp_path: Path) -> None:
    lines = [line.replace(f"{n},", f"1.0300{n}E+13,", 1) for n, line in enumerate(LINES, 1)]
    made = report([written(tmp_path, *lines)])
    assert "rounded_id" in notices(made)
    assert counted(made)[1] == 28


@pytest.mark.parametrize(
    "null", ["NULL", "N/A", "?", "-", "", "nan", "нет данных"], ids=lambda word: f"row05-{word}"
)
def test_null_words_are_empty_and_no_oddity(null: str, tmp_path: Path) -> None:
    lines = [f"{n},2026-03-01 10:00,{null},open,{null}" for n in range(5)]
    made = report([written(tmp_path, *lines)])
    assert counted(made) == (5, 5, 0, 0)
    assert notices(made) & {"unreadable", "unknown_word", "sentinel_date"} == set()


def test_row05_null_ids_are_set_aside(tmp_path: Path) -> None:
    made = report([written(tmp_path, *LINES, "NULL,2026-03-01 10:00,,open,", "?,2026-03-01 10:00,,open,")])
    assert counted(made) == (30, 28, 2, 0)


# -------------------------------------------------------------------------------------------------- row 6


@pytest.mark.parametrize(
    "header",
    [
        "ticket_id,created_at,solved_at,status,",
        "ticket_id,created_at,solved_at,status,status",
        " ticket_id ,Created At,SOLVED AT, Status,STATUS",
        '"ticket_id","created_at","solved_at","status"," "',
    ],
    ids=lambda header: f"row06-{header}",
)
def test_odd_column_names_are_handled(header: str, tmp_path: Path) -> None:
    plain = report([written(tmp_path, *LINES)])
    odd = report([written(tmp_path, *LINES, header=header, name="odd.csv")])
    assert figures(odd) == figures(plain)


def test_row06_a_missing_column_is_named_with_the_nearest(tmp_path: Path) -> None:
    path = written(tmp_path, *LINES, header="ticket_id,opened roughly,solved_at,status,note")
    with pytest.raises(InputProblem, match=r"created_at.*opened roughly"):
        report([path])
    config = Config(tickets=TableConfig(columns={"created_at": "opened roughy"}))
    with pytest.raises(InputProblem, match=r"did you mean opened roughly"):
        report([path], config=config)


# -------------------------------------------------------------------------------------------------- row 7


def sizes() -> Iterator[tuple[str, Callable[[Path], None], int | None]]:
    """Odd sizes, how to write them, and how many rows count; None: there is nothing to read."""
    yield "nothing", lambda path: path.write_bytes(b""), None
    yield "blank", lambda path: path.write_bytes(b"\n" * 1_000_000), None
    yield "header", lambda path: path.write_text(HEADER), 0
    yield "one", lambda path: path.write_text(f"{HEADER}\n{LINES[0]}"), 1
    yield (
        "empty lines",
        lambda path: path.write_text(f"{HEADER}\n{LINES[0]}" + "\n" * 1_000_000 + LINES[1]),
        2,
    )
    yield (
        "large cell",
        lambda path: path.write_text(f"{HEADER}\n{LINES[0]}" + "x" * 10_000_000 + f"\n{LINES[1]}\n"),
        2,
    )
    wide = [f"c{place}" for place in range(20_000)]
    body = "\n".join(f"{line}," + "," * 19_999 for line in LINES)
    yield "wide", lambda path: path.write_text(f"{HEADER},{','.join(wide)}\n{body}\n"), 28


@pytest.mark.parametrize(
    ("name", "write", "rows"), list(sizes()), ids=[f"row07-{name}" for name, _, _ in sizes()]
)
def test_odd_sizes(name: str, write: Callable[[Path], None], rows: int | None, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    write(path)
    start = time.process_time()
    if rows is None:
        with pytest.raises(InputProblem):
            report([path])
    else:
        made = report([path])
        assert counted(made)[1] == rows
        assert rows or all(
            reading.value in (None, 0) for reading in made.metrics.values() if reading.unit == "count"
        )
        assert rows or all(
            reading.value is None for reading in made.metrics.values() if reading.unit == "share"
        )
    assert time.process_time() - start < 10


# -------------------------------------------------------------------------------------------------- row 8


def test_row08_the_same_ticket_twice_counts_once(tmp_path: Path) -> None:
    made = report([written(tmp_path, *LINES, *LINES[:5])])
    assert counted(made) == (33, 28, 5, 0)
    assert "conflicting_duplicates" not in notices(made)


def test_row08_of_several_states_the_latest_counts(tmp_path: Path) -> None:
    header = "ticket_id,created_at,updated_at,solved_at,status"
    states = [
        "1,2026-03-01 10:00,2026-03-02 10:00,2026-03-02 10:00,solved",
        "1,2026-03-01 10:00,2026-03-01 11:00,,open",
        "1,2026-03-01 10:00,2026-03-01 10:00,,new",
        "2,2026-03-01 10:00,2026-03-01 10:00,,new",
    ]
    made = report([written(tmp_path, *states, header=header)])
    assert counted(made) == (4, 2, 2, 0)
    assert "conflicting_duplicates" in notices(made)
    last = report([written(tmp_path, states[0], states[3], header=header, name="last.csv")])
    assert figures(made) == figures(last)


# ---------------------------------------------------------------------------------------------- rows 9, 10


@pytest.mark.parametrize("kind", ["parquet", "arrow", "xlsx"], ids=lambda kind: f"row09-{kind}")
def test_damaged_binary_files_are_read_or_refused(
    kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"t.{kind}"
    WAYS[kind](desk(), path)
    data = path.read_bytes()
    for place in range(0, len(data), max(1, len(data) // 8)):
        for broken in (data[:place], data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]):
            path.write_bytes(broken)
            with contextlib.suppress(CxkpiError):
                assert counted(report([path]))[0] <= ROWS
    assert "panicked" not in capfd.readouterr().err


ODD_NAMES = ["*.csv", "[1].csv", "-t.csv", "a\nb.csv", "т.csv", "a b.csv", "tickets#x.csv", "~t.csv"]


@pytest.mark.parametrize("name", ODD_NAMES, ids=lambda name: f"row10-{name!r}")
def test_odd_names_are_names(name: str, tmp_path: Path) -> None:
    other = tmp_path / "1.csv"
    other.write_text("x,y\n1,2\n")
    assert counted(report([written(tmp_path, *LINES, name=name)])) == (28, 28, 0, 0)


@pytest.mark.parametrize(
    "kind",
    ["unreadable", "dangling", "folder", "socket", "/dev/zero", "/dev/null"],
    ids=lambda kind: f"row10-{kind}",
)
def test_odd_files_end_at_once(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path(kind) if kind.startswith("/") else Path("t.csv")
    if kind == "unreadable":
        path.write_text(HEADER)
        path.chmod(0)
        if os.access(path, os.R_OK):
            pytest.skip("this user may read everything")
    elif kind == "dangling":
        path.symlink_to("nowhere.csv")
    elif kind == "folder":
        path.mkdir()
    elif kind == "socket":
        with closing(socket.socket(socket.AF_UNIX)) as end:
            end.bind("t.csv")
    start = time.monotonic()
    with pytest.raises(InputProblem) as problem:
        report([path])
    assert "\n" not in str(problem.value)
    assert time.monotonic() - start < 2


# --------------------------------------------------------------------------------------------- rows 11, 12


def test_row11_more_solved_than_created_is_not_wrapped(tmp_path: Path) -> None:
    lines = [f"{n},2026-01-{n:02} 10:00,2026-03-02 12:00,solved,x" for n in range(1, 29)]
    made = report(
        [written(tmp_path, *lines)], since=datetime(2026, 3, 1).date(), until=datetime(2026, 4, 1).date()
    )
    for reading in made.metrics.values():
        assert reading.value is None or abs(reading.value) < 2**31


def test_row11_sums_beyond_32_and_63_bits_are_right(tmp_path: Path) -> None:
    header = "ticket_id,created_at,solved_at,status,reply_count,cost,type"
    lines = [
        f"{n},2026-03-{n:02} 10:00,2026-03-{n:02} 12:00,solved,4000000000,9e18,complaint"
        for n in range(1, 29)
    ]
    made = report([written(tmp_path, *lines, header=header)])
    assert value(made, "cost_per_complaint") == pytest.approx(9e18)
    for reading in made.metrics.values():
        assert reading.value is None or reading.value >= 0


ODD = {
    "nan": ("5.0", "NaN"),
    "inf": ("5.0", "inf"),
    "1e400": ("5.0", "1e400"),
    "negative": ("5.0", "-5.0"),
}


@pytest.mark.parametrize("odd", ["NaN", "inf", "-inf", "1e400", "-5"], ids=lambda cell: f"row12-{cell}")
def test_odd_numbers_are_empty_and_json_stays_json(odd: str, tmp_path: Path) -> None:
    header = "ticket_id,created_at,first response time (hours),status"
    lines = [f"{n},2026-03-{n:02} 10:00,{n}.5,open" for n in range(1, 28)]
    plain = figures(report([written(tmp_path, *lines, "28,2026-03-28 10:00,,open", header=header)]))
    made = report([written(tmp_path, *lines, f"28,2026-03-28 10:00,{odd},open", header=header)])
    assert figures(made) == plain
    assert odd == "NaN" or notices(made) & {"not_finite", "negative_duration"}


@pytest.mark.parametrize("year", ["0001", "1900", "9999", "10000"], ids=lambda year: f"row12-{year}")
def test_impossible_years_are_empty_and_counted(year: str, tmp_path: Path) -> None:
    lines = [*LINES, f"99,2026-03-05 10:00,{year}-01-01 00:00,solved,x"]
    plain = [*LINES, "99,2026-03-05 10:00,,solved,x"]
    made = report([written(tmp_path, *lines)])
    assert figures(made) == figures(report([written(tmp_path, *plain)]))
    assert notices(made) & {"sentinel_date", "unreadable"}


def test_row12_solved_before_created_is_set_aside(tmp_path: Path) -> None:
    made = report([written(tmp_path, *LINES, "99,2026-03-05 10:00,2026-03-04 10:00,solved,x")])
    assert counted(made) == (29, 28, 1, 0)


# ------------------------------------------------------------------------------------------------- row 14


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


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The figures of the desk."""
    path = tmp_path_factory.mktemp("desk") / "desk.csv"
    desk().write_csv(path)
    made = report([path])
    assert counted(made) == (ROWS, ROWS, 0, 0)
    found = figures(made)
    assert len([each for each in found["metrics"].values() if each["value"] is not None]) >= 20
    return found


@pytest.mark.parametrize("name", FORMATS, ids=lambda name: f"row14-{name}")
def test_dates_in_any_format_are_the_same_dates(name: str, expected: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    stamps(desk(), FORMATS[name]).write_csv(path)
    assert figures(report([path])) == expected


@pytest.mark.parametrize(
    ("dayfirst", "month"), [(True, 4), (False, 3), (None, 4)], ids=lambda each: f"row14-{each}"
)
def test_an_ambiguous_date_is_read_one_way_and_told(
    dayfirst: bool | None, month: int, tmp_path: Path
) -> None:
    lines = [
        f"{n},{n:02}/04/2026 10:00,,open,x" if month == 4 else f"{n},03/{n:02}/2026 10:00,,open,x"
        for n in range(1, 13)
    ]
    lines = [f"{n},03/04/2026 {n:02}:00,,open,x" for n in range(1, 13)]
    made = report([written(tmp_path, *lines)], config=Config(dayfirst=dayfirst))
    assert made.as_of.startswith(f"2026-{month:02}-{7 - month:02}")
    assert ("ambiguous_dates" in notices(made)) is (dayfirst is None)


# ------------------------------------------------------------------------------------------------- row 16


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


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"row16-{way}")
def test_any_kind_of_file_gives_the_same_figures(way: str, expected: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / f"t.{way}"
    WAYS[way](desk(), path)
    assert figures(report([path])) == expected


def several(table: pl.DataFrame, folder: Path, parts: int) -> list[Path]:
    paths = [folder / f"{place}.csv" for place in range(parts)]
    for place, path in enumerate(paths):
        table.gather_every(parts, place).write_csv(path)
    return paths


Change = Callable[[pl.DataFrame, Path], list[Path]]


def one(change: Callable[[pl.DataFrame], pl.DataFrame]) -> Change:
    def write(table: pl.DataFrame, folder: Path) -> list[Path]:
        change(table).write_csv(folder / "t.csv")
        return [folder / "t.csv"]

    return write


CHANGES: dict[str, Change] = {
    "shuffled": one(lambda table: table.sample(fraction=1, shuffle=True, seed=3)),
    "reversed columns": one(lambda table: table.select(reversed(table.columns))),
    "another column": one(
        lambda table: table.with_columns(pl.lit("x").alias("note"), pl.lit("1").alias("n"))
    ),
    "in two": lambda table, folder: several(table, folder, 2),
    "in seven": lambda table, folder: several(table, folder, 7),
    "a file twice": lambda table, folder: several(table, folder, 2) * 2,
    "a copy of a file": lambda table, folder: [
        *several(table, folder, 2),
        (folder / "copy.csv", (folder / "copy.csv").write_bytes((folder / "0.csv").read_bytes()))[0],
    ],
    "rows repeated": one(lambda table: pl.concat([table, table.head(20)])),
    "padded cells": one(
        lambda table: table.with_columns(pl.format("  {} ", name).alias(name) for name in table.columns[:4])
    ),
    "other offsets": one(lambda table: stamps(table, offsets)),
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: f"row16-{change}")
def test_what_should_not_matter_does_not(change: str, expected: dict[str, Any], tmp_path: Path) -> None:
    paths = CHANGES[change](desk(), tmp_path)
    assert figures(report(paths)) == expected


def test_row16_renamed_columns_with_a_mapping(expected: dict[str, Any], tmp_path: Path) -> None:
    table = desk()
    names = {name: f"Spalte {place}" for place, name in enumerate(table.columns)}
    table.rename(names).write_csv(tmp_path / "t.csv")
    config = Config(tickets=TableConfig(columns=dict(names)))
    assert figures(report([tmp_path / "t.csv"], config=config)) == expected


def test_row16_shifted_by_whole_weeks(expected: dict[str, Any], tmp_path: Path) -> None:
    """All that is counted by weeks and not by months stays what it is."""
    shifted = stamps(desk(), lambda moment: str(moment + timedelta(weeks=10)))
    desk().write_csv(tmp_path / "a.csv")
    shifted.write_csv(tmp_path / "b.csv")
    first, second = (
        report(
            [tmp_path / name], period="week", since=start.date(), until=(start + timedelta(weeks=12)).date()
        )
        for name, start in (("a.csv", datetime(2026, 1, 5)), ("b.csv", datetime(2026, 3, 16)))
    )
    values = [{name: reading.value for name, reading in made.metrics.items()} for made in (first, second)]
    assert values[0] == pytest.approx(values[1])
    assert [point.value for point in first.series] == pytest.approx([point.value for point in second.series])


# ------------------------------------------------------------------------------------------------- row 20


@pytest.mark.parametrize(
    "named", ["t.csv", "t.sqlite", "t.sqlite#tickets", "link.csv"], ids=lambda name: f"row20-{name}"
)
def test_an_input_is_never_written_over(named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = Path(named.partition("#")[0])
    WAYS["sqlite" if "sqlite" in named else "csv"](desk(), Path(file.name.replace("link", "t")))
    if named == "link.csv":
        file.symlink_to("t.csv")
    before = file.read_bytes()
    assert run(["report", "--tickets", named, "-f", "json", "-o", str(file)]) in (2, 4)
    assert run(["report", "--tickets", named, "--rejects", str(file)]) in (2, 4)
    assert file.read_bytes() == before


# ------------------------------------------------------------------------------------------------- row 30


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9/t.csv", "https://x/t.csv", "s3://b/t.parquet", "gs://b/t.csv", "file:///etc/passwd"],
    ids=lambda url: f"row30-{url}",
)
def test_no_address_is_read_unless_allowed(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert run(["report", url]) == 2
    assert run(["report", "--tickets", url, "-o", "never.html"]) == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert url.startswith("file") or "--allow-remote" in said

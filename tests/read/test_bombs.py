"""Bombs and broken workbooks end in one line, in a process of their own; what is allowed is read."""

import contextlib
import gzip
import os
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from cx_kpi.model.errors import InputProblem, NoData
from cx_kpi.read.open import open_all, open_each
from cx_kpi.read.raw.source import TextFrame

ROWS = 40_000
LIMIT = 1 << 16
ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="S">{rows}</table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)
ODS_CELL = '<table:table-cell office:value-type="string"{repeat}><text:p>{text}</text:p></table:table-cell>'


def opened(path: Path, most: int | None = None) -> TextFrame:
    (frame,) = open_each(path, most)
    return frame


def book(path: Path, rows: int = 60, far: bool = False) -> None:
    with xlsxwriter.Workbook(path) as made:
        page = made.add_worksheet()
        page.write_row(0, 0, ["ticket_id", "created_at"])
        for place in range(1, rows + 1):
            page.write_row(place, 0, [str(place), "2026-01-05 10:00"])
        if far:
            page.write(1_048_575, 16_383, "x")


def open_document(path: Path, rows: str) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("content.xml", ODS.format(rows=rows))
        manifest = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        made.writestr("META-INF/manifest.xml", manifest)


def ods_rows(cells: list[list[str]]) -> str:
    rows = ("".join(ODS_CELL.format(repeat="", text=text) for text in row) for row in cells)
    return "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)


TABLE = pl.DataFrame({"ticket_id": ["7"] * ROWS, "created_at": ["2026-01-05"] * ROWS})
BOMBS: dict[str, Callable[[Path], object]] = {
    "t.csv.gz": lambda path: path.write_bytes(gzip.compress(TABLE.write_csv().encode())),
    "t.csv.zst": lambda path: TABLE.lazy().sink_csv(path, compression="zstd"),
    "t.json.gz": lambda path: path.write_bytes(gzip.compress(TABLE.write_json().encode())),
    "t.parquet": TABLE.write_parquet,
    "t.arrow": lambda path: TABLE.write_ipc(path, compression="zstd"),
    "t.xlsx": lambda path: book(path, 2000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_unpacks_to_too_much_is_refused_unless_allowed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / name
    BOMBS[name](path)
    assert opened(path).headers == tuple(TABLE.columns)
    with pytest.raises(InputProblem, match=r"unpacks to over .* --max-size"):
        opened(path, LIMIT)
    monkeypatch.setattr("cx_kpi.read.raw.binary.SMALL", 0)
    monkeypatch.setattr("cx_kpi.read.raw.binary.MOST_RATIO", 1)
    monkeypatch.setattr("cx_kpi.read.raw.binary.MOST_UNPACKED", LIMIT)
    with pytest.raises(InputProblem, match="unpacks to over"):
        opened(path)
    assert opened(path, 1 << 24).sample.height == 1000


def test_a_line_without_end_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"ticket_id,created_at\n" + b"a" * (70 << 20)))
    with pytest.raises(InputProblem, match=r"t\.csv\.gz:2: a line of over 64 MB"):
        opened(path)


@pytest.mark.parametrize("piped", [False, True])
def test_a_line_without_end_is_refused_before_it_is_read(piped: bool, tmp_path: Path) -> None:
    """In a plain file and in a pipe: the process never holds the line."""
    path = tmp_path / "t.csv"
    with path.open("wb") as made:
        made.write(b"ticket_id,created_at\n")
        for _ in range(200):
            made.write(b"a" * (1 << 20))
    script = (
        "import re, sys; from cx_kpi.cli.app import run; code = run(sys.argv[1:]);"
        "print(code, re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])"
    )
    with path.open("rb") as data, subprocess.Popen(["cat"], stdin=data, stdout=subprocess.PIPE) as cat:
        done = subprocess.run(
            [sys.executable, "-c", script, "check", "-" if piped else str(path)],
            stdin=cat.stdout,
            capture_output=True,
            text=True,
            check=True,
        )
        cat.kill()
    code, kilobytes = map(int, done.stdout.split())
    assert code == 3
    assert "2: a line of over 64 MB" in done.stderr
    assert kilobytes < 330_000


@pytest.mark.parametrize("end", ["\n", "\r"])
def test_short_lines_are_read_however_many(end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cx_kpi.read.raw.endless.ENDLESS", 40)
    path = tmp_path / "t.csv"
    rows = ["ticket_id,subject", *(f'{n},"a{end}b"' for n in range(60))]
    path.write_bytes(end.join(rows).encode())
    assert opened(path).frame.collect().height == 60
    path.write_bytes(end.join([*rows, "61," + "x" * 60]).encode())
    with pytest.raises(InputProblem, match="a line of over"):
        opened(path)


def test_sheets_of_billions_of_cells_end_in_one_line(tmp_path: Path) -> None:
    book(tmp_path / "far.xlsx", far=True)
    repeat = ' table:number-columns-repeated="16384"'
    row = ODS_CELL.format(repeat=repeat, text="x")
    rows = f'<table:table-row table:number-rows-repeated="1048576">{row}</table:table-row>'
    open_document(tmp_path / "many.ods", rows)
    for name in ("far.xlsx", "many.ods"):
        with pytest.raises(InputProblem, match="not a readable spreadsheet"):
            opened(tmp_path / name)


def test_a_workbook_is_read_exactly_or_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    book(tmp_path / "t.xlsx")
    cells = [["ticket_id", "created_at"], *([str(n), "2026-01-05 10:00"] for n in range(1, 61))]
    open_document(tmp_path / "t.ods", ods_rows(cells))
    draw = random.Random(5)
    for name in ("t.xlsx", "t.ods"):
        data = (tmp_path / name).read_bytes()
        whole = opened(tmp_path / name).sample
        assert whole.rows() == [tuple(row) for row in cells[1:]]
        for _ in range(4):
            place = draw.randrange(len(data))
            flipped = data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]
            (tmp_path / name).write_bytes(draw.choice([data[:place], flipped]))
            with contextlib.suppress(InputProblem):
                assert opened(tmp_path / name).sample.equals(whole)
    (tmp_path / "t.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 20)
    with pytest.raises(InputProblem, match="not a readable spreadsheet"):
        opened(tmp_path / "t.xls")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", b""),
        ("t.csv", b"\xef\xbb\xbf\r\n\r\n"),
        ("t.json", b" [] "),
        ("t.parquet", b""),
        ("t.xlsx", b""),
    ],
)
def test_nothing_in_a_file_is_no_data(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(NoData, match="the file is empty"):
        opened(tmp_path / name)


def test_a_workbook_without_cells_is_no_data(tmp_path: Path) -> None:
    xlsxwriter.Workbook(tmp_path / "t.xlsx").close()
    with pytest.raises(NoData):
        opened(tmp_path / "t.xlsx")


def packed(path: Path, *parts: bytes) -> Path:
    """A small file that unpacks to all of these."""
    with gzip.open(path, "wb") as made:
        for part in parts:
            made.write(part)
    return path


WIDE = (b'{"k%d":1}\n' % number for number in range(9_000))
HEAVY = {
    "objects of nothing": (b"[", b"{}," * 20_000_000, b"{}]"),
    "lines of nothing": (b"{}\n" * 20_000_000,),
    "lists": (b'{"a":[', b"[]," * 20_000_000, b"[]]}"),
    "numbers": (b'{"a":[', b"1," * 30_000_000, b"1]}"),
    "a name for each row": (*WIDE, b'{"k":1}\n' * 150_000),
    "a long name over many": (
        b'{"',
        b"a" * 900_000,
        b'":{',
        b",".join(b'"k%d":1' % n for n in range(9000)),
        b'},"b":1}',
    ),
}


@pytest.mark.parametrize("parts", HEAVY.values(), ids=HEAVY)
def test_json_counts_by_what_it_becomes(parts: tuple[bytes, ...], tmp_path: Path) -> None:
    path, started = packed(tmp_path / "t.json.gz", *parts), time.process_time()
    with pytest.raises(InputProblem, match=r"unpacks to over|a name of over") as problem:
        opened(path)
    assert "\n" not in str(problem.value)
    assert time.process_time() - started < 15


def test_names_are_only_so_deep(tmp_path: Path) -> None:
    """Below that, a cell holds what is there as JSON."""
    path = packed(tmp_path / "t.json.gz", b'{"a' + b'a":{"a' * 400 + b'":1' + b"}" * 401)
    assert [len(name) < 50 for name in opened(path).sample.columns] == [True]


@pytest.mark.parametrize("place", ["header", "row", "last row"])
def test_a_cell_without_end_is_no_cell_of_a_sheet(place: str, tmp_path: Path) -> None:
    """90 s of work for a file of 50 kB once."""
    text = "a" * (48 << 20)
    cells = [["ticket_id", "created_at"], *([str(n), "2026-01-05"] for n in range(200))]
    cells[{"header": 0, "row": 1, "last row": 200}[place]][0] = text
    open_document(tmp_path / "t.ods", ods_rows(cells))
    started = time.process_time()
    with pytest.raises(InputProblem, match="a cell of over 1 MB"):
        opened(tmp_path / "t.ods")
    assert time.process_time() - started < 10


def test_a_cell_as_long_as_sheets_have_them_is_read(tmp_path: Path) -> None:
    cells = [
        ["ticket_id", "created_at", "subject"],
        *([str(n), "2026-01-05", "x" * 32_767] for n in range(3)),
    ]
    open_document(tmp_path / "t.ods", ods_rows(cells))
    assert opened(tmp_path / "t.ods").sample["subject"].str.len_chars().to_list() == [32_767] * 3


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_no_entity_of_a_workbook_reads_a_file_or_grows(part: str, tmp_path: Path) -> None:
    book(tmp_path / "plain.xlsx")
    (tmp_path / "secret").write_text("hunter2")
    more = "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(12))
    declared = (
        f"<!DOCTYPE x [<!ENTITY a 'ha'>{more}<!ENTITY file SYSTEM '{(tmp_path / 'secret').as_uri()}'>]>"
    )
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as plain, zipfile.ZipFile(tmp_path / "t.xlsx", "w") as made:
        for name in plain.namelist():
            data = plain.read(name)
            if name == part:
                data = data.replace(b"?>", b"?>" + declared.encode(), 1).replace(
                    b"created_at", b"&m;&file;", 1
                )
            made.writestr(name, data)
    started = time.process_time()
    try:
        cells = str(opened(tmp_path / "t.xlsx").frame.collect().rows()) + str(
            opened(tmp_path / "t.xlsx").headers
        )
    except InputProblem as problem:
        cells = str(problem)
    assert "hunter2" not in cells
    assert len(cells) < 100_000
    assert time.process_time() - started < 5


def test_pipes_and_devices_in_a_folder_are_passed_over(tmp_path: Path) -> None:
    """Reading them would never end."""
    TABLE.write_csv(tmp_path / "t.csv")
    os.mkfifo(tmp_path / "endless.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    assert [frame.path for frame in open_all([str(tmp_path)])] == [str(tmp_path / "t.csv")]

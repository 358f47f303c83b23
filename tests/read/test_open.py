"""Every kind of file gives the same table; what is no table is one clean line."""

import contextlib
import os
import threading
import zipfile
from collections.abc import Callable
from datetime import datetime, time, timedelta
from io import BytesIO, TextIOWrapper
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from cx_kpi.model.errors import InputProblem
from cx_kpi.read.open import open_all, open_file

TABLE = pl.DataFrame(
    {
        "id": ["007", "+49 30", "23456789012345678901234", "9"],
        "text": ["Привет, x", 'she said "no"', None, "=1+1"],
        "tags": [None, "a b", None, None],
    }
)


def sheet(path: Path) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        book.add_worksheet("Read me").write(0, 0, "Exported for you")
        page = book.add_worksheet("Tickets")
        page.write(0, 0, "All tickets")
        for place, row in enumerate([TABLE.columns, *TABLE.rows(), ("Total", None, "4")]):
            page.write_row(place + 2, 0, row)


def json_array(path: Path) -> None:
    path.write_text(TABLE.write_json())


WRITERS: dict[str, Callable[[Path], None]] = {
    "t.csv": TABLE.write_csv,
    "t.tsv": lambda path: TABLE.write_csv(path, separator="\t"),
    "t.csv.gz": lambda path: TABLE.lazy().sink_csv(path, compression="gzip"),
    "t.csv.zst": lambda path: TABLE.lazy().sink_csv(path, compression="zstd"),
    "t.xls": lambda path: TABLE.write_csv(path, separator="\t"),
    "t.xlsx": sheet,
    "renamed.csv": sheet,
    "t.json": json_array,
    "t.ndjson": TABLE.write_ndjson,
    "t.parquet": TABLE.write_parquet,
    "t.feather": TABLE.write_ipc,
}


@pytest.mark.parametrize("name", WRITERS)
def test_every_kind_of_file_gives_the_same_table(tmp_path: Path, name: str) -> None:
    WRITERS[name](tmp_path / name)
    frame = open_file(tmp_path / name)
    assert frame.headers == tuple(TABLE.columns)
    assert frame.frame.collect().equals(TABLE)
    assert frame.sample.equals(TABLE)


@pytest.mark.parametrize("name", [name for name in WRITERS if name != "t.xls"])
def test_standard_input_is_read_by_its_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    WRITERS[name](tmp_path / name)
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO((tmp_path / name).read_bytes())))
    (frame,) = open_all(["-"])
    assert (frame.path, frame.frame.collect().rows()) == ("stdin", TABLE.rows())


def test_a_pipe_is_read_once_and_kept(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_text, args=("a,b\n1,2\n",))
    writer.start()
    frame = open_file(tmp_path / "pipe")
    writer.join()
    assert frame.frame.collect().rows() == frame.frame.collect().rows() == [("1", "2")]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/dev/null", "the file is empty"),
        ("/dev/zero", "neither a file nor a pipe"),
    ],
)
def test_devices_end_at_once(path: str, message: str) -> None:
    with pytest.raises(InputProblem, match=message):
        open_file(Path(path))


BROKEN = {
    "page.xls": b"<html><table><tr><td>secret</td></tr></table>",
    "t.xlsx": b"PK\x03\x04 secret",
    "t.ods": b"\xd0\xcf\x11\xe0 secret",
    "t.arrow": b"ARROW1 secret",
    "t.parquet": b"PAR1 secret PAR1",
    "t.json": b"secret",
    "deep.json": b"[" * 100_000,
    "empty.json": b"[]",
    "void.parquet": b"",
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_table_is_one_line_without_its_contents(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    (tmp_path / name).write_bytes(BROKEN[name])
    with pytest.raises(InputProblem) as caught:
        open_file(tmp_path / name)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)
    assert capfd.readouterr().err == ""


def test_an_archive_is_to_be_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as made:
        made.writestr("tickets.csv", "id,created\n")
    with pytest.raises(InputProblem, match=r"export\.zip: a ZIP archive, not a table; unpack it"):
        open_file(tmp_path / "export.zip")


def test_json_cut_short_is_told_from_json_of_no_objects(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text('[{"id": 1},\n{"id": 2},\n{"id"')
    with pytest.raises(InputProblem, match=r"t\.json:3: damaged or cut short here"):
        open_file(tmp_path / "t.json")
    (tmp_path / "t.json").write_text("[1, 2]")
    with pytest.raises(InputProblem, match=r"t\.json: no JSON objects"):
        open_file(tmp_path / "t.json")


def test_a_broken_parquet_file_never_panics_aloud(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    TABLE.write_parquet(tmp_path / "good.parquet", compression="uncompressed")
    good = (tmp_path / "good.parquet").read_bytes()
    for place in range(0, len(good), len(good) // 12):
        (tmp_path / "t.parquet").write_bytes(good[:place] + b"\xff" + good[place + 1 :])
        with contextlib.suppress(InputProblem):
            open_file(tmp_path / "t.parquet").frame.collect()
    assert capfd.readouterr().err == ""


def test_dates_times_and_durations_of_a_sheet_are_text(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "t.xlsx") as book:
        elapsed = book.add_format({"num_format": "[h]:mm:ss"})
        clock = book.add_format({"num_format": "hh:mm"})
        page = book.add_worksheet()
        page.write_row(0, 0, ["id", "created", "elapsed", "at", "score"])
        for row in range(1, 4):
            page.write_number(row, 0, 1000 + row)
            page.write_datetime(row, 1, datetime(2026, 3, row, 10, 30), clock)
            page.write_datetime(row, 2, timedelta(hours=30, minutes=5), elapsed)
            page.write_datetime(row, 3, time(9, 15), clock)
            page.write_number(row, 4, 4.5)
    frame = open_file(tmp_path / "t.xlsx")
    assert frame.sample.row(0) == ("1001", "2026-03-01 10:30:00", "30:05:00", "09:15:00", "4.5")


def test_sheets_left_out_are_named(tmp_path: Path) -> None:
    sheet(tmp_path / "t.xlsx")
    notices = open_file(tmp_path / "t.xlsx").remarks
    assert [notice.code for notice in notices] == ["preamble", "other_sheets", "footer"]
    assert "Read me" in str(notices[1].phrase)


def test_a_bad_line_of_ndjson_is_set_aside(tmp_path: Path) -> None:
    lines = [
        '{"ticket":{"id":007}}',
        '{"ticket":{"id":12345678901234567890,"via":{"channel":"web"},"tags":["a","b"]}}',
    ]
    (tmp_path / "t.ndjson").write_text(
        "\n".join([*lines, "", '{"ticket":{"id":3,"open":true,"score":1.50}}'])
    )
    frame = open_file(tmp_path / "t.ndjson")
    assert frame.headers == ("id", "via.channel", "tags", "open", "score")
    assert frame.sample.rows() == [
        ("12345678901234567890", "web", "a, b", None, None),
        ("3", None, None, "true", "1.50"),
    ]
    assert [(reject.line, str(reject.reason)) for reject in frame.rejects] == [(1, "not a JSON object")]


def test_a_wrapped_array_is_unwrapped(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text('{"count": 2, "tickets": [{"id": 1}, {"id": 2}], "next": null}')
    assert open_file(tmp_path / "t.json").sample.rows() == [("1",), ("2",)]


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cx_kpi.read.raw.binary.SMALL", 1 << 16)
    pl.DataFrame({"a": ["x" * 1000] * 10_000}).lazy().sink_csv(tmp_path / "t.csv.zst", compression="zstd")
    with pytest.raises(InputProblem, match="unpacks to over"):
        open_file(tmp_path / "t.csv.zst")

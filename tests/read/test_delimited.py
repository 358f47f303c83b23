"""Delimited files become frames of text."""

import gzip
from pathlib import Path

import polars as pl
import pytest
from backports import zstd

from cx_kpi.model.errors import InputProblem
from cx_kpi.read.open import open_file
from cx_kpi.read.raw.source import TextFrame

ROWS = [
    ("007", "très bien, merci", None),
    ("+49 30", 'she said "no"', "a\nb"),
    ("23456789012345678901234", None, "x"),
]
PLAIN = 'id,text,note\n007,"très bien, merci",\n+49 30,"she said ""no""","a\nb"\n23456789012345678901234,,x\n'


def opened(path: Path, data: bytes) -> TextFrame:
    path.write_bytes(data)
    return open_file(path)


def test_cells_are_text_as_written_and_empty_ones_null(tmp_path: Path) -> None:
    frame = opened(tmp_path / "t.csv", PLAIN.encode())
    assert frame.headers == ("id", "text", "note")
    assert frame.frame.collect().rows() == frame.sample.rows() == ROWS
    assert set(frame.sample.dtypes) == {pl.String}


def test_quoted_empty_cells_are_null(tmp_path: Path) -> None:
    assert opened(tmp_path / "t.csv", b'a,b\n"","1"\n"2",""\n').sample.rows() == [(None, "1"), ("2", None)]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_every_encoding_gives_the_same_table(tmp_path: Path, codec: str) -> None:
    assert opened(tmp_path / "t.csv", PLAIN.encode(codec)).frame.collect().rows() == ROWS


@pytest.mark.parametrize("separator", [";", "\t", "|", "¤"])
def test_every_separator_gives_the_same_table(tmp_path: Path, separator: str) -> None:
    rows = [("1", "x", None), ("2", "y, z", "q")]
    text = "id,a,b\n1,x,\n2,y§ z,q\n".replace(",", separator).replace("§", ",")
    assert opened(tmp_path / "t.csv", text.encode()).sample.rows() == rows


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_every_line_end_gives_the_same_table(tmp_path: Path, end: str) -> None:
    assert opened(tmp_path / "t.csv", f"a,b{end}1,2{end}3,4{end}".encode()).sample.rows() == [
        ("1", "2"),
        ("3", "4"),
    ]


def test_a_declared_separator_is_no_row(tmp_path: Path) -> None:
    frame = opened(tmp_path / "t.csv", b"sep=;\r\na;b\r\n1;2\r\n")
    assert (frame.headers, frame.sample.rows()) == (("a", "b"), [("1", "2")])


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".zst", zstd.compress)])
def test_packed_files_read_the_same(tmp_path: Path, suffix: str, pack) -> None:
    assert opened(tmp_path / f"t.csv{suffix}", pack(PLAIN.encode())).frame.collect().rows() == ROWS


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InputProblem, match=r"t\.csv: the file is empty"):
        opened(tmp_path / "t.csv", data)


@pytest.mark.parametrize("data", [b"a,b", b"a,b\r\n", b"\xef\xbb\xbfa,b\n"])
def test_a_header_alone_is_an_empty_frame(tmp_path: Path, data: bytes) -> None:
    frame = opened(tmp_path / "t.csv", data)
    assert (frame.headers, frame.frame.collect().height) == (("a", "b"), 0)


def test_bad_bytes_are_replaced_and_counted(tmp_path: Path) -> None:
    frame = opened(tmp_path / "t.csv", "a,b\n1,été\n".encode("cp1252") + b"2,\x81\n")
    assert frame.sample.rows() == [("1", "été"), ("2", "\ufffd")]
    assert [(notice.code, notice.rows) for notice in frame.remarks] == [("bad_bytes", 1)]


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("t.csv.gz", gzip.compress(PLAIN.encode(), mtime=0)[:-20]),
        ("t.csv.zst", zstd.compress(PLAIN.encode())[:-20]),
        ("t.parquet", b"PAR1 secret customer PAR1"),
    ],
)
def test_a_broken_file_is_one_line_without_its_contents(tmp_path: Path, name: str, broken: bytes) -> None:
    with pytest.raises(InputProblem) as caught:
        opened(tmp_path / name, broken)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    pl.DataFrame({" n": [1, 2], "t": ["a", None]}).write_parquet(tmp_path / "x[1].parquet")
    frame = open_file(tmp_path / "x[1].parquet")
    assert frame.headers == ("n", "t")
    assert frame.frame.collect().rows() == [(1, "a"), (2, None)]
    assert frame.sample.dtypes == [pl.Int64, pl.String]

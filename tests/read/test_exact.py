"""The fast check accepts only files in which Python's own reader sees the very same rows."""

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cx_kpi.read.delimited.fast_path import is_exact
from cx_kpi.read.raw.binary import File
from cx_kpi.read.rows.first_rows import first_rows
from cx_kpi.read.rows.grammar import Grammar
from cx_kpi.read.rows.table_start import Layout, lay_out

GRAMMAR = Grammar(",", '"')
HEADER = "a,b\n"
PIECES = st.sampled_from(
    ["x", "Ж", ",", '"', '""', "\n", "\r\n", "\r", " ", "a,b\n", "1,2\n", '"x,y",z\n', "\0", "\x01", "\ufffd"]
)


def layout_of(text: str) -> Layout:
    found = lay_out(first_rows(text, GRAMMAR, 0)[:1])
    assert found is not None
    return found


def proven(data: bytes) -> bool:
    return is_exact(File(Path("-"), data), layout_of(HEADER + "1,2\n"), GRAMMAR)


@given(st.lists(PIECES, max_size=12).map("".join))
@example('1,"2\n3,4"\n')
@example('1,"a""b"\n')
@example("1,2\r\r\n")
@example("1,2\n\n3,4\n")
@example("1,2\na,b\n3,4\n")
@example("1,2\nTotal,4\n")
def test_yes_means_exactly_these_rows(body: str) -> None:
    data = (HEADER + body).encode()
    if not proven(data):
        return
    schema = {"a": pl.String, "b": pl.String}
    read = pl.scan_csv(data, has_header=False, schema=schema, skip_lines=1, null_values=[""]).collect().rows()
    rows = list(csv.reader(io.StringIO(body, newline=""), strict=True))
    assert read == [tuple(cell or None for cell in row) for row in rows]


@given(
    st.lists(st.tuples(*[st.text("xЖ,;\" '€", max_size=5)] * 2), min_size=1), st.sampled_from(["\n", "\r\n"])
)
def test_well_formed_rows_are_known(rows: list[tuple[str, str]], end: str) -> None:
    body = io.StringIO(newline="")
    csv.writer(body, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    assert proven((HEADER + body.getvalue()).encode())


@pytest.mark.parametrize(
    "body",
    [
        "1,2,3\n",
        "1\n",
        '1,"2\n',
        '1,2"\n',
        '1,"2"3\n',
        "1,2\n\n",
        "1,2\na,b\n",
        "1,2\nTotal,2\n",
        "1,\0\n",
        "1,\ufffd\n",
        "1,a\rb\n",
    ],
)
@pytest.mark.parametrize("rows", [0, 3000])
def test_anything_odd_is_not_proven(body: str, rows: int) -> None:
    assert proven((HEADER + "1,2\n" * rows).encode())
    assert not proven((HEADER + "1,2\n" * rows + body).encode())
    assert body.startswith("1,2\nTotal") or not proven((HEADER + body + "1,2\n" * rows).encode())


def test_bytes_of_another_encoding_are_not_proven() -> None:
    assert not proven((HEADER + "1,Привет\n").encode("cp1251"))

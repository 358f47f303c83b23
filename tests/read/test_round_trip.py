"""Any table that a well-behaved writer writes, in any dialect, is read back exactly."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from cx_kpi.read.open import open_file
from cx_kpi.read.raw.source import TextFrame

HEADER = ["id", "opened", "text", "note", "owner"]
CELL = st.text(st.sampled_from("ab5 ,;\t|'\"\n\r.-жЯё"), max_size=12)
ROW = st.tuples(CELL, CELL, st.sampled_from(["ann", "bob", ""]))
DIALECT = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from(",;\t|"),
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
        "lineterminator": st.sampled_from(["\n", "\r\n"]),
    }
)
ENCODING = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])


def read(data: bytes) -> TextFrame:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(data)
        frame = open_file(path)
        frame.frame.collect()
        return frame


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(ROW, min_size=3, max_size=20), dialect=DIALECT, encoding=ENCODING)
def test_any_table_in_any_dialect_comes_back(
    rows: list[tuple[str, str, str]], dialect: dict, encoding: str
) -> None:
    table = [(f"T-{place}", "2026-01-02 10:30", *row) for place, row in enumerate(rows)]
    table.append(("T-x", "2026-01-02", "не работает вход", "позвоните", "ann"))
    out = io.StringIO(newline="")
    csv.writer(out, **dialect).writerows([HEADER, *table])
    frame = read(out.getvalue().encode(encoding))
    assert frame.headers == tuple(HEADER)
    assert [tuple(cell or "" for cell in row) for row in frame.sample.rows()] == table
    assert frame.rejects == ()

"""Whatever the cells hold: no crash, and every row accounted for."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cx_kpi.model.errors import InputProblem
from cx_kpi.model.schema import TABLES
from cx_kpi.normalise.preset.presets import generic

from .frames import tables, text_frame

ODD = [
    "", " ", "NULL", "-", "?", "1", "0", "-1", "1e400", "nan", "inf", "2026-01-02", "2026-01-02 10:00:00", "31/12/2026",
    "12/31/2026 5:00 PM", "0000-00-00", "0001-01-01", "9999-12-31 23:59:59", "99999999999999999999", "1735689600",
    "9999999999999999", "2026-02-30", "2026-01-02T10:00:00+99:99", "2026-01-02T10:00:00+0530", "1:2", "999:99:99", "PT",
    "5 d", "★", "4/0", "5/5", "Good", "Offered", "open", "Closed", "deleted", "yes", "ложь", "'=1+1", "\u202e", "\x00", "😀",
    "1,2,3", "1.2.3", "May", "5 May", "%d/%m/%Y", "{rows}",
]  # fmt: skip
CELLS = st.one_of(st.none(), st.sampled_from(ODD), st.text(max_size=12))


@st.composite
def files(draw: st.DrawFn) -> tuple[str, dict[str, list[Any]]]:
    table = draw(st.sampled_from(sorted(TABLES)))
    fields = draw(st.lists(st.sampled_from(sorted(TABLES[table].fields)), unique=True, max_size=8))
    names = list(
        dict.fromkeys([*TABLES[table].required, *fields, draw(st.sampled_from(sorted(TABLES[table].fields)))])
    )
    rows = draw(st.integers(0, 6))
    return table, {
        generic().tables[table][name][0]: draw(st.lists(CELLS, min_size=rows, max_size=rows))
        for name in names
    }


@settings(max_examples=80)
@given(files(), st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu"]))
def test_no_cell_breaks_anything(file: tuple[str, dict[str, list[Any]]], zone: str) -> None:
    table, columns = file
    source = text_frame(columns)
    try:
        loaded = tables(source, explicit={source.path: table}, timezone=zone)[table]
    except InputProblem as problem:  # where all cells of the only date are yes or no
        if "no column for" not in str(problem):
            raise
        return
    (read,) = loaded.sources
    assert read.rows == read.used + read.set_aside == len(next(iter(columns.values())))
    assert loaded.frame.height == read.used
    excluded = sum(told.rows or 0 for told in loaded.notices if told.code == "excluded")
    assert excluded == read.set_aside

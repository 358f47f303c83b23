"""The line of every row set aside is its line in the file, whatever was read above it and in whatever encoding."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cx_kpi.api import run
from cx_kpi.model.options import Options
from cx_kpi.normalise.rejected import rejected
from cx_kpi.read.delimited.line_numbers import lines_of
from cx_kpi.wording.language import Language

HEADER = "ticket_id,created_at,status,note"
CODECS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1251", "koi8-r")
PREAMBLE = "Отчёт о заявках\n\n"
SORTS = ("good", "good", "lines", "undated", "narrow", "open", "blank", "header")
ROWS = {
    "good": "{n},2026-01-05 10:00,solved,ответ",
    "lines": '{n},2026-01-05 10:00,solved,"две\nстроки, ""и\n\nещё"',
    "undated": '{n},,solved,"без даты\nсовсем"',
    "narrow": "{n},2026-01-05 10:00,решено",
    "open": '{n},2026-01-05 10:00,solved,стро"ка',
    "blank": "",
    "header": HEADER,
}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sorts=st.lists(st.sampled_from(SORTS), max_size=30),
    codec=st.sampled_from(CODECS),
    end=st.sampled_from(["\n", "\r\n"]),
    preamble=st.booleans(),
)
def test_every_line_named_is_the_line_of_its_row(
    sorts: list[str], codec: str, end: str, preamble: bool, tmp_path: Path
) -> None:
    sorts = [*["good"] * 4, *sorts, "undated", "good", "good"]
    rows = [ROWS[sort].format(n=n) for n, sort in enumerate(sorts, 1000)]
    text = (PREAMBLE if preamble else "") + "\n".join([HEADER, *rows]) + "\n"
    path = tmp_path / "t.csv"
    path.write_bytes(text.replace("\n", end).encode(codec))
    expected = {}
    line = 2 + PREAMBLE.count("\n") * preamble
    for n, (sort, row) in enumerate(zip(sorts, rows, strict=True), 1000):
        if sort in ("undated", "narrow", "open"):
            expected[line] = str(n)
        line += row.count("\n") + 1
    done = run(Options(paths=(str(path),)))
    found = list(rejected(done.loaded, Language()))
    assert sorted(each.line or 0 for each in found) == sorted(expected)
    assert all(expected[each.line or 0] == each.id for each in found if each.id)
    begun = lines_of(str(path), list(expected))
    assert all(begun[place].startswith(number) for place, number in expected.items())


@pytest.mark.parametrize("codec", ["utf-16", "cp1251"])
def test_an_error_names_the_line_in_the_file(codec: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    rows = ['1,2026-01-05 10:00,solved,"две\nстроки"', "2,2026-01-05 10:00,стало", "3,2026-01-05,solved,да"]
    path.write_bytes((PREAMBLE + "\n".join([HEADER, *rows])).encode(codec))
    (told,) = [each for each in run(Options(paths=(str(path),))).notices if each.code == "damaged_rows"]
    assert "line 6: 3 cells" in told.message

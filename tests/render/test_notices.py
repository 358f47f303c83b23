"""Notices: those that move figures come before odd cells, and one line covers several columns."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.model.values import Level
from cx_kpi.normalise.vocabulary.notices import notice
from cx_kpi.render.terminal.terminal_report import render
from cx_kpi.render.view.notice_order import in_order, merged
from cx_kpi.wording.language import Language
from cx_kpi.wording.numerals import numerals

from .company import company

ENGLISH = Language("en")
CELLS = [
    notice("sentinel_date", ENGLISH, table="tickets", field=field, rows=rows, example="1900-01-01")
    for field, rows in (("first_response_at", 3), ("solved_at", 4), ("closed_at", 5))
]
OTHERS = [
    notice("excluded", ENGLISH, table="tickets", field="backwards", rows=3),
    notice("excluded", ENGLISH, table="tickets", field="spam", rows=8),
    notice("unknown_word", ENGLISH, table="tickets", field="channel", rows=2, example="fax"),
    notice("unknown_word", ENGLISH, table="tickets", field="priority", rows=2, example="P9"),
    notice("not_compared", ENGLISH),
]


@given(st.permutations([*CELLS, *OTHERS]))
def test_what_was_asked_for_in_vain_comes_first_then_lost_rows_then_cells_then_notes(notices):
    codes = [(each.level, each.code) for each in in_order(notices)]
    assert [code for _, code in codes[:2]] == ["not_compared", "excluded"]
    assert {code for _, code in codes[2:7]} == {"sentinel_date", "unknown_word"}
    assert codes[7] == (Level.INFO, "excluded")


@given(st.permutations([*CELLS, *OTHERS]))
def test_the_same_of_several_columns_is_one_notice_with_all_rows(notices):
    found = merged(notices, numerals("en"))
    (dates,) = [each for each in found if each.code == "sentinel_date"]
    assert dates.rows == 12
    assert all(each.field in dates.message for each in CELLS)
    assert [each for each in found if each is not dates] == [each for each in notices if each not in CELLS]


def test_rows_are_added_up_in_russian_too():
    russian = Language("ru")
    dates = [
        notice("sentinel_date", russian, table="tickets", field=field, rows=3, example="1900-01-03")
        for field in ("solved_at", "closed_at")
    ]
    (found,) = merged(dates, numerals("ru"))
    assert "1900-01-03 — 6;" in found.message


def test_a_terminal_says_it_in_one_line():
    text = render(replace(company(), notices=[*CELLS, OTHERS[-1]]), 250)
    assert "first_response_at, solved_at, closed_at: dates such as 1900-01-01 (12)" in text
    assert text.index("year before") < text.index("first_response_at, ")

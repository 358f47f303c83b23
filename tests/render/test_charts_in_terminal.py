"""Charts in a terminal: their lengths, heights and shades follow the numbers, in any width, plain in pipes."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from cx_kpi.model.chart_data import ChartKind
from cx_kpi.model.options import Look
from cx_kpi.render.elements.report_view import Cell, Picture, Table
from cx_kpi.render.terminal.braille import EMPTY, labelled, level, plot
from cx_kpi.render.terminal.chart_lines import BARS, PARTS, chart_lines
from cx_kpi.render.terminal.terminal_report import render
from cx_kpi.wording.language import Language

from .company import company, empty
from .gallery import GALLERY, with_gallery
from .hostile import DEALT, TEXTS, filled
from .test_safe import is_harmless

DRAWN = Look(charts="static")
VALUES = st.lists(st.none() | st.floats(-1e6, 1e6), min_size=1, max_size=40)
AMOUNTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=BARS).filter(any)


def picture(kind: ChartKind, *rows: list[float]) -> Picture:
    """A picture of these rows, with plain heads."""
    heads = [f"head {place}" for place in range(len(rows[0]))]
    names = [f"row {place}" for place in range(len(rows))]
    cells = [
        [Cell(name), *(Cell(f"={value}") for value in row)] for name, row in zip(names, rows, strict=True)
    ]
    return Picture("x", "x", "title", "", kind, heads, names, [*rows], Table("", ["", *heads], cells))


def drawn(shown: Picture, width: int = 100) -> list[str]:
    return [line.plain for line in chart_lines([shown], Language(), width)][1:]


@pytest.mark.parametrize("code", ["en", "ru"])
@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_charts_fit_and_are_drawn_only_when_asked_for(code, width):
    report = with_gallery(company(code))
    charted, without = render(report, width, look=DRAWN), render(report, width)
    assert max(map(cell_len, charted.splitlines())) <= width
    assert without == render(company(code), width)
    for exhibit in GALLERY:
        assert exhibit.title.split()[0] in charted
    assert "\x1b" not in charted


def test_colour_says_nothing_that_the_charts_do_not():
    report = with_gallery(company())
    coloured = render(report, 80, color=True, look=DRAWN)
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == render(report, 80, look=DRAWN)


def test_without_unicode_charts_are_of_plain_characters():
    text = render(with_gallery(company()), 80, unicode=False, look=DRAWN)
    assert text.isascii()
    assert "Trends" in text
    assert "####" in text


@pytest.mark.parametrize("turn", DEALT)
def test_hostile_text_is_only_text(turn):
    shown = render(filled(with_gallery(company()), *TEXTS, turn=turn), 80, look=DRAWN)
    assert all(is_harmless(line) for line in shown.split("\n"))
    assert max(map(cell_len, shown.splitlines())) <= 80


def test_nothing_to_draw():
    assert render(empty(), 80, look=DRAWN) == render(empty(), 80)


@given(AMOUNTS)
def test_bars_are_as_long_as_their_values(amounts):
    lines = drawn(picture(ChartKind.BARS, amounts))
    bars = [len(re.sub("[^█]", "", line)) for line in lines[: len(amounts)]]
    top = max(amounts)
    assert max(bars) == bars[amounts.index(top)] > 0
    assert all(abs(bar - amount / top * max(bars)) < 1.1 for bar, amount in zip(bars, amounts, strict=True))


@given(st.lists(st.integers(1, 50), min_size=2, max_size=len(PARTS)))
def test_parts_of_a_stack_fill_their_share(parts):
    line = drawn(picture(ChartKind.STACK, *[[part] for part in parts]))[0]
    whole = sum(line.count(glyph) for glyph, _ in PARTS)
    for part, (glyph, _) in zip(parts, PARTS, strict=False):
        assert abs(line.count(glyph) - part / sum(parts) * whole) <= 1


def test_more_parts_than_glyphs_are_rows():
    lines = drawn(picture(ChartKind.STACK, *[[1.0, 2.0, place] for place in range(7)]))
    assert [line.split("  ")[0] for line in lines[:7]] == [f"row {place}" for place in range(7)]


def test_a_heat_map_is_darkest_where_most_is():
    lines = drawn(picture(ChartKind.HEAT, [0.0, 5.0, None], [10.0, 1.0, 2.0]))
    assert [re.sub(r"(.)\1+", r"\1", line[7:]) for line in lines[1:3]] == ["░▓ ", "█░"]
    assert lines[3].strip() == "░ =0.0 – █ =10.0"


@given(VALUES, st.integers(1, 60), st.integers(1, 8))
def test_a_plot_has_its_size_and_shows_what_is_known(values, width, height):
    rows = plot(values, -1e6, 1e6, width, height)
    assert [len(row) for row in rows] == [width] * height
    blank = all(char == chr(EMPTY) for row in rows for char in row)
    assert blank == all(value is None for value in values)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.integers(1, 8))
def test_the_highest_and_the_lowest_are_in_their_rows(values, height):
    rows = plot(values, 0, 1, 2 * len(values), height)
    used = [place for place, row in enumerate(rows) if set(row) != {chr(EMPTY)}]
    assert (used[0], used[-1]) == (level(max(values), 0, 1, height), level(min(values), 0, 1, height))


def test_a_gap_stays_open():
    (row,) = plot([1, 1, None, None, None, 1, 1], 0, 2, 14, 1)
    assert chr(EMPTY) * 4 in row


def test_zeros_lie_at_the_bottom_and_other_flat_lines_in_the_middle_beside_their_value():
    def rows(value: float) -> list[int]:
        drawn = plot([value] * 4, value, value, 8, 5)
        assert labelled({value: "x"}, 5) == {
            place: "x" for place, row in enumerate(drawn) if row.strip(chr(EMPTY))
        }
        return [place for place, row in enumerate(drawn) if row.strip(chr(EMPTY))]

    assert (rows(0.0), rows(7.0)) == ([4], [2])
    assert labelled({9.0: "high", 1.0: "low"}, 5) == {0: "high", 4: "low"}


def test_what_is_in_order_grows_darker():
    ages = replace(picture(ChartKind.STACK, [4.0], [4.0], [4.0]), scale="ordered")
    assert drawn(ages)[0].split()[-1].strip("░▒▓█") == ""
    assert re.sub(r"(.)\1*", r"\1", drawn(ages)[0].split()[-1]) == "▒▓█"
    assert [mark for mark in "▒▓█" if mark in drawn(ages)[1]] == list("▒▓█")

"""The terminal report fits, is plain where it has to be, and passes nothing through."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from cx_kpi.model.values import Unit
from cx_kpi.render.elements.report_view import Cell, Cut, Table
from cx_kpi.render.terminal.cut_lines import FEW, cut_lines
from cx_kpi.render.terminal.terminal_report import render
from cx_kpi.render.terminal.text_columns import Column, Piece, headlines
from cx_kpi.render.view.present import view
from cx_kpi.wording.language import Language

from .company import company, empty
from .gallery import with_gallery
from .hostile import DEALT, MORE, TEXTS, filled
from .test_safe import is_harmless

COLOUR = re.compile(r"\x1b\[[\d;]*m")


@pytest.mark.parametrize("code", ["en", "ru"])
@pytest.mark.parametrize("width", [40, 50, 60, 72, 80, 100, 120, 160, 250])
def test_no_line_is_wider_than_the_terminal(code, width):
    text = render(company(code), width)
    assert max(map(cell_len, text.splitlines())) <= width
    for reading in company(code).metrics.values():
        assert reading.title.split()[0] in text


def test_more_room_shows_more():
    narrow, usual, wide = (render(company(), width) for width in (60, 100, 200))
    assert "History" not in narrow
    assert "History" in usual
    assert "missed" not in usual.split("Speed", 1)[1].split("Backlog")[0]
    assert "95% interval" in wide
    assert "missed" in wide.split("Speed", 1)[1].split("Backlog")[0]


def test_a_narrower_terminal_than_any_is_served_as_a_narrow_one():
    assert render(company(), 10) == render(company(), 40)


def test_two_screens_at_120_columns():
    assert len(render(company(), 120).splitlines()) <= 100


def test_colour_says_nothing_that_the_text_does_not():
    plain, coloured = render(company(), 100), render(company(), 100, color=True)
    assert "\x1b" not in plain
    assert COLOUR.sub("", coloured) == plain
    assert coloured != plain


def test_colours_follow_verdicts():
    text = render(company(), 160, color=True)
    assert "\x1b[31m✗ missed" in text
    assert "\x1b[32m✓ met" in text
    assert "\x1b[33m? inconclusive" in text
    assert "\x1b[31m▼ −2.1\u00a0pp !" in text


@pytest.mark.parametrize("code", ["en", "ru"])
def test_without_unicode_only_letters_are_beyond_ascii(code):
    text = render(company(code), 80, unicode=False)
    assert {char for char in text if not char.isascii() and not char.isalpha()} == set()
    assert ">=90" in text
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("turn", DEALT)
def test_hostile_text_is_only_text(turn, width):
    shown = render(filled(company(), *TEXTS, turn=turn), width)
    assert all(is_harmless(line) for line in shown.split("\n"))
    assert max(map(cell_len, shown.splitlines())) <= width


@pytest.mark.parametrize("turn", range(4))
def test_many_hostile_texts_are_only_text(turn):
    shown = render(filled(with_gallery(company()), *MORE, turn=turn), 80)
    assert all(is_harmless(line) for line in shown.split("\n"))
    assert max(map(cell_len, shown.splitlines())) <= 80


def test_markup_is_shown_as_it_is():
    shown = render(filled(company(), "[/] [bold red]"), 250)
    assert "[/] [bold red]First response time" in shown


def test_a_report_of_nothing():
    assert "no data" in render(empty(), 80)
    assert "нет данных" in render(empty("ru"), 80)


def test_segments_without_room_are_counted():
    assert "… and " in render(company(), width=60).split("Left out")[0]


def squeezed(text: str) -> str:
    """The text without what a width puts into it."""
    return " ".join(text.split())


def grid(segments: int, metrics: int) -> Cut:
    """A cut where nothing has a target, with the whole in the last column."""
    heads = ["", *(f"segment-{n}" for n in range(segments)), "together"]
    rows = [[Cell(f"metric {n}"), *(Cell("1") for _ in heads[1:])] for n in range(metrics)]
    return Cut("By some very long dimension", [Table("", heads, rows)], heads[1:-1])


@given(st.integers(1, 30), st.sampled_from([1, 2, FEW, FEW + 1]), st.integers(40, 160))
def test_a_cut_shows_twelve_segments_and_all_of_a_few_metrics_and_says_how_many_more(
    segments, metrics, width
):
    lines = [line.plain.rstrip() for line in cut_lines(grid(segments, metrics), Language(), width)]
    shown = re.findall(r"segment-(\d+)", "\n".join(lines))
    assert list(dict.fromkeys(shown)) == [str(n) for n in range(min(segments, 12))]
    assert "together" in "\n".join(lines)
    assert max(map(cell_len, lines)) <= width
    text = squeezed(" ".join(lines))
    assert (f"and {segments - 12} more segment" in text) == (segments > 12)
    assert (f"{metrics - 1} more metric" in text) == (metrics > FEW)
    for metric in range(metrics if metrics <= FEW else 1):
        assert f"metric {metric}" in text
    assert text.startswith("By some very long dimension")


def test_a_title_too_long_for_its_column_has_one_rule():
    columns = [Column("value", [Piece("1")])]
    for room in (10, 40):
        lines = [line.plain for line in headlines("Satisfaction and loyalty", columns, room, 60)]
        assert sum("─" in line for line in lines) == 1
        assert squeezed(" ".join(lines).replace("─", "")) == "Satisfaction and loyalty value"


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_nothing_beside_a_value_and_no_heading_is_cut_short(width):
    text = squeezed(re.sub("─+", "", render(company(), width)))
    groups = view(company()).groups
    for group in groups:
        assert group.title in text
        for row in group.rows:
            assert all(squeezed(fact.text) in text for fact in row.facts if fact.beside)


def test_what_was_left_out_is_listed_by_reason():
    text = render(company(), 200)
    for reason in view(company()).left_out:
        assert f"\n· {reason.why}: {reason.titles[0]}" in text


@pytest.mark.parametrize("code", ["en", "ru"])
def test_an_interval_is_explained_where_its_column_is_there(code):
    told = {"en": "95 times in 100", "ru": "в 95 случаях из 100"}[code]
    narrow, wide = (re.sub(r"\s+", " ", render(company(code), width)) for width in (100, 220))
    head = view(company(code)).heads.interval.replace("\xa0", " ")
    assert (head in wide, told in wide) == (True, True)
    assert (head in narrow) == (told in narrow)


def test_money_without_a_currency_says_whose_it_is():
    report = company()
    name, cost = next((name, each) for name, each in report.metrics.items() if each.unit is Unit.CURRENCY)
    bare = {key: value for key, value in cost.details.items() if key != "currency"}
    cost = replace(cost, value=3.2, n=10, latest=None)
    unnamed = replace(report, metrics=report.metrics | {name: replace(cost, details=bare)})
    named = replace(
        report, metrics=report.metrics | {name: replace(cost, details=bare | {"currency": "EUR"})}
    )
    assert "in the currency of the files" in re.sub(r"\s+", " ", render(unnamed, 100))
    assert "in the currency of the files" not in re.sub(r"\s+", " ", render(named, 100))

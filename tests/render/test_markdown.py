"""The Markdown is what it looks like: the same blocks and marks whatever the texts hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cx_kpi.render.text.markdown import escape, render

from .company import company, empty
from .gallery import GALLERY, with_gallery
from .hostile import DEALT, SEEN, TEXTS, filled

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def skeleton(text: str) -> list[str]:
    """Types of all tokens but those of plain text."""
    return [
        inner.type
        for token in PARSER.parse(text)
        for inner in (token, *(token.children or ()))
        if inner.type not in {"text", "text_special"}
    ]


USUAL = SEEN[: len(TEXTS) - 4]  # the first of them


@pytest.mark.parametrize(
    ("texts", "turn"), [*((SEEN, turn) for turn in range(4)), *((USUAL, turn) for turn in DEALT)]
)
def test_hostile_texts_change_no_token(texts, turn):
    report, benign = with_gallery(company()), [f"plain {place} " for place in range(len(texts))]
    hostile = skeleton(render(filled(report, *texts, turn=turn)))
    assert hostile == skeleton(render(filled(report, *benign, turn=turn)))


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1))
def test_an_escaped_text_is_shown_as_it_is(text):
    tokens = PARSER.parse("| a |\n|---|\n| x" + escape(text) + " |")
    (cell,) = [token for token in tokens if token.type == "inline"][1:]
    shown = "".join(inner.content for inner in cell.children)
    assert {inner.type for inner in cell.children} <= {"text", "text_special"}
    assert shown.replace("\u2060", "") == ("x" + text.strip()).replace("\u2060", "").strip()


@pytest.mark.parametrize("code", ["en", "ru"])
def test_tables_are_whole(code):
    tokens = PARSER.parse(render(company(code)))
    titles = [token.content for token in tokens if token.type == "inline"]
    for reading in company(code).metrics.values():
        assert escape(reading.title) in titles
    assert skeleton(render(company(code))).count("table_open") > len(company().groups)


def test_links_and_calls_are_broken():
    assert "http://" not in escape("http://example.org")
    assert "www." not in escape("www.example.org")
    assert "@s" not in escape("@somebody")


def test_a_report_of_nothing():
    assert "no data" in render(empty())


def test_exhibits_are_folded_tables_with_their_lines():
    text = render(with_gallery(company()))
    for exhibit in GALLERY:
        assert f"<summary>{escape(exhibit.title)}</summary>" in text
    assert "- created: ▁▄█▆" in text
    assert "|  | March 2026 | April 2026 | May 2026 | June 2026 |" in text
    assert "| solved | 880 | 930 |  | 1,000 (so far) |" in text
    assert text.count("<details") == text.count("</details>")

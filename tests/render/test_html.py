"""The page: one file, no request, sound structure, and the same skeleton whatever the texts hold."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from cx_kpi.render.html import render

from .company import company, empty
from .hostile import TEXTS, filled

SPOKEN = {"aria-label", "content", "data-label"}  # attributes whose value is a text of the report
EMPTY = {"meta", "polyline", "circle"}


class Page(HTMLParser):
    """Reads a page into its elements; fails where they are not nested."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, *((name, None if name in SPOKEN else value) for name, value in attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, *attrs))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def values(self, name: str) -> list[str]:
        return [value for _, *attrs in self.elements for key, value in attrs if key == name]


@pytest.mark.parametrize("text", [each for each in TEXTS if each.strip()])
def test_hostile_text_changes_no_element(text):
    assert (
        Page(render(filled(company(), text))).elements == Page(render(filled(company(), "plain "))).elements
    )


@pytest.mark.parametrize("report", [company(), company("ru"), empty(), empty("ru")])
def test_structure(report):
    page = Page(render(report))
    tags = [tag for tag, *_ in page.elements]
    assert ("html", ("lang", report.language)) in page.elements
    assert [tags.count(tag) for tag in ("main", "h1", "header", "footer", "nav")] == [1] * 5
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    targets = {href.removeprefix("#") for href in page.values("href")}
    assert targets | set(page.values("aria-labelledby")) <= set(ids)
    assert tags.count("caption") == tags.count("table")
    assert all(dict(attrs)["scope"] in {"col", "row"} for tag, *attrs in page.elements if tag == "th")


def test_nothing_is_asked_of_the_network_and_nothing_runs():
    text = render(company())
    page = Page(text)
    assert not {tag for tag, *_ in page.elements} & {"script", "link", "img", "iframe", "object", "form"}
    assert all(href.startswith("#") for href in page.values("href"))
    names = {name for _, *attrs in page.elements for name, _ in attrs}
    assert not any(name.startswith("on") for name in names)
    assert not names & {"src", "style", "srcset", "action"}
    assert "url(" not in text
    assert "@import" not in text


def test_the_policy_comes_first_and_allows_our_style_alone():
    text = render(company())
    head = text.split("<head>", 1)[1].lstrip()
    assert head.startswith('<meta http-equiv="Content-Security-Policy" content="default-src \'none\';')
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    assert b64encode(sha256(style.encode()).digest()).decode() in head.split(">", 1)[0]


@pytest.mark.parametrize("code", ["en", "ru"])
def test_every_title_and_value_is_on_the_page(code):
    said = " ".join(Page(render(company(code))).texts)
    for reading in company(code).metrics.values():
        assert reading.title in said
    for source in company(code).sources:
        assert source.path in said


def test_a_card_between_angle_brackets_is_a_name():
    assert "Card &lt;Gold&gt;" in render(company())

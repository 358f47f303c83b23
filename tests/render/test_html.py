"""The page: one file, no request, sound structure, and the same skeleton whatever the texts hold."""

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from cx_kpi.model.options import Look
from cx_kpi.model.report import Headline
from cx_kpi.render import charts
from cx_kpi.render.elements.sanitise import cleaned
from cx_kpi.render.page.html import render
from cx_kpi.render.page.page_charts import figures
from cx_kpi.wording.units import words_of

from .company import company, empty
from .gallery import with_gallery
from .hostile import SEEN, filled

SPOKEN = {"aria-label", "content", "data-label", "label"}  # attributes whose value is a text of the report
PLACES = {
    "id",
    "href",
    "data-segment",
    "value",
    "aria-labelledby",
}  # may stand for a text, but never quote it
EMPTY = {"meta", "polyline", "circle", "input", "img"}
DRAWN = {"svg", "g", "path", "line", "text", "tspan", "title"}
CELLS = {"td", "th"}
ROWS = CELLS | {"tr"}
BEGINNING = {"td": CELLS, "th": CELLS, "tr": ROWS}  # what ends where these begin
ENDING = {"tr": CELLS, "thead": ROWS, "tbody": ROWS, "tfoot": ROWS}
TURNS = 4


class Page(HTMLParser):
    """Reads a page into its elements, charts apart; fails where they are not nested.

    Rows and cells of a table may end where the next begins.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple] = []
        self.drawn: list[tuple] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.leave(BEGINNING.get(tag, set()))
        self.attributes += attrs
        shown = ((name, None if name in SPOKEN | PLACES else value) for name, value in attrs)
        inside = self.open[-1:] and self.open[-1].startswith("chart")
        if inside or ("class", "chart") in attrs:
            self.drawn.append((tag, *attrs))
        else:
            self.elements.append((tag, *shown))
        for name, value in attrs:
            if name in PLACES:
                assert re.fullmatch(r"#?[\w-]*( #?[\w-]+)*", value, re.ASCII), value
        if tag not in EMPTY:
            self.open.append(f"chart {tag}" if inside or ("class", "chart") in attrs else tag)

    def handle_startendtag(self, tag, attrs):
        (self.drawn if self.open[-1].startswith("chart") else self.elements).append((tag, *attrs))

    def leave(self, tags):
        while self.open and self.open[-1] in tags:
            self.open.pop()

    def handle_endtag(self, tag):
        self.leave(ENDING.get(tag, set()))
        assert self.open.pop().removeprefix("chart ") == tag

    def handle_data(self, data):
        self.texts.append(data)

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.attributes if key == name]


def monday(code: str = "en"):
    """The company with what the first screen and the charts show."""
    first = [Headline("Speed", ["first_response_within_target"]), Headline("Customers", ["csat", "nps"])]
    return replace(with_gallery(company(code)), headlines=first)


def skeleton(*texts: str, turn: int = 0) -> list[tuple]:
    return Page(render(filled(monday(), *texts, turn=turn), Look(charts="none"))).elements


@pytest.mark.parametrize("turn", range(TURNS))
def test_hostile_texts_change_no_element(turn):
    benign = [f"plain {place} " for place in range(len(SEEN))]
    assert skeleton(*SEEN, turn=turn) == skeleton(*benign, turn=turn)


def drawn(*texts: str, turn: int = 0) -> list[tuple[str, dict[str, str]]]:
    """Every element of every chart."""
    report = cleaned(filled(monday(), *texts, turn=turn))
    pictures = [charts.svg(figure.spec) for figure in figures(report, words_of(report))]
    return [(each.tag, each.attrib) for picture in pictures for each in ET.fromstring(picture).iter()]


@pytest.fixture(scope="module")
def calm() -> int:
    """How many marks of the charts have a text."""
    return sum(tag == "title" for tag, _ in drawn("plain "))


@pytest.mark.parametrize("turn", range(0, len(SEEN), 40))
def test_hostile_texts_draw_no_element(turn, calm):
    elements = drawn(*SEEN, turn=turn)
    assert {tag for tag, _ in elements} <= DRAWN
    names = {name for _, attributes in elements for name in attributes}
    assert not any(name.startswith("on") or name in {"href", "style", "src", "id"} for name in names)
    fills = {value for _, each in elements for name, value in each.items() if name in {"fill", "stroke"}}
    assert all(re.fullmatch(r"var\(--[a-z0-9]+\)|url\(#hatch\)|none", fill) for fill in fills)
    assert sum(tag == "title" for tag, _ in elements) == calm


@pytest.mark.parametrize("report", [monday(), monday("ru"), company(), empty(), empty("ru")])
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


def test_nothing_is_asked_of_the_network_and_nothing_runs_but_our_script():
    text = render(monday())
    page = Page(text)
    tags = [tag for tag, *_ in page.elements]
    assert not set(tags) & {"link", "img", "iframe", "object", "form"}
    kinds = [dict(attrs).get("type") for tag, *attrs in page.elements if tag == "script"]
    assert kinds in ([None], ["application/json", None])  # data is not run
    assert all(href.startswith("#") for href in page.values("href"))
    names = {name for name, _ in page.attributes}
    assert not any(name.startswith("on") for name in names)
    assert not names & {"src", "style", "srcset", "action"}
    assert set(re.findall(r"url\([^)]*\)", text)) <= {"url(#hatch)"}
    assert "@import" not in text


def test_the_policy_comes_first_and_allows_our_style_and_script_alone():
    text = render(company())
    head = unescape(text.split("<head>", 1)[1].lstrip())
    assert head.startswith('<meta http-equiv="Content-Security-Policy" content="default-src \'none\';')
    policy = re.search(r'content="([^"]*)"', head)[1]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    for tag in ("style", "script"):
        inlined = re.search(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)[1]
        hashed = b64encode(sha256(inlined.encode()).digest()).decode()
        assert rules[f"{tag}-src"] == f"'sha256-{hashed}'"
    assert rules.keys() == {"default-src", "style-src", "script-src", "base-uri", "form-action"}


def test_without_charts_the_rest_is_there():
    without, whole = Page(render(monday(), Look(charts="none"))), Page(render(monday()))
    assert whole.drawn
    assert not without.drawn
    assert set(without.values("id")) <= set(whole.values("id"))


def test_what_the_report_does_not_carry_leaves_nothing():
    tags = [tag for tag, *_ in Page(render(empty())).elements]
    assert not set(tags) & {"figure", "table", "details", "article", "select"}


@pytest.mark.parametrize("code", ["en", "ru"])
def test_every_title_and_value_is_on_the_page(code):
    said = " ".join(Page(render(company(code))).texts)
    for reading in company(code).metrics.values():
        assert reading.title in said
    for source in company(code).sources:
        assert source.path in said


def test_a_card_between_angle_brackets_is_a_name():
    assert "Card &lt;Gold&gt;" in render(company())

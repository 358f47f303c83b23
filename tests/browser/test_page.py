"""The HTML report in a real browser: it draws, fits, and requests nothing from outside."""

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

Sheet = Callable[[int, int], Page]

OPEN = """document.querySelectorAll("main > section:is(:nth-of-type(2), :nth-last-of-type(-n + 2)) details")
    .forEach((each) => { each.open = true; })"""  # every kind of part once: the others are of the same templates
PAPER = {"width": 703, "height": 1016}  # A4 without its margins
BEYOND = """(width) => [...document.querySelectorAll("table, figure, .card")]
    .map((each) => each.getBoundingClientRect()).filter((box) => box.right > width + 1)"""


def test_it_is_small(page_file: Path) -> None:
    assert page_file.stat().st_size < 600_000


def test_the_page_draws_alone(browser: Browser, page_file: Path) -> None:
    said, asked = [], []
    page = browser.new_page(viewport={"width": 320, "height": 900})
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    assert (said, asked) == ([], [page_file.as_uri()])
    assert page.locator("h1").count() == 1
    assert page.locator("table").count() > 5
    assert page.locator(".chart").count() > 5
    for width, letters in product((320, 360, 1280), ("0", "0.1em")):  # this machine's fonts, and wider ones
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("(space) => { document.documentElement.style.letterSpacing = space; }", letters)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert len(page.screenshot()) > 20_000
    page.close()


def test_the_first_screen_holds_the_first_story(sheet: Sheet, page_file: Path) -> None:
    page = sheet(1280, 800)
    page.goto(page_file.as_uri())
    cards = page.locator(".card")
    assert 6 <= cards.count() <= 8
    for part in (page.locator("h1"), page.locator(".data-line"), page.locator(".words"), cards.last):
        box = part.bounding_box()
        assert box
        assert box["y"] + box["height"] <= 800


def test_a_telephone_tells_a_change_in_one_line_and_all_of_it_opened(sheet: Sheet, page_file: Path) -> None:
    page = sheet(390, 844)
    page.goto(page_file.as_uri())
    folded = page.locator(".findings .account summary").first
    assert (folded.bounding_box() or {})["height"] < 30
    folded.click()
    shown = "each => each.scrollWidth <= each.clientWidth + 1"
    assert page.evaluate(f"() => ({shown})(document.querySelector('.findings .account summary'))")


@pytest.mark.parametrize(
    ("page_file", "scheme"), [("english_file", "light"), ("russian_file", "dark")], indirect=["page_file"]
)
def test_nobody_is_shut_out(scheme: str, browser: Browser, page_file: Path) -> None:
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(page_file.as_uri())
    page.evaluate(OPEN)
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    context.close()


def test_it_is_whole_without_its_script(browser: Browser, page_file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(page_file.as_uri())
    assert page.locator(".card .value").first.is_visible()
    assert page.locator(".chart").first.is_visible()
    assert not page.locator("#tools").is_visible()
    assert not page.locator("#theme").is_visible()
    context.close()


def test_paper_shows_what_is_folded(sheet: Sheet, page_file: Path) -> None:
    page = sheet(*PAPER.values())
    page.goto(page_file.as_uri())
    folded = page.locator("#csat-formula")
    assert not folded.is_visible()
    page.emulate_media(media="print")
    assert folded.is_visible()
    assert not page.locator("nav").is_visible()
    assert page.evaluate(BEYOND, PAPER["width"]) == []  # else all of it is printed smaller


def test_charts_that_answer_need_no_more(browser: Browser, live_file: Path) -> None:
    said, asked = [], []
    page = browser.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(live_file.as_uri())
    page.locator(".drawing .vega-embed svg").nth(3).wait_for()
    assert (said, asked) == ([], [live_file.as_uri()])
    page.close()

"""What readers print: no text over another, none cut off, no heading alone; and charts on a telephone."""

from collections.abc import Callable
from itertools import islice, takewhile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

Box = tuple[float, float, float, float, str]
Words = Callable[[bytes], list[list[Box]]]
TEXTS = """() => [...document.querySelectorAll(".drawing")].map((drawing) => {
    const told = (box) => [box.left, box.top, box.right, box.bottom];
    const found = [...drawing.querySelectorAll("text")].filter((each) => each.textContent);
    return [told(drawing.getBoundingClientRect()), found.flatMap((each) => (each.children.length ? [...each.children] : [each])
        .map((part) => [...told(part.getBoundingClientRect()), part.textContent]))];
})"""


def over_one_another(boxes: list[Box]) -> list[tuple[str, str]]:
    """Pairs of texts of which one lies over a third of the other."""
    ordered = sorted(boxes, key=lambda box: box[1])
    pairs = (
        (one, other)
        for place, one in enumerate(ordered)
        for other in takewhile(lambda box, end=one[3]: box[1] < end, islice(ordered, place + 1, None))
    )
    return [(one[4], other[4]) for one, other in pairs if _shared(one, other) > 0.3]


def _shared(one: Box, other: Box) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    least = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return across * down / least if across > 0 and down > 0 and least > 0 else 0.0


@pytest.mark.parametrize(
    ("page_file", "paper"), [("english_file", "A4"), ("russian_file", "Letter")], indirect=["page_file"]
)
def test_no_text_lies_over_another(paper: str, browser: Browser, page_file: Path, words: Words) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(page_file.as_uri())
    head = page.locator(".metrics thead th").first.inner_text()
    pages = words(page.pdf(format=paper, print_background=True))
    page.close()
    assert len(pages) > 5
    assert [over_one_another(each) for each in pages] == [[]] * len(pages)
    for each in pages:
        heads = [box[3] for box in each if box[4] == head]
        assert not heads or max(box[3] for box in each) > max(heads) + 40  # a heading has rows under it


def seen(browser: Browser, file: Path, width: int, media: str) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.emulate_media(media=media)  # type: ignore[arg-type]
    page.goto(file.as_uri())
    return page


def test_every_text_of_a_chart_can_be_read(browser: Browser, page_file: Path) -> None:
    page = seen(browser, page_file, 1280, "screen")
    for width, media in ((1280, "screen"), (390, "screen"), (880, "print")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(media=media)
        drawings = page.evaluate(TEXTS)
        assert len(drawings) > 10
        for (left, _, right, _), texts in drawings:
            assert over_one_another([tuple(text) for text in texts]) == []
            if right - left > 380 or media == "print":  # what is wider is scrolled
                assert [text[4] for text in texts if text[0] < left - 1 or text[2] > right + 1] == []
    page.close()


def test_a_telephone_shows_the_latest_periods(browser: Browser, page_file: Path) -> None:
    page = seen(browser, page_file, 390, "screen")
    ends = page.evaluate(
        """() => [...document.querySelectorAll(".drawing.latest")]
        .map((each) => [each.getBoundingClientRect().right, each.firstElementChild.getBoundingClientRect().right])"""
    )
    halves = page.evaluate(
        """() => [...document.querySelectorAll("figure:not(.wide) .drawing")].filter((each) => each.scrollWidth > each.clientWidth + 1).length"""
    )
    page.close()
    assert len(ends) > 5
    assert all(abs(shown - drawn) <= 1 for shown, drawn in ends)
    assert halves == 0

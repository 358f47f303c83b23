"""Another period as the subject of the page; the contents that follow the scroll; a first screen without holes."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from cx_kpi import report
from cx_kpi.model.assets import folder
from cx_kpi.model.values import Status, Verdict
from cx_kpi.render.elements.anchors import anchor
from cx_kpi.render.elements.labels import VERDICT
from cx_kpi.render.view.period_choice import choices
from cx_kpi.wording.units import words_of

Sheet = Callable[[int, int], Page]

pytestmark = pytest.mark.usefixtures("kept_runs")

JANUARY = "2026-01-01"


@pytest.fixture(scope="module")
def plain():
    return report(folder("sample_data")).data


def shown(page: Page, metric: str) -> str:
    return page.locator(f"tr[data-of='{anchor(metric)}']").inner_text()


def test_every_full_period_can_be_chosen(page: Page, plain) -> None:
    names = page.locator("#period option").all_inner_texts()
    assert names == [each.name for each in choices(plain, words_of(plain))]
    full = {point.start for point in plain.series if not point.partial}
    assert len(names) == len(full) > 12


def test_a_chosen_period_shows_its_own_figures_and_verdicts(page: Page, plain) -> None:
    before = page.locator("main").inner_text()
    page.locator("#period").select_option(label="January 2026")
    assert page.locator("#lead").inner_text().startswith("January 2026")
    assert set(page.locator(".metrics thead th.value").all_inner_texts()) == {"January 2026"}
    words = words_of(plain)
    for point in (each for each in plain.series if each.start == JANUARY):
        reading = plain.metrics[point.metric]
        text = shown(page, point.metric)
        if isinstance(point.value, int | float) and not point.details.get("lower_bound"):
            assert words.value(point.value, reading.unit, reading.details.get("currency", "")) in text
        if point.status in (Status.MET, Status.MISSED) and point.value is not None:
            assert str(point.status) in text
        if point.outside:
            assert "▲\u00a0above" in text or "▼\u00a0below" in text
        if point.verdict is not None:
            assert words.language(VERDICT[point.verdict]) in text
    page.locator("#period").select_option("")
    assert page.locator("main").inner_text() == before


def test_a_period_that_was_judged_shows_its_change(page: Page, plain) -> None:
    fell = "first_response_within_target"
    point = next(each for each in plain.series if (each.metric, each.start) == (fell, JANUARY))
    assert point.verdict is Verdict.WORSENED
    page.locator("#period").select_option(label="January 2026")
    cell = page.locator(f"tr[data-of='{anchor(fell)}'] .change")
    assert re.match(r"▼ −\d+\.\d\spp\s+worsened", cell.inner_text())
    assert "bad" in (cell.get_attribute("class") or "").split()


def test_cards_and_rows_agree(page: Page) -> None:
    page.locator("#period").select_option(label="June 2025")
    for card in page.locator(".card[data-of]").all():
        name = card.get_attribute("data-of")
        row = page.locator(f"tr[data-of='{name}']")
        assert card.locator(".value a").inner_text() == row.locator(".value a").inner_text()
        assert card.locator(".status").inner_text() == row.locator(".status").inner_text()


def test_without_a_script_the_latest_period_is_there(browser: Browser, english_file: Path) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(english_file.as_uri())
    assert page.locator("#lead").inner_text().startswith("March 2026")
    assert not page.locator("#choose").is_visible()
    page.close()


def test_the_contents_follow_the_scroll(page: Page) -> None:
    for group in ("Complaints", "Customers", "Data"):
        page.locator("nav a", has_text=re.compile(f"^{group}$")).click()
        expect(page.locator("nav a[aria-current]")).to_have_text(group)


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1440, 900)])
def test_the_first_screen_has_no_holes(width: int, height: int, sheet: Sheet, page_file: Path) -> None:
    page = sheet(width, height)
    page.goto(page_file.as_uri())
    columns = [
        [box.bounding_box() for box in theme.locator(":scope > .card, :scope > .key").all()]
        for theme in page.locator(".theme").all()
    ]
    assert len({len(column) for column in columns}) == 1
    for row in zip(*columns, strict=True):
        assert len({(round(box["y"]), round(box["height"])) for box in row}) == 1
    assert max(box["y"] + box["height"] for box in columns[-1]) <= height
    ends = page.evaluate(
        """() => [...document.querySelectorAll(".words :is(li, p)")].map((each) => each.getBoundingClientRect())
        .reduce((ends, box) => { const side = Number(box.x > innerWidth / 2); ends[side] = Math.max(ends[side], box.bottom); return ends; }, [0, 0])"""
    )
    assert abs(ends[0] - ends[1]) < 60


def test_each_finding_leads_to_its_chart_or_metric(page: Page) -> None:
    links = page.locator(".findings li > a").all()
    assert links
    for link in links:
        place = link.get_attribute("href").removeprefix("#")
        assert page.locator(f"[id='{place}']").count() == 1
        assert place.startswith("chart-")


@pytest.mark.parametrize("chosen", ["", "0", "5"])
def test_on_a_telephone_every_value_has_its_head(chosen: str, sheet: Sheet, english_file: Path) -> None:
    page = sheet(390, 844)
    page.goto(english_file.as_uri())
    page.locator("#period").select_option(chosen)
    bare = page.evaluate(
        """() => [...document.querySelectorAll(".metrics tbody td:is(.n, .target, .whole), .metrics .value small, .history small")]
        .filter((box) => box.textContent.trim() && getComputedStyle(box, "::before").content === "none").length"""
    )
    assert bare == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_nobody_is_shut_out_of_another_period(browser: Browser, english_file: Path) -> None:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(english_file.as_uri())
    page.locator("#period").select_option("1")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    context.close()


def test_verdicts_of_a_period_stay_in_their_column(sheet: Sheet, page_file: Path) -> None:
    page = sheet(1280, 800)
    page.goto(page_file.as_uri())
    page.locator("#period").select_option("1")
    wide = page.evaluate(
        """() => [...document.querySelectorAll(".metrics td.change")].filter((cell) => cell.scrollWidth > cell.clientWidth).length"""
    )
    assert wide == 0


def test_the_links_of_cards_are_large_enough_for_fingers(page: Page) -> None:
    heights = page.evaluate(
        """() => [...document.querySelectorAll(".card h3 a")].map((link) => link.getBoundingClientRect().height)"""
    )
    assert heights
    assert min(heights) >= 24

"""The page in use: find, sort, links to places, keys, light and dark."""

from pathlib import Path

from playwright.sync_api import Browser, Page


def visible(page: Page, query: str) -> list[str]:
    return [each.inner_text() for each in page.locator(query).all() if each.is_visible()]


def test_find_leaves_what_holds_the_word(page: Page) -> None:
    every = len(visible(page, ".metrics tbody tr"))
    page.locator("#find").fill("resolution time")
    found = visible(page, ".metrics tbody tr")
    assert 0 < len(found) < every
    assert all("resolution time" in text.lower() for text in found)
    page.locator("#find").fill("no such thing")
    assert page.locator("#found").inner_text() == "Nothing found"
    page.locator("#find").fill("")
    assert len(visible(page, ".metrics tbody tr")) == every


def test_a_segment_is_chosen_and_linked(page: Page) -> None:
    page.locator("#segment").select_option("segment-channel-email")
    assert page.url.endswith("#segment-channel-email")
    rows = page.locator(".segments tbody tr:not([hidden])")
    assert {row.get_attribute("data-segment") for row in rows.all()} == {"segment-channel-email"}


def test_a_link_opens_its_place(browser: Browser, english_file: Path) -> None:
    for place in ("csat", "csat-formula", "segment-channel-email"):
        page = browser.new_page()
        page.goto(f"{english_file.as_uri()}#{place}")
        assert page.locator(f"[id='{place}']").is_visible()
        page.close()


def test_each_value_opens_its_formula(page: Page) -> None:
    page.locator(".card .value a").first.click()
    name = page.url.rsplit("#", 1)[1]
    assert name.endswith("-formula")
    assert "÷" in page.locator(f"[id='{name}']").inner_text()


def test_a_table_is_sorted_by_number(page: Page) -> None:
    table = page.locator(".metrics").first
    head = table.locator("th.n .sort")
    for order, turned in (("ascending", False), ("descending", True)):
        head.click()
        assert table.locator("th.n").get_attribute("aria-sort") == order
        shown = [int(text.replace(",", "")) for text in table.locator("td.n").all_inner_texts()]
        assert shown == sorted(shown, reverse=turned)
        assert len(set(shown)) > 1


def test_arrow_keys_read_a_chart(page: Page) -> None:
    said = set()
    page.locator(".drawing").first.focus()
    for key in ("ArrowRight", "ArrowRight", "End", "Home", "ArrowLeft"):
        page.keyboard.press(key)
        said.add(page.locator("#tip").inner_text())
    assert len(said) == 3  # the first, the second, the last
    page.keyboard.press("Escape")
    assert not page.locator("#tip").is_visible()


def test_the_keyboard_reaches_everything(page: Page) -> None:
    beyond = "a[href], button, input, select, summary, .drawing, .scroll"
    assert page.locator(beyond).count() > 50
    assert page.evaluate(
        "(query) => [...document.querySelectorAll(query)].every((each) => each.tabIndex >= 0)", beyond
    )
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"


def test_light_and_dark(page: Page) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(ground)
    page.locator("#theme").click()
    assert page.evaluate(ground) != before
    page.reload()
    assert page.evaluate(ground) != before  # the choice is remembered
    page.locator("#theme").click()
    assert page.evaluate(ground) == before


def test_a_place_that_remembers_nothing(browser: Browser, english_file: Path) -> None:
    page = browser.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('denied') }})"
    )
    page.goto(english_file.as_uri())
    page.locator("#theme").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.locator("#tools").is_visible()
    assert said == []
    page.close()

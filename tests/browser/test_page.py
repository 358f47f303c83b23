"""The HTML report in a real browser: it draws, and asks nobody for anything."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from cx_kpi.cli.app import run
from cx_kpi.errors import Exit

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; a machine that checks every commit has to have one."""
    if not CHROMIUM:
        assert not os.environ.get("CI"), "no Chromium; .ci/run installs it"
        pytest.skip("no Chromium here; install the package chromium to run this test")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module", params=["en", "ru"])
def page_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's page."""
    file = tmp_path_factory.mktemp("page") / "report.html"
    assert run(["demo", "-o", str(file), "--lang", request.param]) == Exit.DONE
    return file


@pytest.mark.parametrize("width", [375, 1280])
def test_the_page_draws_alone(width: int, browser: Browser, page_file: Path) -> None:
    said, asked = [], []
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    assert (said, asked) == ([], [page_file.as_uri()])
    assert page.locator("h1").count() == 1
    assert page.locator("table").count() > 5
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert len(page.screenshot()) > 20_000
    page.close()

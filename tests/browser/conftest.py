"""Debian's Chromium, and the demo's page in both languages."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from cx_kpi.cli.app import run
from cx_kpi.model.assets import folder
from cx_kpi.model.errors import Exit

POPPLER = shutil.which("pdftotext")
WORD = re.compile(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>')
Box = tuple[float, float, float, float, str]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A machine that checks every commit has to have one."""
    if not CHROMIUM:
        assert not os.environ.get("CI"), "no Chromium; .ci/run installs it"
        pytest.skip("no Chromium here; install the package chromium to run this test")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM)
        yield chromium
        chromium.close()


def written(homes: pytest.TempPathFactory, *arguments: str) -> Path:
    """The page of the sample company, from a folder whose name no line can hold; the workers of a run share it."""
    base = homes.getbasetemp()
    file = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"page{'_'.join(arguments)}.html"
    if not file.exists():
        home = homes.mktemp("page")
        exports = home / ("exports_" * 16)
        shutil.copytree(folder("sample_data"), exports)
        assert run(["report", str(exports), "--quiet", "-o", str(home / file.name), *arguments]) == Exit.DONE
        (home / file.name).replace(file)
    return file


@pytest.fixture(scope="session")
def english_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory)


@pytest.fixture(scope="session")
def russian_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory, "--lang", "ru")


@pytest.fixture(params=["english_file", "russian_file"])
def page_file(request: pytest.FixtureRequest) -> Path:
    file: Path = request.getfixturevalue(request.param)
    return file


@pytest.fixture(scope="session")
def live_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory, "--charts", "interactive")


@pytest.fixture(scope="session")
def tab(browser: Browser) -> Page:
    """One tab for tests that leave nothing in it: a new one is a process, and half the work of opening a page."""
    return browser.new_page()


@pytest.fixture
def sheet(tab: Page) -> Iterator[Callable[[int, int], Page]]:
    """The tab in a size, empty, and clean again afterwards."""

    def sized(width: int, height: int) -> Page:
        tab.goto("about:blank")
        tab.mouse.move(0, 0)
        tab.set_viewport_size({"width": width, "height": height})
        return tab

    yield sized
    if tab.url.startswith("file:"):
        tab.evaluate("localStorage.clear()")
    tab.emulate_media(media="null")
    tab.goto("about:blank")


@pytest.fixture
def page(sheet: Callable[[int, int], Page], english_file: Path) -> Page:
    """The English page, open at a desk."""
    opened = sheet(1280, 800)
    opened.goto(english_file.as_uri())
    return opened


@pytest.fixture
def words(tmp_path: Path) -> Callable[[bytes], list[list[Box]]]:
    """Reads a PDF: the words of each page and where they are, in points."""
    if POPPLER is None:
        assert not os.environ.get("CI"), "no pdftotext; .ci/run installs it"
        pytest.skip("poppler-utils (pdftotext) is not installed: what is printed is not read")

    def read(pdf: bytes) -> list[list[Box]]:
        file = tmp_path / "paper.pdf"
        file.write_bytes(pdf)
        told = subprocess.run([str(POPPLER), "-bbox", str(file), "-"], check=True, capture_output=True)
        pages = told.stdout.decode().split("<page ")[1:]
        return [[_box(found) for found in WORD.findall(page)] for page in pages]

    return read


def _box(found: tuple[str, ...]) -> Box:
    left, top, right, bottom = map(float, found[:4])
    return left, top, right, bottom, found[4]

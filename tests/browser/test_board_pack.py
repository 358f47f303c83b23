"""The report on paper and as a picture, made by the machine's own browser."""

import re
import struct
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from cx_kpi import report
from cx_kpi.cli.app import run
from cx_kpi.model.assets import folder
from cx_kpi.model.errors import Exit
from cx_kpi.model.options import Look
from cx_kpi.render.page import chromium as machine
from cx_kpi.render.page import html

Sheet = Callable[[int, int], Page]

pytestmark = pytest.mark.usefixtures("kept_runs")

SAMPLE = str(folder("sample_data"))
PAPER = (703, 1016)  # pixels of A4 between its margins


@pytest.fixture(scope="module", params=["en", "ru"])
def pack(request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("pack")
    assert browser.is_connected()  # else there is none on this machine, and this is skipped
    outputs = ["-o", str(home / "report.pdf")]
    assert run(["report", SAMPLE, "--quiet", "--lang", request.param, *outputs]) == Exit.DONE
    return home


def test_a_board_reads_a_dozen_pages(pack: Path) -> None:
    paper = (pack / "report.pdf").read_bytes()
    assert paper.startswith(b"%PDF-")
    assert 8 <= len(re.findall(rb"/Type\s*/Page\b(?!s)", paper)) <= 14
    assert set(re.findall(rb"Date \(D:(\d{14})", paper)) == {b"20260331224515"}  # when the data ends


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_story_fills_the_first_page_alone(language: str, sheet: Sheet, tmp_path: Path) -> None:
    file = tmp_path / "pack.html"
    file.write_text(html.render(report(SAMPLE, lang=language).data, pack=True), encoding="utf-8")
    page = sheet(PAPER[0], PAPER[1])
    page.emulate_media(media="print")
    page.goto(file.as_uri())
    ends = page.evaluate("() => document.querySelector('.opening > .figures').getBoundingClientRect().bottom")
    assert 0.75 * PAPER[1] < ends < PAPER[1]
    assert page.locator(".opening figure").count() == 2


OWN = """
[[metric]]
id = "quick_{n}"
title = "Chats solved in an hour"
kind = "share"
hit = "solved_at - created_at <= 3600"
of = "solved_at is not null"
where = "channel = 'chat'"
direction = "higher"
target = "80%"
"""


@pytest.mark.parametrize(("language", "many"), [("en", 1), ("en", 3), ("ru", 2)])
def test_missed_metrics_of_ones_own_leave_no_holes(
    language: str, many: int, sheet: Sheet, tmp_path: Path, words
) -> None:
    config, file, paper = (tmp_path / name for name in ("cxkpi.toml", "own.html", "own.pdf"))
    ours = (Path(SAMPLE) / "cxkpi.toml").read_text(encoding="utf-8")
    config.write_text(ours + "".join(OWN.replace("{n}", str(n)) for n in range(many)), encoding="utf-8")
    made = report(SAMPLE, lang=language, config=config)
    file.write_text(html.render(made.data, pack=True), encoding="utf-8")
    page = sheet(1280, 800)
    page.goto(file.as_uri())
    cards = [box.bounding_box() for box in page.locator(".themes :is(.card, .key)").all()]
    key = page.locator(".key").bounding_box()
    assert len({round(box["x"]) for box in cards}) == 4
    assert len({round(box["y"]) for box in cards}) == 2
    assert max(box["y"] + box["height"] for box in [*cards, key]) <= 800
    wide = "each => each.scrollWidth > each.clientWidth + 1"
    assert page.evaluate(f"() => [...document.querySelectorAll('.card')].filter({wide}).length") == 0
    made.save(paper)
    top, foot = 40, 800  # points
    ends = [max(box[3] for box in each if box[1] < foot) for each in words(paper.read_bytes())[:2]]
    assert max((foot - end) / (foot - top) for end in ends) < 0.24


def test_its_pages_are_a4_and_numbered(pack: Path, words) -> None:
    paper = (pack / "report.pdf").read_bytes()
    sizes = {
        tuple(round(float(each)) for each in box)
        for box in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)
    }
    assert sizes == {(595, 842)}
    pages = words(paper)
    for number, page in enumerate(pages, 1):
        foot = [box[4] for box in page if box[1] > 800]
        assert foot[-3:] == [str(number), "/", str(len(pages))]
        assert not {"▼", "▶"} & {box[4] for box in page}


def test_its_pages_are_full(pack: Path, words) -> None:
    """A row of charts is the most that a page may lack at its end; the last page may end where it likes."""
    *pages, last = words((pack / "report.pdf").read_bytes())
    top, foot = 40, 800  # points
    empty = [(foot - max(box[3] for box in page if box[1] < foot)) / (foot - top) for page in pages]
    assert max(empty) < 0.24
    assert sum(empty) / len(empty) < 0.13
    assert len({round(box[1]) for box in last if box[1] < foot}) >= 4  # lines: no page for a leftover


def test_the_first_screen_ends_with_what_it_shows(sheet: Sheet, tmp_path: Path) -> None:
    file = tmp_path / "pack.html"
    file.write_text(html.render(report(SAMPLE).data, pack=True), encoding="utf-8")
    page = sheet(1280, 800)
    page.goto(file.as_uri())
    shown = "each => each.getClientRects().length && each.textContent.trim()"
    kept = page.evaluate(
        f"() => [...document.querySelectorAll('input, select, .key summary, main > section')].filter({shown}).length"
    )
    assert kept == 0
    page.emulate_media(media="print")
    left = page.evaluate(f"() => [...document.querySelectorAll('.left-out')].filter({shown}).length")
    assert left == 0


@pytest.mark.parametrize("pack", [True, False])
def test_cards_are_under_their_theme_whatever_is_short(pack: bool, sheet: Sheet, tmp_path: Path) -> None:
    whole = report(SAMPLE).data
    headlines = [replace(whole.headlines[0], metrics=whole.headlines[0].metrics[:1]), *whole.headlines[1:2]]
    file = tmp_path / "short.html"
    file.write_text(
        html.render(replace(whole, headlines=headlines), Look(charts="none"), pack=pack), encoding="utf-8"
    )
    page = sheet(PAPER[0], PAPER[1])
    page.emulate_media(media="print")
    page.goto(file.as_uri())
    page.evaluate("() => document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    themes = [
        [box.bounding_box() for box in theme.locator(":scope > h2, :scope > .card").all()]
        for theme in page.locator(".theme").all()
    ]
    key = page.locator(".key").bounding_box()
    assert [len(theme) for theme in themes] == [2, 1 + len(headlines[1].metrics)]
    assert len({theme[0]["y"] for theme in themes}) == 1
    for theme in themes:
        assert len({box["x"] for box in theme}) == 1
        assert all(after["y"] - box["y"] - box["height"] < 20 for box, after in pairwise(theme))
    assert key["y"] > themes[0][-1]["y"]


def test_a_chat_shows_the_first_screen(browser: Browser, tmp_path: Path) -> None:
    assert browser.is_connected()
    assert run(["report", SAMPLE, "--quiet", "-o", str(tmp_path / "report.png")]) == Exit.DONE
    picture = (tmp_path / "report.png").read_bytes()
    assert struct.unpack(">II", picture[16:24]) == (2560, 1600)
    assert len(picture) > 100_000  # not a blank sheet


@pytest.mark.parametrize("suffix", ["pdf", "png"])
def test_without_a_browser_it_says_so(
    suffix: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(machine, "NAMES", ())
    monkeypatch.setattr(machine, "PLACES", ())
    assert run(["report", SAMPLE, "-o", str(tmp_path / f"report.{suffix}")]) == Exit.OUTPUT
    assert "needs Chromium, Chrome or Edge" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("script", "says"),
    [("exit 1", "made no file of the page"), ("sleep 9", "did not print the page within 0.2 s")],
)
def test_a_browser_that_fails_is_named(
    script: str,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    program = tmp_path / "chromium"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(machine, "NAMES", (str(program),))
    monkeypatch.setattr(machine, "PATIENCE", 0.2)
    tickets = tmp_path / "tickets.csv"
    tickets.write_text("id,created_at,status\n1,2026-03-02,open\n")
    assert run(["report", str(tickets), "--quiet", "-o", str(tmp_path / "report.pdf")]) == Exit.OUTPUT
    assert f"{program}: {says}" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["chromium", "tickets.csv"]

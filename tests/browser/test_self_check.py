"""The form of the self-check in a browser: answers are saved as a file, and nothing is sent."""

import csv
from pathlib import Path

from playwright.sync_api import Browser

from cx_kpi.cli.app import run
from cx_kpi.model.errors import Exit


def test_answers_are_saved_as_a_survey(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "form.html"
    assert run(["self-check", "-o", str(path), "--date", "2026-03-15", "--lang", "en"]) == Exit.DONE
    page = browser.new_page(accept_downloads=True)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(path.as_uri())
    sets = page.locator("fieldset")
    sets.nth(0).get_by_role("radio", name="4").check()
    sets.nth(2).get_by_role("radio", name="2").check()
    sets.nth(2).get_by_role("textbox").fill("=often late")
    assert page.locator("output").text_content() == "2"
    with page.expect_download() as saved:
        page.get_by_role("button").click()
    assert saved.value.suggested_filename == "self_check_2026-03-15.csv"
    rows = list(csv.DictReader(Path(saved.value.path()).read_text(encoding="utf-8").splitlines()))
    assert [(row["kind"], row["score"], row["comment"]) for row in rows] == [
        ("self", "4", ""),
        ("self", "2", "'=often late"),
    ]
    assert problems == []
    page.close()

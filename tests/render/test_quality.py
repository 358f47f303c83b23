"""The check in every format: the same words, the same skeleton whatever they hold, and its own JSON Schema."""

import json
from dataclasses import replace
from html import unescape

import pytest
from jsonschema import Draft202012Validator

from cx_kpi.model.documents.json_schema import json_schema
from cx_kpi.model.documents.quality import Field, File, Problem, Quality
from cx_kpi.model.report import LeftOut, Tool
from cx_kpi.model.values import Level
from cx_kpi.render.documents.quality_document import as_json, as_markdown, as_page, render

from .hostile import TEXTS
from .test_html import Page


def quality(text: str = "plain", language: str = "en") -> Quality:
    """A check with this text in place of all data."""
    field = Field("status", text, 50, 40, 0.5, 0.8, ["backlog"])
    idle = Field("subject", text, 0, 0, 0.0, None, [])
    file = File(
        f"{text}.csv", "tickets", "generic", "UTF-8", ",", 100, 90, 3, {"damaged": 7}, [field, idle], [text]
    )
    empty = File("empty.csv", "", "", None, None, 0, 0, 0, {}, [], [])
    warning = Problem(
        Level.WARNING,
        "unknown_word",
        f"status: {text}",
        "gone",
        ["backlog"],
        path=file.path,
        table="tickets",
        field="status",
        rows=10,
        share=0.1,
        example=text,
    )
    note = Problem(Level.INFO, "reopened", text, "", [], table="tickets")
    left = LeftOut("nps", "NPS", ["score"], f"no column {text}")
    return Quality(1, Tool("cxkpi", "0"), language, [file, empty], [warning, note], [left])


@pytest.mark.parametrize("text", [each for each in TEXTS if each.strip()])
def test_hostile_text_changes_no_element_and_no_line(text: str) -> None:
    assert Page(as_page(quality(text))).elements == Page(as_page(quality())).elements
    starts = [line[:2] for line in as_markdown(quality()).splitlines()]
    assert [line[:2] for line in as_markdown(quality(text)).splitlines() if line[:1] in "#-|"] == [
        start for start in starts if start[:1] in "#-|"
    ]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_is_sound_and_asks_for_nothing(language: str) -> None:
    text = as_page(quality(language=language))
    page = Page(text)
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {href.removeprefix("#") for href in page.values("href")} | set(
        page.values("aria-labelledby")
    ) <= set(ids)
    assert not {tag for tag, *_ in page.elements} & {"script", "link", "img", "iframe", "form"}
    names = {name for _, *attrs in page.elements for name, _ in attrs}
    assert not names & {"src", "style", "onclick"}
    assert "url(" not in text
    head = unescape(text.split("<head>", 1)[1].lstrip().split(">", 1)[0])
    assert head.startswith('<meta http-equiv="Content-Security-Policy" content="default-src \'none\';')
    assert "script-src" not in head


def test_a_bar_says_how_much_is_filled_and_readable() -> None:
    widths = [dict(each[1:])["width"] for each in Page(as_page(quality())).elements if each[0] == "rect"]
    assert widths == ["100", "50.0", "40.0"]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_format_says_every_problem(language: str) -> None:
    made = quality(language=language)
    for text in (as_page(made), as_markdown(made), render(made)):
        assert all(each.message.split()[-1] in text for each in made.problems)
        assert "80" in text
        assert "empty.csv" in text
    assert ("Data quality" in as_page(made)) == (language == "en")


def test_json_fits_its_schema_and_the_schema_refuses_other_things() -> None:
    schema = json_schema(Quality, "cxkpi check")
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    validator.validate(json.loads(as_json(quality())))
    assert not validator.is_valid({**quality().as_dict(), "files": 5})
    assert not validator.is_valid(replace(quality(), problems=[5]).as_dict())  # type: ignore[list-item]

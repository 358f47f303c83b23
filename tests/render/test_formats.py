"""The table of formats, and what they have in common."""

import re
from pathlib import Path

import pytest

from cx_kpi.metrics.registry import METRICS
from cx_kpi.model.errors import UsageProblem
from cx_kpi.render.formats import FORMATS, named, of_file, render

from .company import company, empty

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", [name for name, each in FORMATS.items() if not each.ready])
@pytest.mark.parametrize("code", ["en", "ru"])
def test_every_format_says_the_same_twice(name, code):
    text = render(company(code), name)
    assert text == render(company(code), name)
    if isinstance(text, str):
        assert text.endswith("\n")
        assert "\r" not in text
    assert render(empty(code), name)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a.html", "html"),
        ("a.HTM", "html"),
        ("b/a.md", "md"),
        ("a.json", "json"),
        ("a.csv", "csv"),
        ("a.txt", "table"),
        ("a.xlsx", "xlsx"),
    ],
)
def test_the_suffix_of_a_file_decides(path, name):
    assert of_file(path).name == name


@pytest.mark.parametrize("path", ["report", "report.docx", ".html"])
def test_an_unknown_suffix_is_answered_with_the_known(path):
    with pytest.raises(UsageProblem, match=r"\.html"):
        of_file(path)


def test_a_wrong_name_is_answered_with_the_nearest():
    with pytest.raises(UsageProblem, match="did you mean html"):
        named("htlm")


def sources() -> list[Path]:
    """All that renders, however deep it lies."""
    found = [*(ROOT / "cx_kpi" / "render").rglob("*"), *(ROOT / "templates").rglob("*")]
    return [path for path in found if path.is_file() and path.parent.name != "__pycache__"]


def test_no_renderer_and_no_template_names_a_metric():
    words = METRICS.keys() - {"backlog", "complaints"}  # which are plain words too
    texts = [path.read_text(encoding="utf-8") for path in sources()]
    assert {path.suffix for path in sources()} >= {".py", ".html", ".css"}
    assert {word for text in texts for word in re.findall(r"\w+", text) if word in words} == set()

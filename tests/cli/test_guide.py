"""`cxkpi guide`: pages as Markdown for programs, fitted to the terminal for people."""

import pydoc
import re
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.text import Text

from cx_kpi.cli.app import run
from cx_kpi.cli.commands.guide_command import pages
from cx_kpi.model.assets import folder
from cx_kpi.model.errors import Exit

from .conftest import Cxkpi


class Terminal(StringIO):
    """A stdout that somebody looks at."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Runs the command in a terminal of 80 columns, and gives what goes to the pager."""

    def at(*arguments: str) -> str:
        texts: list[str] = []
        monkeypatch.setattr(pydoc, "pager", texts.append)
        monkeypatch.setattr(sys, "stdout", Terminal())
        monkeypatch.setenv("COLUMNS", "80")
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("LESS", "")
        assert run(["guide", *arguments]) == Exit.DONE
        (text,) = texts
        return text

    return at


def test_without_a_topic_the_pages_are_listed(cxkpi: Cxkpi) -> None:
    ran = cxkpi("guide")
    assert ran.code == Exit.DONE
    listed = re.findall(r"^\| `([\w-]+)` \|", ran.out, re.MULTILINE)
    assert listed == [page.name for page in pages()]


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_a_page_is_markdown_without_the_marks_of_the_tool(page, cxkpi: Cxkpi) -> None:
    ran = cxkpi("guide", page.name)
    assert ran.code == Exit.DONE
    assert ran.out.startswith("# ")
    assert "<!--" not in ran.out
    assert set(ran.out.splitlines()) <= set(page.path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize(
    ("topic", "nearest"), [("metric", "metrics"), ("instal", "install"), ("qqq", "recipes")]
)
def test_a_wrong_topic_is_answered_with_the_nearest(topic: str, nearest: str, cxkpi: Cxkpi) -> None:
    ran = cxkpi("guide", topic)
    assert ran.code == Exit.USAGE
    assert ran.out == ""
    assert nearest in ran.err


@pytest.mark.parametrize("name", ["", *(page.name for page in pages())])
def test_a_page_fits_the_terminal(name: str, look: Callable[..., str]) -> None:
    text = look(*filter(None, [name]))
    plain = Text.from_ansi(text).plain
    assert "](" not in plain
    assert max(map(cell_len, plain.splitlines())) <= 80
    assert "\x1b[" in text


def test_pages_that_are_linked_are_named(look: Callable[..., str]) -> None:
    assert "cxkpi guide formats" in Text.from_ansi(look("first-report")).plain


def test_plain_where_no_colour_is_wanted(look: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" not in look("install", "--no-color")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in look("install")


def test_the_guide_is_in_the_package() -> None:
    assert (folder("guide") / "README.md").is_file()
    assert Path(folder("guide")).parent.name == "cx_kpi"

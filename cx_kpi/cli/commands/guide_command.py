"""`cxkpi guide`: the pages of the guide, in the terminal or as Markdown."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from cx_kpi.cli.options import arguments
from cx_kpi.model.assets import folder
from cx_kpi.model.errors import UsageProblem, nearest
from cx_kpi.model.frozen import dataclass

CONTENTS = "README.md"  # the list of pages, which forges show with the folder
WIDEST = 100  # columns; longer lines are hard to read
# rich's own code has a black ground, which is loud on a light terminal
STYLES = {"markdown.code": "cyan", "markdown.code_block": "cyan", "markdown.h2": "bold"}
_ENTRY = re.compile(r"^- \[(?P<title>[^\]]+)\]\((?P<name>[\w-]+)\.md\): (?P<about>.+)$", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\(([\w-]+)\.md[^)]*\)")
_OUTSIDE = re.compile(r"!?\[([^\]]+)\]\((?!\w+:)[^)]*\)")  # places of this page and files of the repository
_COMMENT = re.compile(r"<!--.*?-->\n*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its name on the command line, its title, and what it is about."""

    name: str
    title: str
    about: str

    @property
    def path(self) -> Path:
        """Where it lies in the package."""
        return folder("guide") / f"{self.name}.md"


def guide(
    topic: Annotated[
        str | None, typer.Argument(metavar="TOPIC", help="The page to show; without it, the list of pages.")
    ] = None,
    no_color: arguments.NoColor = False,
) -> None:
    """Show a page of the guide, or the list of its pages."""
    from cx_kpi.cli.outputs.output import put

    text = _text(topic) if topic else _contents()
    if sys.stdout.isatty():
        _show(_for_terminal(text, topic or ""), color=not no_color)
    else:
        put(text, "md")


def pages() -> list[Page]:
    """Every page, in the order of the contents."""
    return [Page(**found) for found in map(re.Match.groupdict, _ENTRY.finditer(_read(CONTENTS)))]


def _read(name: str) -> str:
    text = (folder("guide") / name).read_text(encoding="utf-8")
    return _COMMENT.sub("", text)


def _text(topic: str) -> str:
    """The page as Markdown; raises `UsageProblem` where there is none of this name."""
    names = [page.name for page in pages()]
    if topic not in names:
        raise UsageProblem(f"guide: no page {topic!r}{nearest(topic, names, most=len(names))}")
    return _read(f"{topic}.md")


def _contents() -> str:
    """The list of pages by the names that the command takes."""
    rows = [f"| `{page.name}` | {page.about} |" for page in pages()]
    lines = ["# Guide", "", "| topic | what it is about |", "|---|---|", *rows]
    return "\n".join([*lines, "", "Read one with `cxkpi guide TOPIC`.", ""])


def _for_terminal(text: str, topic: str) -> str:
    """Links are of no use in a terminal: the pages they lead to are named at the end."""
    linked = dict.fromkeys(name for _, name in _LINK.findall(text) if name != topic)
    more = "\n".join(_more(linked)) if linked else ""
    return _OUTSIDE.sub(r"\1", _LINK.sub(r"\1", text)) + more


def _more(names: dict[str, None]) -> Iterator[str]:
    yield "\n## More\n"
    yield from (f"- `cxkpi guide {name}`" for name in names)


def _show(text: str, *, color: bool) -> None:
    """The page as wide as the terminal, in a pager where it is longer."""
    import pydoc

    from rich.console import Console
    from rich.markdown import Markdown
    from rich.theme import Theme

    from cx_kpi.cli.outputs.output import screen

    seen = screen(color)
    console = Console(
        width=min(seen["width"], WIDEST),
        force_terminal=seen["color"],
        no_color=not seen["color"],
        highlight=False,
        legacy_windows=False,
        theme=Theme(STYLES),
    )
    with console.capture() as captured:
        console.print(Markdown(text, hyperlinks=False, code_theme="ansi_dark"))
    os.environ.setdefault("LESS", "-FRX")  # less shows colours, and leaves at once where all fits
    pydoc.pager(captured.get())

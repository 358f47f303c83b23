"""Makes the manual page from the help of the commands: `python -m tests.man_tool` writes it anew."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import typer.main

from cx_kpi import __version__
from cx_kpi.cli.app import whole
from cx_kpi.cli.commands.guide_command import pages
from tests import readme_tool

MAN = Path(__file__).parent.parent / "cx_kpi" / "guide" / "cxkpi.1"
COMPLETION = {"install_completion", "show_completion"}  # said in words of our own: typer's may change
ENVIRONMENT = {
    "LC_ALL, LC_MESSAGES, LANG": "The language of a report, where neither --lang nor the configuration says it.",
    "NO_COLOR": "Plain text.",
    "PAGER": "What shows the pages of the guide.",
    "COLUMNS": "How wide a report in the terminal is.",
    "CXKPI_DEBUG": "A fault of cxkpi shows where it is.",
}
FILES = {
    "cxkpi.toml": "The configuration, in the working folder or in the one folder that is read.",
    "pyproject.toml": "Its table [tool.cxkpi] is the configuration where there is no cxkpi.toml.",
}


def escaped(text: str) -> str:
    """The text as roff takes it literally."""
    plain = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "")
    return f"\\&{plain}" if plain.startswith((".", "'")) else plain


def items(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """A term in bold on a line of its own, and what it means."""
    for term, text in pairs:
        yield from (".TP", f"\\fB{escaped(term)}\\fR", escaped(text))


def usage(parameter: Any) -> str:
    """An option with its names and what it takes; an argument by what it is."""
    takes = parameter.metavar or ""
    if parameter.param_type_name == "argument":
        return takes
    names = ", ".join([*sorted(parameter.opts, key=len), *parameter.secondary_opts])
    return f"{names} {takes}".rstrip()


def options(command: Any) -> Iterator[tuple[str, str]]:
    """What a command takes, with its help."""
    for each in command.params:
        if each.name not in COMPLETION:
            yield usage(each), each.help or ""


def synopsis(name: str, command: Any) -> str:
    """A command with its arguments, those that may be left out in brackets."""
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    shown = [usage(each) if each.required else f"[{usage(each)}]" for each in arguments]
    return f"\\fBcxkpi {name}\\fR {escaped(' '.join(['[options]', *shown]))}"


def lines() -> Iterator[str]:
    """The whole page."""
    group: Any = typer.main.get_command(whole())
    yield f'.TH CXKPI 1 "" "cxkpi {__version__}" "User commands"'
    yield from (".SH NAME", f"cxkpi \\- {escaped(group.help)}", ".SH SYNOPSIS")
    for name, command in group.commands.items():
        yield from (synopsis(name, command), ".br")
    yield from (
        ".SH OPTIONS",
        *items([*options(group), ("-h, --help", "Show the help of cxkpi or of a command.")]),
    )
    yield from items([("--install-completion", "Install completion for the shell that runs.")])
    yield from items([("--show-completion", "Print the script of the completion.")])
    for name, command in group.commands.items():
        yield from (f".SH CXKPI {name.upper()}", escaped(command.help))
        yield from items(options(command))
    yield from (
        ".SH EXIT STATUS",
        *items((str(code.value), text) for code, text in readme_tool.EXITS.items()),
    )
    yield from (".SH ENVIRONMENT", *items(ENVIRONMENT.items()))
    yield from (".SH FILES", *items(FILES.items()))
    yield from (".SH SEE ALSO", "The guide, page by page:")
    yield from items((f"cxkpi guide {page.name}", page.about) for page in pages())


def text() -> str:
    """The page as `man` reads it."""
    return "\n".join(lines()) + "\n"


def write() -> None:
    """The page anew."""
    MAN.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    write()

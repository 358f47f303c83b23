"""An option is declared once, and the help names the formats that there are."""

import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, get_type_hints

import pytest
import typer
from typer.models import OptionInfo

from cx_kpi.cli.app import whole
from cx_kpi.cli.commands import check_command as check
from cx_kpi.cli.commands import explain_command as explain
from cx_kpi.cli.commands import self_check_command as self_check
from cx_kpi.cli.commands.comparing import reconcile_command as reconcile
from cx_kpi.cli.commands.unattended import history_command as history
from cx_kpi.cli.options import arguments
from cx_kpi.cli.options.arguments import CONFIGURED, either
from cx_kpi.model.options import Config
from cx_kpi.render.formats import FORMATS

FORMATS_OF = {
    **dict.fromkeys(("report", "demo", "compare", "merge"), FORMATS),
    "check": check.FORMATS,
    "explain": explain.FORMATS,
    "history": history.FORMATS,
    "reconcile": reconcile.FORMATS,
    "self-check": self_check.FORMATS,
}
MEANINGS = {
    "output": 3,
    "show_values": 2,
}  # one file, several, or a part; of the rows set aside, or of those behind a number


def options() -> Iterator[tuple[str, str, Any]]:
    """Each command, the option's name, and its declaration."""
    for command in whole().registered_commands:
        for name, hint in get_type_hints(command.callback, include_extras=True).items():
            for info in getattr(hint, "__metadata__", ()):
                if isinstance(info, OptionInfo):
                    yield str(command.name), name, info


def test_an_option_is_declared_once() -> None:
    declared: dict[str, set[int]] = {}
    for _, name, info in options():
        declared.setdefault(name, set()).add(id(info))
    del declared["format"]
    assert {name: len(each) for name, each in declared.items() if len(each) > 1} == MEANINGS


def test_every_command_with_formats_is_known() -> None:
    assert {command for command, name, _ in options() if name == "format"} == FORMATS_OF.keys()


@pytest.mark.parametrize("command", FORMATS_OF)
def test_help_names_the_formats(command: str) -> None:
    text = next(info.help for of, name, info in options() if (of, name) == (command, "format"))
    assert re.findall(r"\w+", text.replace("(the default)", "").replace(" or ", " ")) == list(
        FORMATS_OF[command]
    )
    assert re.match(r"(table|csv) \(the default\)", text)


def test_what_the_configuration_has_too_is_there() -> None:
    assert set(CONFIGURED.values()) <= {each.name for each in fields(Config)}
    assert CONFIGURED.keys() <= {name for _, name, _ in options()}


@pytest.mark.parametrize(
    ("names", "text"), [(["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c")]
)
def test_either(names: list[str], text: str) -> None:
    assert either(names) == text


def test_a_new_format_is_in_the_help() -> None:
    made = arguments.formats(["table", "json", "new"])
    assert isinstance(made, type(typer.Option()))
    assert made.help == "table (the default), json or new."

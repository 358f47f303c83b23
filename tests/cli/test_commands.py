"""The small commands: help, version, glossary, demo; and that no option is a mystery."""

import json
import re

import pytest
import typer

from cx_kpi import __version__
from cx_kpi.cli.app import COMMANDS, app_of, whole
from cx_kpi.cli.commands import check_command as check
from cx_kpi.cli.commands import explain_command as explain
from cx_kpi.cli.commands import self_check_command as self_check
from cx_kpi.cli.commands.comparing import reconcile_command as reconcile
from cx_kpi.cli.commands.unattended import history_command as history
from cx_kpi.metrics.registry import PUBLIC
from cx_kpi.model.errors import Exit
from cx_kpi.render.formats import FORMATS

from .conftest import Cxkpi


def test_bare_command_helps(cxkpi: Cxkpi) -> None:
    bare, asked = cxkpi(), cxkpi("--help")
    assert bare == asked
    assert all(command in bare.out for command in ("report", "check", "init", "demo", "metrics", "schema"))
    assert bare.code == Exit.DONE


def test_help_fits_a_narrow_terminal_and_cuts_no_sentence(cxkpi: Cxkpi) -> None:
    shown = cxkpi("--help").out
    assert "..." not in shown.replace("[ARGS]...", "")
    assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize(
    "command",
    [
        "report",
        "compare",
        "check",
        "explain",
        "history",
        "init",
        "demo",
        "metrics",
        "self-check",
        "schema",
        "build",
        "merge",
    ],
)
def test_every_option_is_explained(command: str, cxkpi: Cxkpi) -> None:
    ran = cxkpi(command, "--help")
    options = [line for line in ran.out.splitlines() if line.startswith("  -")]
    assert ran.code == Exit.DONE
    assert options
    assert all(len(line.split(maxsplit=2)) > 1 for line in options)


WRITES = {
    "report": FORMATS,
    "compare": FORMATS,
    "demo": FORMATS,
    "merge": FORMATS,
    "check": check.FORMATS,
    "explain": explain.FORMATS,
    "history": history.FORMATS,
    "self-check": self_check.FORMATS,
    "reconcile": reconcile.FORMATS,
}
HELP = {
    name: option.help
    for name, command in typer.main.get_command(whole()).commands.items()
    for option in command.params
    if "--format" in option.opts
}


def test_the_help_of_format_lists_every_format() -> None:
    shown = {name: set(re.findall(r"\w+", said)) - {"the", "default", "or"} for name, said in HELP.items()}
    assert shown == {name: set(formats) for name, formats in WRITES.items()}


def test_only_the_command_that_is_named_is_made(cxkpi: Cxkpi, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, ...]] = []
    monkeypatch.setattr("cx_kpi.cli.app.app_of", lambda *names: made.append(names) or app_of(*names))
    for words in (("guide", "json"), ("gide",), ("--version",)):
        cxkpi(*words)
    assert made == [("guide",), tuple(COMMANDS), tuple(COMMANDS)]


def test_version(cxkpi: Cxkpi) -> None:
    for arguments in (("--version",), ("-V",), ("--version", "report")):
        assert cxkpi(*arguments) == (Exit.DONE, f"cxkpi {__version__}\n", "")


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_glossary_lists_every_metric(lang: str, cxkpi: Cxkpi) -> None:
    lines = [line.split() for line in cxkpi("metrics", "--lang", lang).out.splitlines()]
    assert sorted(line[0] for line in lines if line and line[0] in PUBLIC) == sorted(PUBLIC)


@pytest.mark.parametrize("name", PUBLIC)
def test_a_page_for_every_metric(name: str, cxkpi: Cxkpi) -> None:
    english, russian = cxkpi("metrics", name), cxkpi("metrics", name, "--lang", "ru")
    assert (english.code, russian.code, english.err, russian.err) == (Exit.DONE, Exit.DONE, "", "")
    for label in ("Formula: ", "Unit: ", "Direction: ", "Counts by", "Columns", "Target: "):
        assert f"\n{label}" in english.out
        assert f"\n{label}" not in russian.out
    assert max(map(len, english.out.splitlines())) <= 80


def test_demo(cxkpi: Cxkpi) -> None:
    ran = cxkpi("demo", "-f", "json")
    report = json.loads(ran.out)
    assert (ran.code, ran.err) == (Exit.DONE, "")
    without = {"next_response_within_target"}  # the sample has no target for it
    assert report["metrics"].keys() == PUBLIC.keys() - without
    assert report["left_out"] == []
    assert report["metrics"]["resolution_within_target"]["target"]["value"] == 0.7  # of its settings
    assert report["configuration"].endswith("sample_data/cxkpi.toml")

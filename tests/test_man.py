"""The manual page is the help of today, and a page that `man` reads."""

import re
import shutil
import subprocess

import pytest
import typer.main

from cx_kpi.cli.app import whole
from tests import man_tool

PAGE = man_tool.MAN.read_text(encoding="utf-8")


def test_the_page_is_in_step() -> None:
    assert man_tool.text() == PAGE, "run: python -m tests.man_tool"


def test_every_command_and_option_is_in_it() -> None:
    plain = PAGE.replace("\\-", "-")
    for name, command in typer.main.get_command(whole()).commands.items():
        section = plain.split(f".SH CXKPI {name.upper()}\n")[1].split("\n.SH ")[0]
        options = {option for each in command.params for option in each.opts if option.startswith("-")}
        assert {option for option in options if not re.search(rf"{option}\b", section)} == set()


@pytest.mark.skipif(not shutil.which("man"), reason="needs man")
def test_man_has_nothing_to_complain_of() -> None:
    command = ["man", "--warnings", "-E", "UTF-8", "-l", str(man_tool.MAN)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True)
    assert shown.stderr == ""
    assert "cxkpi" in shown.stdout

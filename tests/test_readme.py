"""The README says what is so: its tables are the code's, its commands run, its configuration is read."""

import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
import readme_tool
from pydantic import TypeAdapter

from cx_kpi.cli.app import run
from cx_kpi.metrics.registry import PUBLIC
from cx_kpi.model.assets import folder
from cx_kpi.model.errors import Exit
from cx_kpi.model.options import (
    CalendarRule,
    Column,
    ComplaintRule,
    Config,
    Costs,
    Heading,
    Mail,
    Question,
    TableConfig,
    TargetRule,
)
from cx_kpi.model.schema import TABLES
from cx_kpi.normalise.config.read_config import read_config

TEXT = readme_tool.README.read_text(encoding="utf-8")
ROOT = readme_tool.README.parent


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


def commands() -> Iterator[str]:
    """Every command of the tour, without what follows a pipe."""
    for line in "".join(blocks("sh")).splitlines():
        if line.startswith("cxkpi "):
            yield re.split(r" \|+ ", line)[0]


@pytest.mark.parametrize("page", readme_tool.PAGES, ids=lambda page: page.name)
def test_tables_are_in_step(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert readme_tool.filled(text) == text, "run: python -m tests.accept pages"


@pytest.mark.parametrize("name", readme_tool.PARTS)
def test_each_table_stands_on_one_page(name: str) -> None:
    pages = [page.read_text(encoding="utf-8") for page in readme_tool.PAGES]
    assert sum(len(readme_tool.part(name).findall(text)) for text in pages) == 1


def test_no_number_of_metrics() -> None:
    assert [page.name for page in readme_tool.PAGES if f" {len(PUBLIC)} metrics" in page.read_text()] == []


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the files the commands name."""
    sample = folder("sample_data")
    (tmp_path / "exports").mkdir()
    for file in sample.glob("*.csv"):
        shutil.copy(file, tmp_path / "exports")
    for name in ("tickets.csv", "surveys.csv", "ticket_events.csv"):
        shutil.copy(sample / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("line", list(commands()))
def test_commands_run(line: str, desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = set(desk.iterdir())
    code = run(shlex.split(line)[1:])
    shown, made = capsys.readouterr(), set(desk.iterdir()) - before
    assert code == (Exit.MISSED if "--fail-on" in line else Exit.DONE)
    assert bool(shown.err) == ("report.eml" in line)  # a mail to nobody says so
    assert {path.name for path in made} >= set(re.findall(r"-o (\S+\.\w+)", line))
    assert shown.out or made


def test_the_configuration_is_read(tmp_path: Path) -> None:
    file = tmp_path / "cxkpi.toml"
    for block in blocks("toml"):
        file.write_text(block, encoding="utf-8")
        assert read_config(str(file)) == TypeAdapter(Config).validate_python(tomllib.loads(block))


def names(data: Any) -> Iterator[str]:
    """Every key in it, however deep."""
    match data:
        case dict():
            yield from data
            yield from (name for each in data.values() for name in names(each))
        case list():
            yield from (name for each in data for name in names(each))


@pytest.mark.parametrize(
    "kind",
    [Config, TableConfig, Column, Question, TargetRule, CalendarRule, ComplaintRule, Costs, Heading, Mail],
)
def test_every_key_is_shown(kind: type) -> None:
    assert is_dataclass(kind)
    shown = {name for block in blocks("toml") for name in names(tomllib.loads(block))}
    tables = {name for name in TABLES if f"`[{name}]`" in TEXT}
    assert {each.name for each in fields(kind)} <= shown | tables


def test_pictures_and_links_are_there() -> None:
    targets = re.findall(r"\]\(([^)#][^)]*)\)", TEXT)
    assert targets
    assert [name for name in targets if not (ROOT / name).is_file()] == []


def test_the_two_commands_are_those_that_are_checked() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for name in ("run", "test"):
        assert re.search(rf"^<!-- {name} -->\n```sh\n(python3 -m venv .*)\n```$", TEXT, re.MULTILINE)
        assert f'bash -c "$(readme_command {name})"' in script

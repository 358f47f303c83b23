"""Every public noun of metrics and reports is in the glossary, and the glossary names nothing else."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum

import pytest

from cx_kpi.metrics.definition import metric
from cx_kpi.model import chart_data, report, values
from cx_kpi.model.assets import folder

MODULES = (metric, report, values, chart_data)
PAGE = (folder("guide") / "glossary.md").read_text(encoding="utf-8")
ROWS = [line.split("|")[1:-1] for line in PAGE.splitlines() if line.startswith("| ")]
IN_CODE = [re.findall(r"`(\w+)`", " ".join(row[1:])) for row in ROWS if len(row) == 3]
EXPLAINED = {name for names in IN_CODE for name in names}
SECTIONS = re.split(r"^## ", PAGE, flags=re.MULTILINE)


def nouns(module: object) -> Iterator[str]:
    """The classes a module defines, their fields, and the members of its enumerations."""
    for name, kind in vars(module).items():
        if inspect.isclass(kind) and kind.__module__ == module.__name__ and not name.startswith("_"):
            yield name
            if is_dataclass(kind):
                yield from (each.name for each in fields(kind) if not each.name.startswith("_"))
            elif issubclass(kind, Enum):
                yield from kind.__members__


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_noun_is_explained(module: object) -> None:
    assert sorted(set(nouns(module)) - EXPLAINED) == []


@pytest.mark.parametrize("title", ["What a metric is", "What a report is"])
def test_no_name_is_stale(title: str) -> None:
    (section,) = (text for text in SECTIONS if text.startswith(title))
    named = {
        name
        for line in section.splitlines()
        if line.startswith("| ")
        for name in re.findall(r"`(\w+)`", line.split("|")[2])
    }
    assert sorted(named - {noun for module in MODULES for noun in nouns(module)}) == []


def test_every_place_is_there() -> None:
    places = [place for row in ROWS for place in re.findall(r"`([\w./]+/[\w./]+)`", row[1])]
    package = folder("guide").parent
    assert places
    assert [p for p in places if not (package / p).exists() and not (package.parent / p).exists()] == []


def test_every_folder_is_described() -> None:
    package = folder("guide").parent
    rooms = {path.parent.relative_to(package).as_posix() for path in package.rglob("*.py")} - {"."}
    section = next(text for text in SECTIONS if text.startswith("Where things are"))
    assert sorted(rooms - set(re.findall(r"`([\w/]+)`", section))) == []
    assert (
        sorted(name for name in re.findall(r"`(\w+/[\w/.]+)`", section) if not (package / name).exists())
        == []
    )


def test_a_word_stands_once() -> None:
    words = [row[0].strip() for row in ROWS]
    assert [word for word in set(words) - {"word"} if words.count(word) > 1] == []

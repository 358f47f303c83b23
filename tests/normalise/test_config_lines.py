"""The line of a key: whatever strings, comments and lists stand around it."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.normalise.config.config_lines import line_of, placed

TEXT = '''\
language = "en"   # metric = 1
about = """
[[metric]]
id = "no"
"""
[tickets.columns]
"Paid back" = "x"
team = 'T # [metric]'
[[metric]]
id = "a"
title = { en = "[[metric]]", ru = """
where = 1
""" }
[metric.more]
deep = 1
[[ metric ]]
  id = "b"
  where = """
  channel = 'chat' and
  hit = 1
  """
  hit = "x"
tickets.values.status = 1
[costs]
a.b . "c d" = 2
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("language",), 1),
        (("tickets", "columns", "Paid back"), 7),
        (("tickets", "columns", "team"), 8),
        (("tickets", "columns", "gone"), 6),
        (("metric", 0, "id"), 10),
        (("metric", 0, "where"), 9),
        (("metric", 0, "title", "ru"), 11),
        (("metric", 0, "more", "deep"), 15),
        (("metric", 1, "where"), 18),
        (("metric", 1, "hit"), 22),
        (("metric", 1, "miss"), 16),
        (("metric", 1, "tickets", "values", "status"), 23),
        (("costs", "a", "b", "c d"), 25),
        (("metric", 2, "id"), None),
        (("metric", "id"), None),
        (("gone",), None),
        ((), None),
    ],
)
def test_the_line_of_a_key(key: tuple[str | int, ...], line: int | None) -> None:
    assert line_of(TEXT, key) == line
    assert tomllib.loads(TEXT)


def test_the_place_is_in_the_file_if_there_is_one(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text('[project]\nname = "x"\n[tool.cxkpi]\n[[tool.cxkpi.metric]]\nid = "a"\n')
    assert placed(str(file), ("metric", 0, "id")) == f"{file}:5"
    assert placed(str(file), ("name",)) == f"{file}:3"
    assert placed("config", ("name",)) == "config"
    assert placed(str(tmp_path), ("name",)) == str(tmp_path)


NAMES = st.sampled_from(["id", "where", "hit", "title"])
VALUES = st.sampled_from(
    ['"x"', '"""\nid = 1\n[[metric]]\n"""', "'''\nhit = 2\n'''", "[\n  1, # id = 2\n  2,\n]", "1"]
)
TABLES = st.lists(st.dictionaries(NAMES, VALUES, min_size=1), min_size=1, max_size=4)


@given(TABLES, st.data())
def test_a_key_is_on_the_line_without_which_it_is_not_there(
    tables: list[dict[str, str]], data: st.DataObject
) -> None:
    """Up to the line before, TOML does not know the key; from its value on, it does."""
    text = "".join(
        "[[metric]]\n" + "".join(f"{name} = {value}\n" for name, value in table.items()) for table in tables
    )
    place = data.draw(st.integers(0, len(tables) - 1))
    name = data.draw(st.sampled_from(sorted(tables[place])))
    line = line_of(text, ("metric", place, name))
    assert line is not None
    lines = text.splitlines(keepends=True)

    def known(some: list[str]) -> Any:
        told = tomllib.loads("".join(some)).get("metric", [])
        return len(told) > place and name in told[place]

    assert not known(lines[: line - 1])
    assert known(
        [*lines[: line - 1], *tables[place][name].join([f"{name} = ", "\n"]).splitlines(keepends=True)]
    )

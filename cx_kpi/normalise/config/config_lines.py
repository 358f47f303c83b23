"""On which line of a configuration something is said, for messages on what is wrong with it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cx_kpi.model.errors import KeyProblem, MetricProblem, UsageProblem
from cx_kpi.model.options import Config
from cx_kpi.wording.patterns import compiled_later

PROJECT = "pyproject.toml"  # which may hold the same keys, in [tool.cxkpi]
LARGEST = 1_000_000  # bytes
# strings and comments; those that may hold a line break, or what looks like a key, become blank
_APART = compiled_later(
    r'("""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|#[^\n]*)|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', re.DOTALL
)
_PART = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_NAME = rf"({_PART}(?:[ \t]*\.[ \t]*{_PART})*)"
_SAID = compiled_later(
    rf"^[ \t]*(?:\[\[[ \t]*{_NAME}[ \t]*\]\]|\[[ \t]*{_NAME}[ \t]*\]|{_NAME}[ \t]*=)", re.MULTILINE
)
Key = tuple[str | int, ...]


def placed(file: str, key: Sequence[str | int]) -> str:
    """`cxkpi.toml:7`, the file with the line on which a key is; the file alone where no line has any part of it.

    A key goes from the outermost table to the value, with the places of tables in lists of them.
    """
    path = Path(file)
    if not path.is_file() or path.stat().st_size > LARGEST:
        return file
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    line = line_of(text, ("tool", "cxkpi", *key) if path.name == PROJECT else tuple(key))
    return f"{file}:{line}" if line else file


def line_of(text: str, key: Key) -> int | None:
    """The line of a key, else that of the innermost table around it."""
    found = [(len(said), -line) for said, line in _keys(text) if key[: len(said)] == said]
    return -max(found)[1] if found else None


@contextmanager
def config_placed(config: Config, file: str | None) -> Iterator[None]:
    """A problem of an own metric or of a key begins with the file and the line of what is wrong; `UsageProblem`."""
    try:
        yield
    except (MetricProblem, KeyProblem) as problem:
        if file is None:
            raise
        key = problem.key if isinstance(problem, KeyProblem) else _key_of(problem, config)
        raise UsageProblem(f"{placed(file, key)}: {problem}") from None


def _key_of(problem: MetricProblem, config: Config) -> Key:
    place = max(number for number, each in enumerate(config.metric) if each.id == problem.metric)
    return "metric", place, problem.key


def _keys(text: str) -> Iterator[tuple[Key, int]]:
    """Every table and every value by its whole key, with its line."""
    plain = _APART.sub(lambda found: re.sub(r"[^\n]", " ", found[0]) if found[1] else found[0], text)
    lists: Counter[Key] = Counter()
    table: Key = ()
    line, reached = 1, 0
    for found in _SAID.finditer(plain):
        line += plain.count("\n", reached, found.start())
        reached = found.start()
        if found[1]:
            table = _inside((), found[1], lists)
            lists[table] += 1
            table = (*table, lists[table] - 1)
        elif found[2]:
            table = _inside((), found[2], lists, last=True)
        yield _inside(table, found[3], lists, last=True) if found[3] else table, line


def _inside(table: Key, name: str, lists: Counter[Key], *, last: bool = False) -> Key:
    """The key of a dotted name in a table: of lists on the way, and with `last` of one at its end, in the latest member."""
    parts = [each.strip("\"'") for each in re.findall(_PART, name)]
    for number, part in enumerate(parts, 1):
        table = (*table, part)
        if lists[table] and (last or number < len(parts)):
            table = (*table, lists[table] - 1)
    return table

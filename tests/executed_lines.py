"""Which tests execute which lines, as tests/recording_lines.py records it: no other test can notice a change there."""

import ast
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tests.judging_tests import ROOT, distance

PYTEST = (sys.executable, "-m", "pytest", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-rfE")
PYTEST += ("-p", "no:xdist", "--hypothesis-profile=mutation")


class Asked(NamedTuple):
    """A test that passes before any change."""

    name: str
    cpu: float  # seconds of the processor, with nothing kept from other tests

    @property
    def file(self) -> str:
        """Where it is."""
        return self.name.partition("::")[0]


def environment(copy: Path, **more: str) -> dict[str, str]:
    """That of tests in a copy of the repository, on one core."""
    settings = {**os.environ, "PYTHONPATH": str(copy), "CI": "", "POLARS_MAX_THREADS": "1", **more}
    settings.pop("PYTHONDONTWRITEBYTECODE", None)
    return settings


@cache
def _package() -> bytes:
    """What tells the package from itself at another time."""
    found = sorted(
        path for path in (ROOT / "cx_kpi").rglob("*") if path.is_file() and path.parent.name != "__pycache__"
    )
    return b"".join(hashlib.sha256(path.read_bytes()).digest() for path in found)


def _state(test: Path) -> str:
    helpers = sorted(path for path in distance(test) if ROOT / "tests" in path.parents)
    whole = [_package(), *(path.read_bytes() for path in [*helpers, ROOT / "tests" / "conftest.py"])]
    return hashlib.sha256(b"\0".join(whole)).hexdigest()[:12]


class Recordings:
    """One for each test file, made when they are first asked for, in a folder that may be kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def _place(self, test: str) -> Path:
        return self.folder / f"{test.replace('/', '.')}-{_state(ROOT / test)}.lines"

    def record(self, test: str, copy: Path) -> None:
        """Run a test file in a copy of the repository, unless its recording is here."""
        place = self._place(test)
        if not place.with_suffix(".json").exists():
            settings = environment(copy, RECORDED=str(place))
            command = [*PYTEST, "-p", "tests.recording_lines", test]
            subprocess.run(command, cwd=copy, env=settings, check=False, stdout=subprocess.DEVNULL)

    @cache  # noqa: B019 - there is one
    def told(self, test: str) -> dict[str, Any]:
        """The tests of a file, and what each shares with others."""
        told: dict[str, Any] = json.loads(self._place(test).with_suffix(".json").read_text(encoding="utf-8"))
        return told

    @cache  # noqa: B019
    def lines(self, test: str, path: Path) -> dict[int, list[str]]:
        """Who executes each line of a file of the package."""
        from coverage import CoverageData

        data = CoverageData(basename=str(self._place(test)))
        data.read()
        return data.contexts_by_lineno(path.relative_to(ROOT).as_posix())

    def red(self, tests: Iterable[str]) -> list[str]:
        """Tests that fail before any change."""
        return [
            name for test in tests for name, each in self.told(test)["tests"].items() if not each["passes"]
        ]

    def of_file(self, test: str) -> list[Asked]:
        """All tests of a file that can notice anything."""
        every = self.told(test)["tests"].items()
        return [Asked(name, each["cpu"]) for name, each in every if each["passes"]]

    def executing(self, tests: Sequence[str], path: Path, lines: Iterable[int]) -> list[Asked] | None:
        """The tests that execute one of the lines; None where imports do, or nobody is seen to."""
        seen = {context for test in tests for context in self._contexts(test, path, lines)}
        if "" in seen or not seen:
            return None
        seen |= {context for test in tests for context in self.told(test)["elsewhere"]}
        shared = {name: each["contexts"] for test in tests for name, each in self.told(test)["tests"].items()}
        return [each for test in tests for each in self.of_file(test) if seen & {*shared[each.name]}]

    def _contexts(self, test: str, path: Path, lines: Iterable[int]) -> set[str]:
        by_line = self.lines(test, path)
        return {context for line in lines for context in by_line.get(line, ())}


def statement(path: Path, line: int) -> range | None:
    """The lines of the statement there, without those inside it; None where imports execute it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = [node for node in ast.walk(tree) if isinstance(node, ast.stmt) and _spans(node, line)]
    if not any(_is_body(node, line) for node in inside):
        return None
    last = max(inside, key=lambda node: (node.lineno, -(node.end_lineno or 0)))
    within = [node.lineno for node in ast.walk(last) if isinstance(node, ast.stmt) and node is not last]
    end = min([*within, (last.end_lineno or 0) + 1])
    return range(last.lineno, end) if line < end else range(line, line + 1)


def _spans(node: ast.stmt, line: int) -> bool:
    return node.lineno <= line <= (node.end_lineno or 0)


def _is_body(node: ast.stmt, line: int) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and line >= node.body[0].lineno


def words(path: Path, line: int) -> frozenset[str]:
    """What a statement of a module names: tests that are called so come first."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    text = path.read_text(encoding="utf-8")
    found = (ast.get_source_segment(text, node) or "" for node in tree.body if _spans(node, line))
    return frozenset(re.findall(r"\w+", next(found, "").lower()))


def sorted_by_name(tests: Iterable[Asked], named: frozenset[str]) -> Iterator[Asked]:
    """Those called so first; otherwise they stay as they are."""
    return iter(sorted(tests, key=lambda test: not named & {*re.findall(r"\w+", test.name.lower())}))

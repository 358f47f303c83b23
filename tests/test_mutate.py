"""Which tests are asked of a mutant: those that execute the statement, or all where imports execute it."""

from pathlib import Path

import pytest

from tests.executed_lines import Asked, sorted_by_name, statement, words

CODE = """\
RATE = 0.95


@cache
def one(
    n: int = 3,
) -> int:
    \'\'\'What it is.\'\'\'
    if (
        n > 2
        and n < 9
    ):
        return call(
            n,
            lambda each: each + 1,
        )
    with suppress(ValueError):
        n += 1
    return n


class Wait:
    seconds: int = 5

    def long(self) -> bool:
        try:
            return self.seconds > 3
        except (
            ValueError,
        ):
            return False
"""
LINES = CODE.splitlines()


def line(text: str) -> int:
    return 1 + next(number for number, each in enumerate(LINES) if text in each)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file.py"
    path.write_text(CODE, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "first", "lines"),
    [
        ("n < 9", "if (", 4),
        ("each + 1", "return call", 4),
        ("n += 1", "n += 1", 1),
        ("suppress", "with", 1),
        ("seconds > 3", "return self", 1),
    ],
)
def test_a_change_is_seen_where_its_statement_is_executed(
    file: Path, text: str, first: str, lines: int
) -> None:
    assert statement(file, line(text)) == range(line(first), line(first) + lines)


def test_the_line_of_a_handler_is_its_own(file: Path) -> None:
    at = line("            ValueError,")
    assert statement(file, at) == range(at, at + 1)


@pytest.mark.parametrize("text", ["0.95", "@cache", "n: int = 3", "seconds: int"])
def test_what_imports_execute_any_test_may_see(file: Path, text: str) -> None:
    assert statement(file, line(text)) is None


def test_tests_that_are_called_as_the_statement_come_first(file: Path) -> None:
    tests = [Asked(f"tests/test_a.py::test[{each}]", 0.1) for each in ("other", "seconds", "long")]
    named = sorted_by_name(tests, words(file, line("seconds: int")))
    assert [test.name[-8:-1] for test in named] == ["seconds", "st[long", "t[other"]

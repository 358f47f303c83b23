"""The report on the sample data, word for word; `python -m tests.accept golden` writes it anew."""

from pathlib import Path

import pytest

from .regenerate import golden

pytestmark = pytest.mark.usefixtures("kept_runs", "engine_of_many")


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """What the golden files should hold."""
    return golden()


@pytest.mark.parametrize("name", ["report.json", "report.md", "report.ru.txt"])
def test_nothing_moved(name: str, made: dict[str, str]) -> None:
    kept = (Path(__file__).parent / name).read_text(encoding="utf-8")
    assert made[name].splitlines() == kept.splitlines()
    assert made[name] == kept

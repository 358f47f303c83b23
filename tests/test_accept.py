"""`python -m tests.accept` writes what is made from the code, shows the difference, and checks without a trace."""

from pathlib import Path

import pytest

from tests import accept
from tests.accept import Generator


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that a generator named `page` writes."""
    monkeypatch.setattr(accept, "ROOT", tmp_path)
    file = tmp_path / "page.md"
    file.write_text("old\n", encoding="utf-8")
    monkeypatch.setattr(accept, "GENERATORS", {"page": Generator(lambda: _write(tmp_path), ("*.md", "*.mo"))})
    return file


def _write(folder: Path) -> None:
    (folder / "page.md").write_text("new\n", encoding="utf-8")
    (folder / "more.md").write_text("more\n", encoding="utf-8")
    (folder / "words.mo").write_bytes(b"\xde\x12")


def test_writes_and_shows(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert accept.main([]) == 0
    assert page.read_text(encoding="utf-8") == "new\n"
    shown = capsys.readouterr().out
    assert "--- a/page.md\n+++ b/page.md\n@@ -1 +1 @@\n-old\n+new\n" in shown
    assert "written: page.md" in shown
    assert accept.main(["page"]) == 0
    assert capsys.readouterr().out == ""


def test_checks_without_a_trace(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert accept.main(["--check"]) == 1
    assert "not in step: more.md\nnot in step: page.md\n" in capsys.readouterr().out
    assert [path.read_text(encoding="utf-8") for path in page.parent.iterdir()] == ["old\n"]


def test_the_version_of_a_tool_is_no_difference() -> None:
    file = accept.ROOT / "x.po"
    old, new = (b'"Generated-By: Babel %d"\nmsgid "a"\n' % version for version in (1, 2))
    assert list(accept.changes({file: old}, {file: new})) == []


def test_every_generator_has_files() -> None:
    assert [name for name, each in accept.GENERATORS.items() if not each.content()] == []


def test_an_unknown_name_is_answered_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert accept.main(["readme"]) == 2
    assert "sample, catalogue, pages, manual, golden" in capsys.readouterr().out

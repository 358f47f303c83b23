"""Our templates are compiled once for all processes, and again where one is changed, damaged or compiled in another way."""

import sys
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader
from jinja2.bccache import bc_magic

from cx_kpi.render.templating.compiled_templates import kept_in

OPTIONS = {"autoescape": True}


def filled(folder: Path, **options: bool) -> str:
    """The template `a` of a folder, filled by a process of its own."""
    cache = kept_in(folder, None, OPTIONS | options)
    made = Environment(loader=FileSystemLoader(folder), bytecode_cache=cache, **(OPTIONS | options))  # type: ignore[arg-type]
    return made.get_template("a").render()


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where what is compiled of the templates in a folder is kept."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    (tmp_path / "a").write_text("{% if 1 %}\none & {{ '&' }}{% endif %}")
    return tmp_path / "__pycache__"


def test_a_template_is_compiled_once(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert filled(kept.parent) == "\none & &amp;"
    assert len([*kept.iterdir()]) == 1
    monkeypatch.setattr(Environment, "compile", None)
    assert filled(kept.parent) == "\none & &amp;"


def test_a_template_that_is_changed_is_compiled_again(kept: Path) -> None:
    filled(kept.parent)
    (kept.parent / "a").write_text("two")
    assert filled(kept.parent) == "two"


def test_what_is_compiled_in_another_way_is_another(kept: Path) -> None:
    filled(kept.parent)
    assert filled(kept.parent, autoescape=False) == "\none & &"
    assert filled(kept.parent, trim_blocks=True) == "one & &amp;"


MAGIC = len(bc_magic)


@pytest.mark.parametrize("whole", [0, 1, MAGIC, MAGIC + 1, -40])
@pytest.mark.parametrize("more", [b"", b"not what was written"])
def test_what_is_damaged_is_compiled_again(whole: int, more: bytes, kept: Path) -> None:
    filled(kept.parent)
    (one,) = kept.iterdir()
    one.write_bytes(one.read_bytes()[:whole] + more)
    assert filled(kept.parent) == "\none & &amp;"


@pytest.mark.parametrize("why", ["asked", "not allowed"])
def test_nothing_is_kept_where_nothing_may_be(why: str, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if why == "asked":
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
    else:
        kept.write_text("a file in the way")
    assert filled(kept.parent) == "\none & &amp;"
    assert not kept.is_dir()

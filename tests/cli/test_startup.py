"""Completion answers at once: nothing heavy is imported for it. tests/test_layers.py holds `--help` to the same."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cx_kpi.__main__ import MEMORY, _keep_memory

HEAVY = {"polars", "jinja2", "babel", "rapidfuzz", "sqlglot", "pymorphy3", "snowballstemmer"}
PROBE = """
import sys
sys.argv = ["cxkpi", *sys.argv[1:]]
from cx_kpi.__main__ import main
try:
    main()
except SystemExit as left:
    assert not left.code, left.code
print(*{name.partition(".")[0] for name in sys.modules}, file=sys.stderr)
"""


@pytest.mark.parametrize(
    "line", ["cxkpi report --metrics cs", "cxkpi explain ", "cxkpi guide ", "cxkpi report --per"]
)
def test_completion_answers_at_once(line: str) -> None:
    asked = {"_CXKPI_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
    ran = subprocess.run(
        [sys.executable, "-c", PROBE], capture_output=True, text=True, check=True, env={**os.environ, **asked}
    )
    assert ran.stdout
    assert (HEAVY | {"rich"}) & set(ran.stderr.split()) == set()


def test_a_plain_list_of_tickets_is_read_without_what_is_slow_to_load(tmp_path: Path) -> None:
    """Its status is no state of a call: that is seen by the letters."""
    head = "ticket_id,created_at,status,channel,type,category,subject,reopen_count,escalation_level"
    states = enumerate(("open", "pending", "solved"), 1)
    rows = [f"{n},2026-03-0{n},{state},email,problem,a {n},Help {n},0,{n}" for n, state in states]
    (tmp_path / "t.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    line = [sys.executable, "-c", PROBE, "report", str(tmp_path / "t.csv")]
    ran = subprocess.run(line, capture_output=True, text=True, check=True)
    assert (HEAVY - {"polars"}) & set(ran.stderr.split()) == set()


def test_every_command_knows_the_keys_of_reports() -> None:
    """They are the options of `report`, whose module others do not import."""
    probe = "import cx_kpi.cli.app; from cx_kpi.cli.options.profiles import KEYS; print(*KEYS)"
    ran = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert {"period", "by"} <= set(ran.stdout.split())


def test_how_memory_is_kept_is_said_in_words_that_polars_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    probe = "from cx_kpi.__main__ import _keep_memory; _keep_memory(); import polars; polars.Series([1])"
    known = {name: value for name, value in os.environ.items() if name != MEMORY}
    ran = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, env=known)
    assert ran.stderr == ""
    for cores, stores in ((None, 1), (1, 1), (2, 1), (16, 8)):
        monkeypatch.setattr(os, "environ", {})
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        _keep_memory()
        assert f"narenas:{stores}," in os.environ[MEMORY]
    monkeypatch.setattr(os, "environ", {MEMORY: "narenas:4"})
    _keep_memory()
    assert os.environ[MEMORY] == "narenas:4"  # as it was said

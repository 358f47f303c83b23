"""The folder of rows on the disk: private, gone with its owner, and those of killed processes removed."""

import gc
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from test_buckets import bounded, files, made  # noqa: F401 - a fixture

from cx_kpi.engine.buckets.spill import Spill
from cx_kpi.model.errors import OutputProblem

pytestmark = pytest.mark.usefixtures("engine_of_many")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_is_private_and_gone_with_its_owner(folder):
    spill = Spill()
    assert spill.path.parent == folder
    assert spill.path.stat().st_mode & 0o077 == 0
    (spill.path / "rows").write_text("x")
    del spill
    assert [*folder.iterdir()] == []


def test_those_of_processes_that_were_killed_are_removed_and_of_others_are_not(folder):
    dead = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    ).stdout.strip()
    kept = [folder / f"cxkpi-rows-{os.getppid()}-a", folder / "cxkpi-rows-notes", folder / "other"]
    for each in (folder / f"cxkpi-rows-{dead}-a", *kept):
        each.mkdir()
    spill = Spill()
    assert {*folder.iterdir()} == {*kept, spill.path}


def test_a_run_leaves_nothing_behind(folder, files, monkeypatch):  # noqa: F811
    bounded(monkeypatch, 3, 100)
    done, _ = made(files[:1], metrics=("tickets_created", "resolution_time"))
    assert len([*folder.glob("cxkpi-rows-*")]) == 1
    del done
    gc.collect()
    assert [*folder.glob("cxkpi-rows-*")] == []


def test_a_run_that_fails_leaves_nothing_behind(folder, files, monkeypatch):  # noqa: F811
    bounded(monkeypatch, 3, 100)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cx_kpi.engine.buckets.bucket_run.keep", full)
    with pytest.raises(OutputProblem, match="the disk is full"):
        made(files[:1])
    assert [*Path(folder).glob("cxkpi-rows-*")] == []

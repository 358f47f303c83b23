"""A file is the old one or the new one, and nothing else is left beside it."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cx_kpi.model.errors import OutputProblem
from cx_kpi.render.files.atomic_write import write_whole


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_and_one_that_was_there(tmp_path):
    path = tmp_path / "отчёт [1].html"
    write_whole(str(path), "один\n")
    path.chmod(0o640)
    write_whole(str(path), "два\n")
    assert path.read_bytes() == "два\n".encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert names(tmp_path) == [path.name]


@pytest.mark.parametrize("step", ["fsync", "replace", "write"])
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_a_failure_at_any_step_leaves_the_old_file(tmp_path, monkeypatch, step, error):
    path = tmp_path / "report.html"
    path.write_text("old")

    def fail(*_args, **_kwargs):
        raise OSError(error, os.strerror(error))

    owner = {"fsync": "os.fsync", "replace": "pathlib.Path.replace", "write": "pathlib.Path.open"}[step]
    with monkeypatch.context() as patch:
        patch.setattr(owner, fail)
        with pytest.raises(OutputProblem, match=os.strerror(error)):
            write_whole(str(path), "new")
    assert path.read_text() == "old"
    assert names(tmp_path) == ["report.html"]


def test_an_interrupt_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    path.write_text("old")

    def interrupt(_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", interrupt)
        with pytest.raises(KeyboardInterrupt):
            write_whole(str(path), "new")
    assert (path.read_text(), names(tmp_path)) == ("old", ["report.html"])


def test_what_a_killed_run_left_is_swept(tmp_path):
    path = tmp_path / "report.html"
    killed = (
        "import os, signal, sys; from cx_kpi.render import write\n"
        "os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
        "write.write_whole(sys.argv[1], 'half')"
    )
    subprocess.run([sys.executable, "-c", killed, str(path)], check=False)
    assert len(names(tmp_path)) == 1
    write_whole(str(path), "whole")
    assert (path.read_text(), names(tmp_path)) == ("whole", ["report.html"])


def test_a_link_is_followed(tmp_path):
    target, link = tmp_path / "target.html", tmp_path / "link.html"
    target.write_text("old")
    link.symlink_to(target)
    write_whole(str(link), "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_dangling_link_makes_its_target(tmp_path):
    link = tmp_path / "link.html"
    link.symlink_to(tmp_path / "target.html")
    write_whole(str(link), "new")
    assert (tmp_path / "target.html").read_text() == "new"


def test_a_folder_and_a_missing_folder_are_refused(tmp_path):
    with pytest.raises(OutputProblem, match="is a folder"):
        write_whole(str(tmp_path), "x")
    with pytest.raises(OutputProblem, match="there is no folder"):
        write_whole(str(tmp_path / "no" / "report.html"), "x")


def test_an_input_is_never_written_over(tmp_path):
    source, link = tmp_path / "tickets.csv", tmp_path / "report.csv"
    source.write_text("rows")
    link.symlink_to(source)
    for path in (source, link):
        with pytest.raises(OutputProblem, match="files to read"):
            write_whole(str(path), "x", [str(tmp_path / "other.csv"), str(source)])
    assert source.read_text() == "rows"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_a_full_device_is_an_error_and_no_device_is_replaced():
    with pytest.raises(OutputProblem, match="/dev/full"):
        write_whole("/dev/full", "x")
    write_whole(os.devnull, "x")
    assert not Path("/dev/full").is_file()
    assert not Path(os.devnull).is_file()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(OutputProblem, match="permission"):
        write_whole(str(tmp_path / "report.html"), "x")

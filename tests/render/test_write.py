"""A file is the old one or the new one, and nothing else is left beside it."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cx_kpi.model.errors import OutputProblem
from cx_kpi.render.files import atomic_write as write
from cx_kpi.render.files.atomic_write import Output, write_all, write_whole


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


@pytest.mark.parametrize("step", ["fsync", "replace", "write", "open"])
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_a_failure_at_any_step_leaves_the_old_file(tmp_path, monkeypatch, step, error):
    path = tmp_path / "report.html"
    path.write_text("old")

    def fail(*_args, **_kwargs):
        raise OSError(error, os.strerror(error))

    owner = {"fsync": "os.fsync", "replace": "os.replace", "write": "os.fdopen", "open": "os.open"}[step]
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
        "import os, signal, sys; from cx_kpi.render.files import atomic_write as write\n"
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


@pytest.fixture
def other_user(monkeypatch):
    """Gives a link to another user, or makes us another one where we may not."""

    def give(link):
        if os.geteuid() == 0:
            os.lchown(link, 65534, 65534)
        else:
            monkeypatch.setattr("os.geteuid", lambda: 1)

    return give


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="links have no owner")
@pytest.mark.parametrize("mode", [0o1777, 0o775, 0o755])
@pytest.mark.parametrize("way", ["file", "folder", "further"])
def test_a_link_of_another_user_in_an_open_folder_is_not_followed(tmp_path, other_user, mode, way):
    common, victim = tmp_path / "common", tmp_path / "victim"
    common.mkdir()
    victim.mkdir()
    (victim / "x.html").write_text("old")
    link = common / ("sub" if way == "folder" else "x.html")
    link.symlink_to(victim if way == "folder" else victim / "x.html")
    path = link / "x.html" if way == "folder" else link
    if way == "further":
        path = tmp_path / "own.html"
        path.symlink_to("common/x.html")
    common.chmod(mode)
    other_user(link)
    if mode == 0o755:
        write_whole(str(path), "new")
    else:
        with pytest.raises(OutputProblem, match="a link of another user"):
            write_whole(str(path), "new")
    assert (victim / "x.html").read_text() == ("new" if mode == 0o755 else "old")


def test_links_in_a_circle_are_refused(tmp_path):
    (tmp_path / "a").symlink_to("b/x")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OutputProblem):
        write_whole(str(tmp_path / "a"), "x")


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


def test_a_planted_link_is_not_followed(tmp_path, monkeypatch):
    """A link under a name that we would use cannot make another file change."""
    victim, path = tmp_path / "victim", tmp_path / "report.html"
    victim.write_text("mine")
    (tmp_path / f".report.html.{os.getpid()}.part").symlink_to(victim)
    known = "cx_kpi.render.files.temporary_file.any_name"
    monkeypatch.setattr(known, lambda folder: folder / ".cxkpi-aa.part")
    (tmp_path / ".cxkpi-aa.part").symlink_to(victim)
    with pytest.raises(OutputProblem, match="cannot be written"):
        write_whole(str(path), "new")
    assert (victim.read_text(), path.exists()) == ("mine", False)


def test_what_is_swept_is_what_nobody_holds(tmp_path):
    """Neither a run that is alive, nor links, folders and pipes of the same name."""
    victim = tmp_path / "victim"
    victim.write_text("mine")
    alive = write.written(tmp_path / "other.html", b"half", 0o600)
    (tmp_path / ".cxkpi-link.part").symlink_to(victim)
    (tmp_path / ".cxkpi-folder.part").mkdir()
    os.mkfifo(tmp_path / ".cxkpi-pipe.part")
    (tmp_path / ".cxkpi-dead.part").write_text("half")
    write_whole(str(tmp_path / "report.html"), "whole")
    assert names(tmp_path) == sorted(
        [
            ".cxkpi-folder.part",
            ".cxkpi-link.part",
            ".cxkpi-pipe.part",
            alive.path.name,
            "report.html",
            "victim",
        ]
    )
    alive.drop()
    assert not alive.path.exists()


def test_while_it_is_made_nobody_else_may_read_it(tmp_path, monkeypatch):
    seen = []
    fsync = os.fsync

    def look(handle):
        seen.append(os.fstat(handle).st_mode & 0o777)
        fsync(handle)

    monkeypatch.setattr("os.fsync", look)
    old = os.umask(0o022)
    try:
        write_whole(str(tmp_path / "open.html"), "x")
        write_whole(str(tmp_path / "private.html"), "x", private=True)
        write_whole(str(tmp_path / "open.html"), "x", private=True)
    finally:
        os.umask(old)
    assert seen[0] == 0o600
    modes = {name: (tmp_path / name).stat().st_mode & 0o777 for name in ("open.html", "private.html")}
    assert modes == {"open.html": 0o600, "private.html": 0o600}


@pytest.mark.parametrize("name", ["n" * 251 + ".csv", "ю" * 125 + ".html"])
def test_the_longest_names_work(tmp_path, name):
    write_whole(str(tmp_path / name), "x")
    assert names(tmp_path) == [name]


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC, errno.EINVAL])
def test_a_rename_that_may_be_lost_is_an_error(tmp_path, monkeypatch, error):
    """The folder, too, has to reach the disk; where the system has no such call, nothing fails."""
    fsync, path = os.fsync, tmp_path / "report.html"

    def fail(handle):
        if Path(f"/proc/self/fd/{handle}").is_dir():
            raise OSError(error, os.strerror(error))
        fsync(handle)

    monkeypatch.setattr("os.fsync", fail)
    if error == errno.EINVAL:
        write_whole(str(path), "new")
    else:
        with pytest.raises(OutputProblem, match=os.strerror(error)):
            write_whole(str(path), "new")
    assert names(tmp_path) == ["report.html"]


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("failing", [1, 2, 3])
@pytest.mark.parametrize("problem", [OSError(errno.EIO, "I/O error"), KeyboardInterrupt()])
def test_several_files_appear_together_or_not_at_all(tmp_path, monkeypatch, failing, problem, links):
    monkeypatch.chdir(tmp_path)
    Path("a").write_text("old a")
    Path("c").write_text("old c")
    if not links:
        monkeypatch.setattr(
            Path, "hardlink_to", lambda *_: (_ for _ in ()).throw(OSError(errno.EPERM, "no links"))
        )
    count, replace = iter(range(1, 9)), os.replace

    def fail(old, new):
        if next(count) == failing:
            raise problem
        replace(old, new)

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises((OutputProblem, KeyboardInterrupt)):
        write_all([Output(name, f"new {name}") for name in "abc"])
    monkeypatch.undo()
    assert names(tmp_path) == ["a", "c"]
    assert [(tmp_path / name).read_text() for name in "ac"] == ["old a", "old c"]


def test_several_files(tmp_path):
    (tmp_path / "b").write_text("old")
    write_all([Output(str(tmp_path / name), name) for name in "abc"])
    assert [(tmp_path / name).read_text() for name in "abc"] == ["a", "b", "c"]
    assert names(tmp_path) == ["a", "b", "c"]


@pytest.mark.parametrize("way", ["same", "link", "hard", "dots"])
def test_two_outputs_of_one_file_are_refused(tmp_path, way):
    first = tmp_path / "a.csv"
    first.write_text("old")
    second = {"same": first, "dots": tmp_path / ".." / tmp_path.name / "a.csv"}.get(way, tmp_path / "b.csv")
    if way == "link":
        second.symlink_to(first)
    if way == "hard":
        second.hardlink_to(first)
    with pytest.raises(OutputProblem, match="written twice"):
        write_all([Output(str(first), "1"), Output(str(second), "2")])
    assert first.read_text() == "old"

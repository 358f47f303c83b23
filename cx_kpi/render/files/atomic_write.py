"""Files written whole or not at all."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from cx_kpi.model.errors import OutputProblem


def write_whole(path: str, content: str | bytes, inputs: Iterable[str] = ()) -> None:
    """The content of a file, a text in UTF-8; raises `OutputProblem`, and then the file is as it was.

    A link is followed. A device or a pipe is written straight. `inputs` are never written over.
    """
    check(path, inputs)
    target = Path(os.path.realpath(path))
    data = content.encode() if isinstance(content, str) else content
    try:
        if target.exists() and not target.is_file():
            Path(path).write_bytes(data)
        else:
            _replace(target, data)
    except OSError as problem:
        raise OutputProblem(f"{path}: cannot be written: {problem.strerror or problem}") from problem


def check(path: str, inputs: Iterable[str] = ()) -> None:
    """Raises `OutputProblem` where a report cannot go there, before any work is done for it."""
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise OutputProblem(f"{path}: is a folder; name a file in it")
    if not target.parent.is_dir():
        raise OutputProblem(f"{path}: there is no folder {target.parent}; make it first")
    if any(_same(target, source) for source in inputs):
        raise OutputProblem(f"{path}: is one of the files to read; choose another name")
    if not os.access(target if target.exists() else target.parent, os.W_OK):
        raise OutputProblem(f"{path}: no permission to write there; choose another place")


def _same(target: Path, source: str) -> bool:
    with suppress(OSError):
        return target.is_file() and target.samefile(source)
    return False


def _replace(target: Path, content: bytes) -> None:
    """Into a file beside the target, down to the disk, then renamed over it."""
    _sweep(target)
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            beside.chmod(target.stat().st_mode & 0o777)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    _settle(target.parent)


def _sweep(target: Path) -> None:
    """Removes what a run that was killed left here."""
    for left in target.parent.glob(f".{_literal(target.name)}.*.part"):
        pid = left.suffixes[-2][1:] if len(left.suffixes) > 1 else ""
        if pid.isdigit() and not _alive(int(pid)):
            left.unlink(missing_ok=True)


def _literal(name: str) -> str:
    from glob import escape

    return escape(name)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _settle(folder: Path) -> None:
    """The rename itself down to the disk, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

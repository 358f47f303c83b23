"""One run at a time for an output: a lock file next to it, which the system frees when the run ends."""

import os
import stat
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from cx_kpi.model.errors import OutputProblem

_HELD = ExitStack()  # until the command ends
_OPEN = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def hold(paths: Sequence[str]) -> None:
    """Keep other runs from these outputs until `release`; raises `OutputProblem` where one is at work on them."""
    for path in paths:
        target = Path(os.path.realpath(path))
        if not target.exists() or target.is_file():  # a device takes what it gets
            _hold(path, target)


def release() -> None:
    """Let the next run come."""
    _HELD.close()


def lock_file(target: Path) -> Path:
    """The lock file of a target; its name is short, whatever the target's name."""
    from hashlib import sha256

    return target.with_name(f".cxkpi-{sha256(os.fsencode(target.name)).hexdigest()[:16]}.lock")


def _hold(path: str, target: Path) -> None:
    from cx_kpi.model.file_lock import lock

    name = lock_file(target)
    while True:
        try:
            handle = os.open(name, _OPEN, 0o600)
        except OSError:  # the folder is not ours to write to; writing there will say so
            return
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or not lock(handle):
            os.close(handle)
            raise OutputProblem(f"{path}: another run is at work on it; wait until it is done")
        if _is_there(name, found):
            break
        os.close(handle)  # the other run has just ended and taken its lock away
    _HELD.callback(_let_go, name, handle)


def _let_go(name: Path, handle: int) -> None:
    with suppress(OSError):
        name.unlink()
    os.close(handle)


def _is_there(name: Path, found: os.stat_result) -> bool:
    with suppress(OSError):
        return os.path.samestat(name.lstat(), found)
    return False

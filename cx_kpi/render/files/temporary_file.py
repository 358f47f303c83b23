"""The temporary file next to a target: under a random name, locked while it is written, renamed when it is whole."""

import os
import stat
from contextlib import suppress
from pathlib import Path
from time import time

from cx_kpi.model.file_lock import HAS_LOCKS, lock
from cx_kpi.model.frozen import dataclass

PATTERN = ".cxkpi-*.part"  # short, whatever the target's name
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_SAFE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_LONG_AGO = 3600.0  # seconds, where it is not known whether a writer is still alive


@dataclass(frozen=True, slots=True)
class Temporary:
    """The written contents of a target; the handle keeps the lock that shows that this run is alive."""

    target: Path
    path: Path
    handle: int

    def drop(self) -> None:
        """Let go of it; what was not renamed is removed."""
        with suppress(OSError):
            self.path.unlink()
        os.close(self.handle)


def written(target: Path, content: bytes, mode: int) -> Temporary:
    """Write the content to a file next to the target, with its permissions; raises `OSError`, and then nothing is left."""
    temporary = new_temporary(target)
    try:
        with os.fdopen(os.dup(temporary.handle), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.path.chmod(mode)
    except BaseException:
        temporary.drop()
        raise
    return temporary


def any_name(folder: Path) -> Path:
    """A random name in a folder."""
    from secrets import token_hex

    return folder / PATTERN.replace("*", token_hex(8))


def new_temporary(target: Path) -> Temporary:
    """A new empty file in the target's folder, readable by this user alone; raises `OSError`."""
    while True:
        path = any_name(target.parent)
        handle = os.open(path, _NEW | _SAFE, 0o600)
        if lock(handle) and _is_there(path, handle):
            return Temporary(target, path, handle)
        os.close(handle)  # swept away between its making and its lock


def sweep(folder: Path) -> None:
    """Removes what runs that were killed left in a folder."""
    for path in folder.glob(PATTERN):
        with suppress(OSError):
            handle = os.open(path, os.O_RDWR | _SAFE)
            try:
                found = os.fstat(handle)
                if stat.S_ISREG(found.st_mode) and _is_left(handle, found):
                    path.unlink()
            finally:
                os.close(handle)


def _is_left(handle: int, found: os.stat_result) -> bool:
    return lock(handle) if HAS_LOCKS else time() - found.st_mtime > _LONG_AGO


def _is_there(path: Path, handle: int) -> bool:
    with suppress(OSError):
        return os.path.samestat(path.lstat(), os.fstat(handle))
    return False

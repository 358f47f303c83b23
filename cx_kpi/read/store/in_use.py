"""Who reads a store: rows that are taken out of it meanwhile stay on the disk until the reading is over."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import finalize

fcntl: Any
try:
    import fcntl
except ImportError:  # a system without such locks
    fcntl = None


class Reading:
    """One reading of a store; it is over when nothing refers to it any more, or when the process ends."""

    def __init__(self, folder: Path) -> None:
        handle = _handle(folder)
        if handle is not None:
            finalize(self, os.close, handle)
            _locked(handle, shared=True)


@contextmanager
def nobody_reads(folder: Path) -> Iterator[bool]:
    """Whether nobody reads the store now; if so, nobody begins to before the end of the block."""
    handle = _handle(folder)
    try:
        yield handle is None or _locked(handle, shared=False)
    finally:
        if handle is not None:
            os.close(handle)


def _handle(folder: Path) -> int | None:
    """Of the folder itself; None where the system opens none."""
    if fcntl is None:
        return None
    try:
        return os.open(folder, os.O_RDONLY)
    except OSError:
        return None


def _locked(handle: int, *, shared: bool) -> bool:
    """Take the lock: at once, or not at all, unless it is shared."""
    try:
        fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True

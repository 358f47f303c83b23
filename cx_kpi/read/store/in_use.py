"""Who reads a store: rows that are taken out of it meanwhile stay on the disk until the reading is over."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from weakref import finalize

from cx_kpi.model.file_lock import HAS_LOCKS, lock


class Reading:
    """One reading of a store; it is over when nothing refers to it any more, or when the process ends."""

    def __init__(self, folder: Path) -> None:
        handle = _handle(folder)
        if handle is not None:
            finalize(self, os.close, handle)
            lock(handle, shared=True)


@contextmanager
def nobody_reads(folder: Path) -> Iterator[bool]:
    """Whether nobody reads the store now; if so, nobody begins to before the end of the block."""
    handle = _handle(folder)
    try:
        yield handle is None or lock(handle)
    finally:
        if handle is not None:
            os.close(handle)


def _handle(folder: Path) -> int | None:
    """Of the folder itself; None where the system opens none."""
    if not HAS_LOCKS:
        return None
    try:
        return os.open(folder, os.O_RDONLY)
    except OSError:
        return None

"""A private folder on the disk for the rows of one run; it is gone when nobody needs it, or when the process ends."""

import os
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import gettempdir, mkdtemp
from weakref import finalize

_PREFIX = "cxkpi-rows-"


class Spill:
    """The folder `path`, readable by this user alone; folders of processes that were killed are removed first."""

    def __init__(self) -> None:
        for folder in stale():
            rmtree(folder, ignore_errors=True)
        self.path = Path(mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
        self.close = finalize(self, rmtree, self.path, ignore_errors=True)


def stale() -> Iterator[Path]:
    """The folders of this user's processes that run no more."""
    for folder in Path(gettempdir()).glob(f"{_PREFIX}*"):
        number = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if number.isdigit() and _is_ours(folder) and not _runs(int(number)):
            yield folder


def _is_ours(folder: Path) -> bool:
    if not hasattr(os, "getuid"):
        return False  # nobody can be asked whether a process runs without ending it
    return not folder.is_symlink() and folder.stat().st_uid == os.getuid()


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True

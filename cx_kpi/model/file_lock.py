"""Locks of open files, which the system frees when their process ends."""

from typing import Any

fcntl: Any
try:
    import fcntl
except ImportError:  # a system without such locks
    fcntl = None

HAS_LOCKS = fcntl is not None


def lock(handle: int, *, shared: bool = False) -> bool:
    """Lock a file until it is closed, at once; False where another process has it. A shared lock waits for it."""
    if not HAS_LOCKS:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True

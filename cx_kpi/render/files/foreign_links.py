"""Links that another user may have planted on the way to an output."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from cx_kpi.model.errors import OutputProblem

_OTHERS = 0o022  # who may write there besides the owner
_ROOT = 0


def refuse_foreign(path: str) -> None:
    """Raises `OutputProblem` where a link on the way is another user's, in a folder that others may write to."""
    if not hasattr(os, "geteuid"):
        return
    ours = {os.geteuid(), _ROOT}
    with suppress(OSError):  # what cannot be looked at cannot be written, either
        for link in _links(path):
            if link.lstat().st_uid not in ours and link.parent.stat().st_mode & _OTHERS:
                raise OutputProblem(
                    f"{path}: leads through {link}, a link of another user in a folder that others may write to; "
                    "name another place"
                )


def _links(path: str) -> Iterator[Path]:
    """Every link on the way to a path, and on the ways that these lead."""
    seen, ways = set(), [Path.cwd() / path]
    while ways:
        way = ways.pop()
        for place in (way, *way.parents):
            if place not in seen and place.is_symlink():
                seen.add(place)
                yield place
                ways.append(place.parent / place.readlink())

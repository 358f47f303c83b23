"""What installed packages offer, by their entry points: all are looked through once, which takes 10 ms."""

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any


def installed(group: str) -> list[EntryPoint]:
    """The entry points of a group, in the order of their names."""
    return sorted(_every().select(group=group), key=lambda point: point.name)


@cache
def _every() -> Any:  # of a class that depends on Python's release
    return entry_points()

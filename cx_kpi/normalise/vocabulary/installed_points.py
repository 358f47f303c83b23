"""What installed packages offer, by their entry points: all are looked through once, which takes 10 ms."""

from functools import cache
from importlib.metadata import EntryPoint, EntryPoints, entry_points


def installed(group: str) -> list[EntryPoint]:
    """The entry points of a group, in the order of their names."""
    return sorted(_every().select(group=group), key=lambda point: point.name)


@cache
def _every() -> EntryPoints:
    return entry_points()

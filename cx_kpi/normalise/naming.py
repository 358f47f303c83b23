"""Columns as a person names them: capitals do not matter where the files leave no doubt."""

from collections.abc import Iterable

Cuts = tuple[tuple[str, ...], ...]


def as_named(cuts: Cuts | None, names: Iterable[str]) -> Cuts | None:
    """The cuts by the names that the files have; a name that is not there, or is two, stays as it is."""
    if cuts is None:
        return None
    known = set(names)
    return tuple(tuple(_as_named(name, known) for name in cut) for cut in cuts)


def _as_named(name: str, known: set[str]) -> str:
    twins = [each for each in known if each.casefold() == name.casefold()]
    return twins[0] if name not in known and len(twins) == 1 else name

"""Columns as a person names them: capitals do not matter where the files leave no doubt."""

from collections.abc import Iterable

from cx_kpi.model.errors import nearest
from cx_kpi.normalise.vocabulary.headers import snake

Cuts = tuple[tuple[str, ...], ...]


_SHOWN = 24


def column_hint(name: str, names: Iterable[str]) -> str:
    """What to try in place of a column that is not there: one that sounds like it, else what columns there are."""
    known = sorted({each for each in names if each == snake(each)})
    more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
    return nearest(name, names, most=0) or f"; columns: {', '.join(known[:_SHOWN])}{more}"


def as_named(cuts: Cuts | None, names: Iterable[str]) -> Cuts | None:
    """The cuts by the names that the files have, each once; a name that is not there, or is two, stays as it is."""
    if cuts is None:
        return None
    known = set(names)
    named = (tuple(dict.fromkeys(_as_named(name, known) for name in cut)) for cut in cuts)
    return tuple(dict.fromkeys(named))


def _as_named(name: str, known: set[str]) -> str:
    twins = [each for each in known if each.casefold() == name.casefold()]
    return twins[0] if name not in known and len(twins) == 1 else name

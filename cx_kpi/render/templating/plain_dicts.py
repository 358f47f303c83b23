"""Values of the view as dicts, for templates: a page has a hundred thousand cells, and `asdict` takes five times as long."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any


def as_dict(value: Any) -> dict[str, Any]:
    """A dataclass as a dict, what it holds likewise; lists and dicts are new, whatever holds no others is the same."""
    made: dict[str, Any] = _plain(value)
    return made


@cache
def _way(kind: Any) -> Callable[[Any], Any]:
    """What makes values of a kind plain."""
    if is_dataclass(kind):
        names = tuple(each.name for each in fields(kind))
        return lambda value: {name: _plain(getattr(value, name)) for name in names}
    if issubclass(kind, dict):
        return lambda value: {key: _plain(each) for key, each in value.items()}
    if issubclass(kind, (list, tuple)):
        return lambda value: kind(map(_plain, value))
    return lambda value: value


def _plain(value: Any) -> Any:
    kind: Any = type(value)
    return value if kind is str else _way(kind)(value)

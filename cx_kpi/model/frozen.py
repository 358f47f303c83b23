"""`dataclass` as in the standard library, where a frozen one costs next to nothing until its first value is made.

A report loads three hundred such classes and makes values of half of them. Writing and compiling six methods for each
took a sixth of a short run: here five are shared, and `__init__` is compiled when more than a few values are made.
"""

import dataclasses
from collections.abc import Callable
from functools import cache, partial
from operator import attrgetter
from reprlib import recursive_repr
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any

__all__ = ["as_dict", "dataclass"]

_ABSENT = dataclasses.MISSING
_FEW = 100  # values of a class that cost less than to compile its `__init__`
_times: dict[type, int] = {}
_Fields = tuple[tuple[str, Callable[[Any, Any], None], Any, Any], ...]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(**how: bool) -> Callable[[type], type]:
        """`dataclasses.dataclass` for what is frozen; of its other options `slots` and `repr`."""
        return partial(_frozen, **{name: said for name, said in how.items() if name != "frozen"})


def _frozen(kind: type, *, slots: bool = False, repr: bool = True) -> type:  # noqa: A002  (as it is called there)
    """The class with its fields, and the methods that all frozen values share where it has none of its own."""
    own = {*vars(kind), *(() if repr else ("__repr__",))}
    made: type = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(kind)
    for name, method in _SHARED.items():
        if name not in own:
            setattr(made, name, method)
    return made


def _init(self: Any, *given: Any, **named: Any) -> None:
    """Stands in for the `__init__` of a class while few of its values are made."""
    kind: Any = type(self)
    times = _times[kind] = _times.get(kind, 0) + 1
    if times > _FEW or not _filled(self, _kept_fields(kind), given, named):
        kind.__init__ = _compiled(kind)  # which also says what is wrong with what was given
        kind.__init__(self, *given, **named)
    elif hasattr(kind, "__post_init__"):
        self.__post_init__()


def _filled(self: Any, fields: _Fields, given: tuple[Any, ...], named: dict[str, Any]) -> bool:
    """Keep a value of each field, unless one is missing, or one is given that is of no field or of one twice."""
    taken, places = 0, len(given)
    for place, (name, keep, default, make) in enumerate(fields):
        if place < places:
            keep(self, given[place])
        elif name in named:
            keep(self, named[name])
            taken += 1
        elif make is not _ABSENT:
            keep(self, make())
        elif default is not _ABSENT:
            keep(self, default)
        else:
            return False
    return taken == len(named) and places <= len(fields)


@cache
def _kept_fields(kind: Any) -> _Fields:
    """The name of each field, what keeps its value, its default or what makes that."""
    return tuple(
        (each.name, _keeper(kind, each.name), each.default, each.default_factory)
        for each in dataclasses.fields(kind)
    )


def _keeper(kind: type, name: str) -> Callable[[Any, Any], None]:
    """What keeps the value of a field: its slot itself takes half of the time."""
    slot = vars(kind).get(name)
    if isinstance(slot, MemberDescriptorType):
        return slot.__set__
    return lambda self, value: object.__setattr__(self, name, value)


def _compiled(kind: Any) -> Callable[..., None]:
    """The `__init__` of a class: a parameter and a line for each field.

    While its fields are filled, a value is of a class that is not frozen: plain assignments take half of the time.
    """
    known: dict[str, Any] = {"_turn": _turn, "_open": _opened(kind), "_ABSENT": _ABSENT}
    parameters, lines = ["self"], ["_kind = self.__class__", "_turn(self, _open)"]
    for field in dataclasses.fields(kind):
        parameter, value = _received(field, known)
        parameters.append(parameter)
        lines.append(f"self.{field.name} = {value}")
    lines.append("self.__class__ = _kind")
    if hasattr(kind, "__post_init__"):
        lines.append("self.__post_init__()")
    exec(f"def __init__({', '.join(parameters)}):\n " + "\n ".join(lines), known)  # noqa: S102  (names of fields)
    init: Callable[..., None] = known["__init__"]
    init.__qualname__ = f"{kind.__qualname__}.__init__"
    return init


_turn = vars(object)["__class__"].__set__  # makes a value one of another class


def _opened(kind: Any) -> type:
    """A class of the same fields whose values can be changed."""
    changing = {"__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    return type(kind.__name__, (kind,), {"__slots__": (), **changing})


def _received(field: "dataclasses.Field[Any]", known: dict[str, Any]) -> tuple[str, str]:
    """The parameter of a field, and its value; what they name is added to what is known."""
    name, made = field.name, f"_made_{field.name}"
    if field.default_factory is not _ABSENT:
        known[made] = field.default_factory
        return f"{name}=_ABSENT", f"{made}() if {name} is _ABSENT else {name}"
    if field.default is not _ABSENT:
        known[made] = field.default
        return f"{name}={made}", name
    return name, name


@cache
def _values(kind: Any) -> Callable[[Any], Any]:
    """What gets the values by which two of a class are compared."""
    names = [field.name for field in dataclasses.fields(kind) if field.compare]
    return attrgetter(*names) if names else lambda _: ()


def _equal(self: Any, other: Any) -> Any:
    if type(other) is not type(self):
        return NotImplemented
    values = _values(self.__class__)
    return values(self) == values(other)


def _hash(self: Any) -> int:
    return hash(_values(self.__class__)(self))


@recursive_repr()
def _repr(self: Any) -> str:
    shown = (field.name for field in dataclasses.fields(self) if field.repr)
    said = (f"{name}={getattr(self, name)!r}" for name in shown)
    return f"{type(self).__qualname__}({', '.join(said)})"


def as_dict(value: Any) -> dict[str, Any]:
    """A value as a dict, what it holds likewise; lists and dicts are new, whatever holds no others is the same.

    A page has a hundred thousand cells, for which `asdict` takes five times as long.
    """
    made: dict[str, Any] = _plain(value)
    return made


@cache
def _way(kind: Any) -> Callable[[Any], Any]:
    """What makes values of a kind plain."""
    if dataclasses.is_dataclass(kind):
        names = tuple(each.name for each in dataclasses.fields(kind))
        return lambda value: {name: _plain(getattr(value, name)) for name in names}
    if issubclass(kind, dict):
        return lambda value: {key: _plain(each) for key, each in value.items()}
    if issubclass(kind, (list, tuple)):
        return lambda value: kind(map(_plain, value))
    return lambda value: value


def _plain(value: Any) -> Any:
    kind: Any = type(value)
    return value if kind is str else _way(kind)(value)


def _refuse_to_set(_self: Any, name: str, _value: Any) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_self: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _set_state(self: Any, state: list[Any]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)


_SHARED: dict[str, Callable[..., Any]] = {
    "__init__": _init,
    "__eq__": _equal,
    "__hash__": _hash,
    "__repr__": _repr,
    "__setattr__": _refuse_to_set,
    "__delattr__": _refuse_to_delete,
    "__getstate__": _state,
    "__setstate__": _set_state,
}

"""Presets: one TOML file per product, and `generic` for everybody else. A new one needs no Python."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cx_kpi.normalise.folder import PRESETS
from cx_kpi.normalise.headers import Headers
from cx_kpi.normalise.rules import Values
from cx_kpi.options import Column

GENERIC = "generic"


@dataclass(frozen=True, slots=True)
class Preset:
    """What one product calls things."""

    name: str
    title: str
    table: str
    grade: str
    source: str
    signature: list[list[str]]  # any of these sets of headers gives it away
    columns: Mapping[str, Column]
    values: Mapping[str, Values] = field(default_factory=dict)
    leave: tuple[str, ...] = ()  # headers whose words mislead
    business: frozenset[str] = frozenset()

    def marks(self, headers: Headers) -> int:
        """How many headers of its best signature are there; 0 where none is complete."""
        return max((len(marks) for marks in self.signature if headers.has_all(marks)), default=0)


@dataclass(frozen=True, slots=True)
class Generic:
    """Header words of any export: by table and field, and survey columns that name their kind."""

    tables: Mapping[str, Mapping[str, list[str]]]
    kinds: Mapping[str, list[str]]


def _load(name: str) -> dict[str, Any]:
    with (PRESETS / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def _column(said: str | list[str] | dict[str, Any]) -> Column:
    return Column(**said) if isinstance(said, dict) else Column(said)


@cache
def generic() -> Generic:
    """The words of `generic.toml`."""
    tables = _load(GENERIC)
    return Generic(kinds=tables.pop("kinds"), tables=tables)


@cache
def presets() -> tuple[Preset, ...]:
    """Every product known, by name."""
    names = sorted(path.stem for path in PRESETS.glob("*.toml") if path.stem != GENERIC)
    return tuple(_preset(name, _load(name)) for name in names)


def _preset(name: str, data: dict[str, Any]) -> Preset:
    columns = {key: _column(said) for key, said in data.pop("columns").items()}
    leave, business = tuple(data.pop("leave", ())), frozenset(data.pop("business", ()))
    return Preset(name=name, columns=columns, leave=leave, business=business, **data)

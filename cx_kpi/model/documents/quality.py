"""How good the data is: plain frozen values, as `cxkpi check -f json` prints them. Keys are a contract."""

from dataclasses import field
from typing import Any

from cx_kpi.model.frozen import as_dict, dataclass
from cx_kpi.model.report import LeftOut, Tool
from cx_kpi.model.values import Level

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a file, its header, and its cells: `filled` of all rows, `readable` of the filled ones."""

    field: str
    header: str
    filled: int
    readable: int
    completeness: float | None
    validity: float | None
    metrics: list[str]
    cuts: bool = False  # whether metrics can be cut by it


@dataclass(frozen=True, slots=True)
class TableChoice:
    """A table that a file was or could have been read as, and what speaks for that, in points and words."""

    table: str
    points: float
    evidence: list[str]


@dataclass(frozen=True, slots=True)
class File:
    """One file: rows = used + set_aside + filtered. `set_aside` by reason; `unused` are headers without a field.

    A file with nothing in it has neither table nor preset. `reading` is why it is this table, `next_best` the table
    it could have been instead.
    """

    path: str
    table: str
    preset: str
    encoding: str | None
    separator: str | None
    rows: int
    used: int
    filtered: int
    set_aside: dict[str, int]
    fields: list[Field]
    unused: list[str]
    cuts: list[str] = field(default_factory=list)  # those of the unused that metrics can be cut by
    reading: TableChoice | None = None
    next_best: TableChoice | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong or suspicious, of how many rows, what it does, and the metrics that it does it to.

    `whole`: it is about whole rows, and so moves every metric of the table.
    """

    level: Level
    code: str
    message: str
    effect: str
    metrics: list[str]
    whole: bool = False
    path: str | None = None
    table: str | None = None
    field: str | None = None
    rows: int | None = None
    share: float | None = None  # of the rows of the table
    example: str | None = None


@dataclass(frozen=True, slots=True)
class Quality:
    """The result of a check."""

    schema_version: int
    tool: Tool
    language: str
    files: list[File]
    problems: list[Problem]
    left_out: list[LeftOut]

    def as_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers."""
        return as_dict(self)


def share(part: int, whole: int) -> float | None:
    """A share, None of nothing."""
    return part / whole if whole else None

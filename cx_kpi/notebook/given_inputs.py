"""What a report in Python is to read: paths and tables in memory, one, several, or by the name of their table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any

from cx_kpi.model.errors import UsageProblem, nearest
from cx_kpi.model.schema import TABLES
from cx_kpi.read.containers.in_memory import is_frame, open_frame
from cx_kpi.read.raw.source import TextFrame

if TYPE_CHECKING:
    from cx_kpi.engine.buckets.bucket_run import Spread
    from cx_kpi.engine.buckets.spill import Spill


@dataclass(slots=True)
class Inputs:
    """What a report is to read: paths, which table some of them are, tables in memory, and where tickets are spread to."""

    paths: list[str] = field(default_factory=list)
    tables: dict[str, list[str]] = field(default_factory=dict)
    frames: list[TextFrame] = field(default_factory=list)
    spread: "Callable[[Spill], Spread] | None" = None

    def add(self, data: Any, table: str | None = None) -> None:
        """One input: a path, or a table."""
        if is_frame(data):
            name = table or f"table {len(self.frames) + 1}"
            number = sum(each.path.partition(" ")[0] == name for each in self.frames)
            self.frames.append(open_frame(f"{name} ({number + 1})" if number else name, data))
        elif not isinstance(data, str | PathLike):
            raise UsageProblem(
                f"report: {type(data).__name__} is nothing to read; give paths, or tables of polars, pandas or Arrow"
            )
        path = self.frames[-1].path if is_frame(data) else fspath(data)
        if table:
            self.tables.setdefault(table, []).append(path)
        elif not is_frame(data):
            self.paths.append(path)


def given_inputs(data: Any) -> Inputs:
    """Paths and tables, one, several, or by the name of their table."""
    found = Inputs()
    if isinstance(data, Mapping):
        for table, each in data.items():
            if table not in TABLES:
                raise UsageProblem(f"report: no table {table!r}{nearest(str(table), TABLES)}")
            for one in _several(each):
                found.add(one, table)
    else:
        for one in _several(data):
            found.add(one)
    return found


def _several(data: Any) -> Sequence[Any]:
    return data if isinstance(data, list | tuple) else [data]

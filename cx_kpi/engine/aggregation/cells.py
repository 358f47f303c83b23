"""Cells: a window, a group and the values of a cut, and what was measured there."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, fields
from functools import partial
from itertools import count, repeat
from typing import Any, NamedTuple

from cx_kpi.engine.aggregation.apart import order_statistics
from cx_kpi.engine.aggregation.apart.foremost import Top
from cx_kpi.engine.aggregation.apart.words.word_counts import NOTHING_TOLD
from cx_kpi.engine.aggregation.cuts import WHOLE, Cut, Values
from cx_kpi.engine.time.windows import GroupName
from cx_kpi.metrics.definition.metric import Distinct, Foremost, Measure, Mode, Quantiles, Ranked, Sum, Terms
from cx_kpi.model.figures import Figure, Ordered
from cx_kpi.model.frozen import dataclass


class Cell(NamedTuple):
    """The place of a figure: a window of a group, and the values of a cut."""

    group: GroupName
    window: int
    cut: Cut = WHOLE
    values: Values = ()


OVERALL = Cell("overall", 0)


def cells_of(group: GroupName, windows: Iterable[int], cut: Cut, values: Iterable[Values]) -> Iterator[Cell]:
    """The cells of a slice: there may be very many, and a call of `Cell` for each takes three times as long."""
    return map(_cell, zip(repeat(group), windows, repeat(cut), values, strict=False))


_cell = partial(tuple.__new__, Cell)
Figures = dict[str, dict[Cell, Figure]]


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells by their places, and a column for each measure with what was measured in each; None of nothing."""

    places: dict[Cell, int] = field(default_factory=dict)
    columns: dict[str, list[Any]] = field(default_factory=dict)

    def copy(self) -> "Cells":
        """The same, to be changed."""
        return Cells(dict(self.places), {name: [*column] for name, column in self.columns.items()})

    def extend(self, cells: Iterable[Cell], columns: Mapping[str, Sequence[Any]]) -> None:
        """More cells, none of which is here, with what was measured there."""
        before = len(self.places)
        self.places.update(zip(cells, count(before)))
        for name, values in columns.items():
            self.column(name)[before:] = values
        for column in self.columns.values():
            column.extend([None] * (len(self.places) - len(column)))
            assert len(column) == len(self.places)  # noqa: S101 - no cell came twice

    def cover(self, cells: Iterable[Cell]) -> None:
        """These cells, too, though nothing may have been measured there."""
        self.extend([cell for cell in cells if cell not in self.places], {})

    def column(self, name: str) -> list[Any]:
        """The column of a measure, which may be new."""
        if name not in self.columns:
            self.columns[name] = [None] * len(self.places)
        return self.columns[name]


_NOTHING: Mapping[type, Callable[[], Any]] = {
    Sum: int,
    Distinct: int,
    Quantiles: order_statistics.OrderStatistics,
    Ranked: lambda: Ordered(0),
    Mode: dict,
    Foremost: Top,
    Terms: lambda: NOTHING_TOLD,
}


def nothing(measure: Measure) -> Any:
    """A measure without any rows."""
    return _NOTHING.get(type(measure), lambda: None)()


def measure_name(measure: Measure) -> str:
    """The name of a measure: the same for those that fold the same, so that metrics share them."""
    parts = (str(getattr(measure, part.name)) for part in fields(measure))
    return f"{type(measure).__name__}({', '.join(parts)})"

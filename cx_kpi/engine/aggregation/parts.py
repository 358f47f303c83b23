"""Parts: what rows come to before figures are finished. Parts of different rows add up to the part of all of them.

That holds where all rows of a key are in one part, for measures that go by a key; see `planning.together`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from enum import Enum
from functools import reduce
from typing import Any, cast

import polars as pl

from cx_kpi.engine.aggregation.apart import foremost
from cx_kpi.engine.aggregation.apart.ascent import statistics_by_place
from cx_kpi.engine.aggregation.apart.words.word_counts import word_counts_of
from cx_kpi.engine.aggregation.bins import Slice
from cx_kpi.engine.aggregation.cells import OVERALL, Cell, Cells
from cx_kpi.engine.aggregation.cube import Dated
from cx_kpi.metrics.definition.metric import (
    Closing,
    Distinct,
    Foremost,
    Largest,
    Measure,
    Mode,
    Opening,
    Quantiles,
    Ranked,
    Smallest,
    Sum,
    Terms,
)
from cx_kpi.model.frozen import dataclass

WINDOW = "window:"


class Way(Enum):
    """How quantiles are held: sorted, which does not add up, or as counted values; either exact or by seven bits."""

    SORTED = "sorted"
    ROUNDED = "rounded"
    EXACT = "exact"
    FAST = "fast"

    @property
    def adds_up(self) -> bool:
        """Whether parts of some rows can be added to parts of others."""
        return self in {Way.EXACT, Way.FAST}


@dataclass(frozen=True, slots=True)
class Part:
    """What the rows of one bundle of jobs come to: measures by cell, and the counted values of each slice.

    A table of counted values has the columns `WINDOW`, those of the cut, and those of `apart.counted`.
    """

    measures: Mapping[str, Measure]
    covered: frozenset[Cell]
    cells: Cells
    counted: Mapping[tuple[str, Slice], pl.LazyFrame]
    error: float = 0.0  # the share of itself by which a counted value may be off


Parts = tuple[Part, ...]  # one for each bundle of the jobs


def add(*parts: Parts) -> Parts:
    """The parts of all rows, from the parts of some of them each; none of them was folded as `SORTED`."""
    return tuple(map(added, zip(*parts, strict=True)))


def added(parts: Iterable[Part]) -> Part:
    """Parts of one bundle as one; those whose windows differ may also be `SORTED`."""
    return reduce(_added, parts)


def _added(one: Part, other: Part) -> Part:
    cells = one.cells.copy()
    cells.cover(other.cells.places)
    spots = [cells.places[cell] for cell in other.cells.places]
    for name, values in other.cells.columns.items():
        mine, measure = cells.column(name), one.measures[name]
        for spot, value in zip(spots, values, strict=True):
            mine[spot] = sum_of(measure, mine[spot], value)
    counted = dict(one.counted)
    for key, table in other.counted.items():
        counted[key] = pl.concat([counted[key], table]) if key in counted else table
    error = max(one.error, other.error)
    return Part(one.measures, one.covered | other.covered, cells, counted, error)


def sum_of(measure: Measure, one: Any, other: Any) -> Any:
    """Two values of a measure as one; None is no value."""
    if one is None or other is None:
        return other if one is None else one
    return _SUMS[type(measure)](measure, one, other)


def _both(_: Measure, one: Any, other: Any) -> Any:
    return one + other


def _lesser(_: Measure, one: Any, other: Any) -> Any:
    return min(one, other)


def _greater(_: Measure, one: Any, other: Any) -> Any:
    return max(one, other)


def _favourites(_: Measure, one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    """How many keys use each value most, most first, then by name."""
    counts = {name: one.get(name, 0) + other.get(name, 0) for name in {**one, **other}}
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


_SUMS: Mapping[type, Callable[[Any, Any, Any], Any]] = {
    Sum: _both,
    Distinct: _both,
    Terms: lambda _, one, other: pl.concat([one, other]),
    Smallest: _lesser,
    Opening: _lesser,
    Largest: _greater,
    Closing: _greater,
    Mode: _favourites,
    Foremost: foremost.together,
}


def completed(part: Part) -> Cells:
    """The cells of a part with every measure as jobs finish it, those of counted values among them."""
    columns = {
        name: _plain(part.measures[name], column, part.cells.places)
        for name, column in part.cells.columns.items()
    }
    counted = {name for name, _ in part.counted}
    cells = Cells(part.cells.places, columns | {name: [*columns[name]] for name in counted & columns.keys()})
    for (name, each), table in part.counted.items():
        column = cells.column(name)
        group, cut = each
        measure = cast("Quantiles | Ranked", part.measures[name])
        for (window, *values), value in statistics_by_place(measure, table, (WINDOW, *cut)):
            cell = Cell(group, window, cut, tuple(values))
            if cell in cells.places:
                column[cells.places[cell]] = replace(value, error=part.error) if part.error else value
    return cells


def _plain(measure: Measure, column: list[Any], cells: Iterable[Cell]) -> list[Any]:
    """A column as jobs finish it: values that carry an instant without it, what words tell instead of them.

    The foremost are listed for the whole window alone: lists of thousands of segments are shown by nobody.
    """
    if isinstance(measure, Foremost):
        return [
            top.unnamed() if top is not None and cell != OVERALL else top
            for cell, top in zip(cells, column, strict=True)
        ]
    if isinstance(measure, (Opening, Closing)):
        return [each.value if isinstance(each, Dated) else each for each in column]
    return _words(column) if isinstance(measure, Terms) else column


def _words(column: list[Any]) -> list[Any]:
    """What the words of every cell that has comments tell, of all cells at once."""
    spots = [place for place, each in enumerate(column) if isinstance(each, pl.DataFrame)]
    if not spots:
        return column
    found = [*column]
    texts = (column[spot].with_columns(group=pl.lit(number)) for number, spot in enumerate(spots))
    for spot, told in zip(spots, word_counts_of(pl.concat(texts), len(spots)), strict=True):
        found[spot] = told
    return found


def is_counted(measure: Measure) -> bool:
    """Whether a measure is held as counted values."""
    return isinstance(measure, (Quantiles, Ranked))

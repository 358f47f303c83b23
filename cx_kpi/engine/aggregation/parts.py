"""Parts: what rows come to before figures are finished. Parts of different rows add up to the part of all of them.

That holds where all rows of a key are in one part, for measures that go by a key; see `planning.together`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from enum import Enum
from functools import reduce
from typing import Any, cast

import polars as pl

from cx_kpi.engine.aggregation.apart import counted as counting
from cx_kpi.engine.aggregation.apart import foremost
from cx_kpi.engine.aggregation.apart.counted import STILL, TIMES, VALUE, Counted
from cx_kpi.engine.aggregation.apart.words.word_counts import WordCounts, word_counts_of
from cx_kpi.engine.aggregation.bins import Slice
from cx_kpi.engine.aggregation.cells import Cell, Cells
from cx_kpi.engine.aggregation.cube import Dated
from cx_kpi.engine.ranks.quantile_ranks import ranked
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
    """How quantiles are held: sorted, which does not add up, or as counted values, exact or by seven bits."""

    SORTED = "sorted"
    EXACT = "exact"
    FAST = "fast"


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
    cells = {cell: dict(measured) for cell, measured in one.cells.items()}
    for cell, measured in other.cells.items():
        mine = cells.setdefault(cell, {})
        for name, value in measured.items():
            mine[name] = sum_of(one.measures[name], mine.get(name), value)
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
    dated = [name for name, each in part.measures.items() if isinstance(each, (Opening, Closing))]
    cells = {cell: _undated(measured, dated) for cell, measured in part.cells.items()}
    for cell, told in _words(part).items():
        cells[cell].update(told)
    for (name, each), table in part.counted.items():
        for cell, value in _statistics(part.measures[name], each, table):
            if cell in cells:
                cells[cell][name] = replace(value, error=part.error) if part.error else value
    return cells


def _undated(measured: Mapping[str, Any], dated: Iterable[str]) -> dict[str, Any]:
    """The measures of a cell, those that carry an instant as their values."""
    found = dict(measured)
    for name in dated:
        if isinstance(value := found.get(name), Dated):
            found[name] = value.value
    return found


def _words(part: Part) -> dict[Cell, dict[str, WordCounts]]:
    """What the words of every cell that has comments tell, of all cells at once."""
    names = [name for name, each in part.measures.items() if isinstance(each, Terms)]
    spots = [
        (cell, name)
        for cell, measured in part.cells.items()
        for name in names
        if isinstance(measured.get(name), pl.DataFrame)
    ]
    if not spots:
        return {}
    texts = (
        part.cells[cell][name].with_columns(group=pl.lit(number)) for number, (cell, name) in enumerate(spots)
    )
    found: dict[Cell, dict[str, WordCounts]] = defaultdict(dict)
    for (cell, name), told in zip(spots, word_counts_of(pl.concat(texts), len(spots)), strict=True):
        found[cell][name] = told
    return found


def _statistics(measure: Measure, each: Slice, table: pl.LazyFrame) -> list[tuple[Cell, Any]]:
    """The order statistics of every cell of a slice."""
    group, cut = each
    place = [WINDOW, *cut]
    summed = table.group_by(*place, STILL, VALUE).agg(pl.col(TIMES).sum(), pl.col(counting.MOST).max())
    sides_of = summed.collect().sort(VALUE).partition_by([*place, STILL], as_dict=True)
    found = []
    for window, *values in dict.fromkeys(key[:-1] for key in sides_of):
        sides = [Counted.of(sides_of.get((window, *values, still))) for still in (False, True)]
        value = ranked(sides[0], measure.q) if isinstance(measure, Ranked) else counting.statistics_of(*sides)
        found.append((Cell(group, cast("int", window), cut, tuple(values)), value))
    return found


def is_counted(measure: Measure) -> bool:
    """Whether a measure is held as counted values."""
    return isinstance(measure, (Quantiles, Ranked))

"""Cuts: dimensions as small dense codes, so that groups are integers until the very end."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product, repeat
from math import prod

import polars as pl

from cx_kpi.model.frozen import dataclass

Cut = tuple[str, ...]
Values = tuple[str | None, ...]
WHOLE: Cut = ()
_PREFIX = "__code_"
_SMALL = 2**15


@dataclass(frozen=True, slots=True)
class Dimension:
    """A column of codes 0 … len(values) − 1 and the value of each."""

    column: str
    values: tuple[str | None, ...]


def fitting(size: int) -> type[pl.Int16 | pl.Int32]:
    """The type for numbers below this one, and −1."""
    return pl.Int16 if size < _SMALL else pl.Int32


def encode(frame: pl.DataFrame, names: Sequence[str]) -> tuple[pl.DataFrame, dict[str, Dimension]]:
    """The frame with a code column for each dimension; codes are in the order of the values, null last."""
    found: dict[str, Dimension] = {}
    for name in dict.fromkeys(names):
        column = frame[name]
        if column.dtype != pl.Categorical:
            column = column.cast(pl.String).cast(pl.Categorical)
        physical = column.to_physical()
        different = column.unique()
        present = pl.DataFrame({"physical": different.to_physical(), "value": different})
        known = present.drop_nulls("physical").with_columns(pl.col("value").cast(pl.String)).sort("value")
        values = (*known["value"].to_list(), *([None] if len(known) < len(present) else []))
        size = int(known["physical"].max() or 0) + 1  # type: ignore[arg-type]  # an integer column
        dtype = fitting(len(values))
        table = pl.Series([0], dtype=dtype).extend_constant(0, size)
        table = table.scatter(known["physical"], pl.int_range(len(known), dtype=dtype, eager=True))
        codes = frame.select(pl.lit(table).gather(physical).fill_null(len(known)).alias(_PREFIX + name))
        frame = frame.with_columns(codes[_PREFIX + name].cast(dtype))
        found[name] = Dimension(_PREFIX + name, values)
    return frame, found


@dataclass(frozen=True, slots=True)
class Segments:
    """The segments of one cut as numbers, mixed-radix over its dimensions."""

    cut: Cut
    dimensions: tuple[Dimension, ...]

    @property
    def size(self) -> int:
        """How many segments there can be."""
        return prod(len(dimension.values) for dimension in self.dimensions)

    @property
    def keys(self) -> list[str]:
        """The code columns."""
        return [dimension.column for dimension in self.dimensions]

    def code(self) -> pl.Expr:
        """The number of each row's segment."""
        total = pl.lit(0, pl.Int64)
        for dimension in self.dimensions:
            total = total * len(dimension.values) + pl.col(dimension.column)
        return total

    def decode(self, codes: pl.DataFrame) -> Iterator[Values]:
        """The values of each row of codes, which has a column for each dimension."""
        if not self.dimensions:
            return repeat((), codes.height)
        return zip(
            *(map(each.values.__getitem__, codes[each.column].to_list()) for each in self.dimensions),
            strict=True,
        )

    def all(self) -> list[Values]:
        """The values of every segment, by number."""
        return list(product(*(dimension.values for dimension in self.dimensions)))


def segments(cut: Cut, dimensions: Mapping[str, Dimension]) -> Segments:
    """The segments of a cut."""
    return Segments(cut, tuple(dimensions[name] for name in cut))

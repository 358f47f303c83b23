"""What a row fact is: a column the engine adds to a table because a metric reads it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from cx_kpi.options import Config


@dataclass(frozen=True, slots=True)
class Context:
    """What a fact may look at: its table so far, the other tables, the moment of the report, the settings."""

    frame: pl.DataFrame
    tables: Mapping[str, pl.DataFrame]
    as_of: datetime
    config: Config

    def has(self, column: str) -> bool:
        """Whether the table has the column."""
        return column in self.frame.columns

    def optional(self, column: str, dtype: pl.DataType | type[pl.DataType]) -> pl.Expr:
        """The column, or nulls where the table has none."""
        return pl.col(column) if self.has(column) else pl.lit(None, dtype=dtype)


Needs = tuple[str | tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A column to add: the columns it needs (`a`, `table.a`, or a tuple of which one is enough), those it
    may use, the setting it needs, and how to build it.
    """

    build: Callable[[Context], pl.Expr | pl.Series]
    needs: Needs = ()
    optional: tuple[str, ...] = ()
    setting: Callable[[Config], bool] = lambda _: True
    setting_name: str = ""


def seconds(length: pl.Expr) -> pl.Expr:
    """A length of time as Float64 seconds."""
    return length.dt.total_microseconds() / 1_000_000

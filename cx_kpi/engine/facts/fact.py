"""Row facts: columns the engine adds to a table because a metric reads them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Config

SEEN = "seen_at"  # the fact that says when a row is looked at


@dataclass(frozen=True, slots=True)
class Rows:
    """A table in memory and the facts added to it; facts that are expressions stay lazy, to save memory."""

    base: pl.DataFrame
    facts: Mapping[str, pl.Expr] = field(default_factory=dict)

    @property
    def columns(self) -> set[str]:
        """Fields, dimensions and facts."""
        return {*self.base.columns, *self.facts}

    @property
    def height(self) -> int:
        """How many rows there are."""
        return self.base.height

    def lazy(self) -> pl.LazyFrame:
        """The table with its facts."""
        frame = self.base.lazy()
        for name, fact in self.facts.items():
            frame = frame.with_columns(fact.alias(name))
        return frame

    def buckets(self) -> "Sequence[Rows]":
        """The same rows in parts that fit into memory: one where all do."""
        return (self,)

    def worked_out(self) -> "Rows":
        """The same with its facts as columns, but for those that depend on when a row is looked at."""
        aged = {name: fact for name, fact in self.facts.items() if SEEN in fact.meta.root_names()}
        return Rows(self.lazy().drop(aged).collect(), aged) if self.facts else self

    def series(self, name: str) -> pl.Series:
        """One column."""
        return self.base[name] if name in self.base.columns else self.lazy().select(name).collect()[name]

    def add(self, name: str, fact: pl.Expr | pl.Series) -> "Rows":
        """The table with one fact more."""
        if isinstance(fact, pl.Series):
            return Rows(self.base.with_columns(fact.alias(name)), self.facts)
        return Rows(self.base, {**self.facts, name: fact})


@dataclass(frozen=True, slots=True)
class Context:
    """What a fact may look at: its table so far, the other tables, the moment of the report, the settings.

    `known` is what is known of all rows, where these are only a part of them.
    """

    rows: Rows
    tables: Mapping[str, Rows]
    as_of: datetime
    config: Config
    known: Mapping[str, Any] = field(default_factory=dict)

    def has(self, column: str) -> bool:
        """Whether the table has the column."""
        return column in self.rows.columns

    def optional(self, column: str, dtype: pl.DataType | type[pl.DataType]) -> pl.Expr:
        """The column, or nulls where the table has none."""
        return pl.col(column) if self.has(column) else pl.lit(None, dtype=dtype)


Build = Callable[[Context], pl.Expr | pl.Series]
Needs = tuple[str | tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A column to add, and how to build it.

    `needs` are columns it cannot do without (`a`, `table.a`, or a tuple of which one is enough), `optional`
    those it may use; `setting` checks that the configuration has what it needs, `reads` are the keys of it that say
    what the fact means (`target.ID`: the targets of rows of that metric). `knows` is what it has to know of all rows,
    and `together` the key of which all rows have to be at hand.
    """

    build: Build
    needs: Needs = ()
    optional: tuple[str, ...] = ()
    spelt: tuple[str, ...] = ()  # ids that it shows as the files spell them
    setting: Callable[[Config], bool] = lambda _: True
    setting_name: str = ""
    reads: tuple[str, ...] = ()
    knows: tuple[str, ...] = ()
    together: str = ""


def zone_of(context: Context) -> ZoneInfo:
    """The time zone of the report."""
    zone = context.as_of.tzinfo
    assert isinstance(zone, ZoneInfo)  # noqa: S101 - windows make it so
    return zone


def moment(instant: datetime) -> pl.Expr:
    """An instant to compare with the columns of a table, which are in UTC."""
    return _moment(instant.astimezone(UTC))  # in other zones, instants of an hour that comes twice are equal


@lru_cache(maxsize=64)  # as many as windows have edges
def _moment(instant: datetime) -> pl.Expr:
    return pl.lit(instant)


def seconds(length: pl.Expr) -> pl.Expr:
    """A length of time as Float64 seconds."""
    return length.dt.total_microseconds() / 1_000_000


def seen(context: Context) -> pl.Expr:
    """When a row is looked at: the moment of the report, or the end of a window where that is over before."""
    return moment(context.as_of).cast(pl.Datetime("us", "UTC"))

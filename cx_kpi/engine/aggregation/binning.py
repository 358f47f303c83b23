"""Placing rows: which code a row gets by its clock, and which codes make up each window."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

import polars as pl

from cx_kpi.engine.facts.fact import SEEN, Rows
from cx_kpi.engine.time.windows import GroupName, Span, Windows, bin_index, microseconds
from cx_kpi.metrics.definition.metric import Clock
from cx_kpi.model.frozen import dataclass

AT = "__at"
NR = "__nr"
GROUPS: tuple[GroupName, ...] = ("overall", "series", "previous")
TOGETHER = 1_000_000  # rows of a stock, each at each edge, that are placed at once
_FAN = 12  # parts of a stretch of edges, whose rows are looked for among those of the stretch


@dataclass(frozen=True, slots=True)
class Binned:
    """Rows with a code in `__at`, and for each group a list: code → number of the window, or −1."""

    frame: pl.LazyFrame
    codes: Mapping[GroupName, list[int]]


@dataclass(frozen=True, slots=True)
class Stock:
    """Rows that are alive at the edges `__from` < k <= `__to`, from the youngest on.

    `columns` are those that are read of them, `aged` the facts among these that depend on when a row is looked at.
    """

    rows: pl.DataFrame
    columns: set[str]
    aged: Mapping[str, pl.Expr]
    windows: Windows
    moments: pl.Series  # at which the rows are looked at, by edge

    @property
    def places(self) -> int:
        """How many rows there are, each counted at each edge at which it is alive."""
        return int((self.rows["__to"].cast(pl.Int64) - self.rows["__from"]).sum())

    def numbered(self) -> pl.DataFrame:
        """The places of the rows, `__nr`, and between which edges they are alive."""
        return self.rows.select("__from", "__to").with_row_index(NR)

    def reading(self, expr: pl.Expr) -> "Stock":
        """The same with what is read by an expression alone."""
        names = {*expr.meta.root_names()}
        aged = {name: fact for name, fact in self.aged.items() if name in names}
        roots = {"__from", "__to"}.union(names, *(fact.meta.root_names() for fact in aged.values()))
        kept = [name for name in self.rows.columns if name in roots]
        return Stock(self.rows.select(kept), self.columns & names, aged, self.windows, self.moments)

    def seen(self, rows: pl.DataFrame) -> pl.LazyFrame:
        """Some of the rows, each with its ages at the edge in `__at`."""
        seen = pl.lit(self.moments).gather(pl.col(AT))
        return rows.lazy().with_columns(seen.alias(SEEN)).with_columns(**self.aged)


def binned(rows: Rows, columns: set[str], clock: Clock, windows: Windows | None) -> Iterator[Binned]:
    """Give each row the code of the bin, edge or window its clock puts it in; the others drop out later.

    A stock comes stretch by stretch: each row is there at many edges. All rows of a window are in one stretch.
    """
    if clock.undated or windows is None:
        more = {"kept": pl.lit(value=False)} if clock.opening else {}  # of rows without a date, none is
        yield Binned(rows.lazy().with_columns(pl.lit(0, pl.Int32).alias(AT), **more), {"overall": [0]})
    elif clock.until is None:
        at = rows.lazy().select(bin_index(pl.col(clock.at), windows.instants).alias(AT)).collect()[AT]
        codes = {name: _slots(windows.group(name), len(windows.edges)) for name in GROUPS}
        yield Binned(rows.add(AT, at).lazy(), codes)
    elif clock.opening:
        spans = _lives(rows.lazy().select(sorted(_lived(rows, columns, clock))), clock, windows)
        yield _read(_opening(spans, clock.who, windows), columns)
    else:
        yield from in_stretches(stock_of(rows, columns, clock, windows))


def stock_of(rows: Rows, columns: set[str], clock: Clock, windows: Windows) -> Stock:
    """The rows of a stock that are alive at any edge, with what is read of them."""
    aged = {name: fact for name in columns if (fact := rows.facts.get(name)) is not None and _ages(fact)}
    roots = set[str]().union(*(fact.meta.root_names() for fact in aged.values())) - {SEEN}
    kept = _lived(rows, columns - set(aged) | roots, clock)
    lives = _lives(rows.lazy().select(sorted(kept)), clock, windows)
    young = lives.sort(clock.at, descending=True, maintain_order=True)
    latest = microseconds(windows.as_of)
    moments = pl.Series([min(instant, latest) for instant in windows.instants]).cast(pl.Datetime("us", "UTC"))
    return Stock(young.collect(), columns, aged, windows, moments)


def _lived(rows: Rows, columns: set[str], clock: Clock) -> set[str]:
    """The columns to keep: those that are read, and those that tell when a row is alive."""
    return (
        columns | {name for name in (clock.at, clock.until, clock.who, clock.spells) if name}
    ) & rows.columns


def _read(placed: Binned, columns: set[str]) -> Binned:
    """Without the columns that nobody reads afterwards, in memory."""
    read = [name for name in placed.frame.collect_schema() if name in columns or name == AT]
    return Binned(placed.frame.select(read).collect().lazy(), placed.codes)


def _slots(spans: tuple[Span, ...], edges: int) -> list[int]:
    codes = [-1] * edges
    for number, span in enumerate(spans):
        codes[span.first : span.last] = [number] * (span.last - span.first)
    return codes


def _lives(rows: pl.LazyFrame, clock: Clock, windows: Windows) -> pl.LazyFrame:
    """Rows with `__from` and `__to`: alive at edge k if `__from` < k <= `__to`."""
    assert clock.until is not None  # noqa: S101 - a stock has an end
    edges = windows.instants
    rows, opened, ended = by_spell(rows, clock)
    start = bin_index(opened, edges)
    end = bin_index(ended, edges).fill_null(len(edges) - 1)
    return rows.with_columns(__from=start, __to=end).filter(pl.col("__from") < pl.col("__to"))


def _ages(fact: pl.Expr) -> bool:
    """Whether a fact depends on when a row is looked at."""
    return SEEN in fact.meta.root_names()


def by_spell(rows: pl.LazyFrame, clock: Clock) -> tuple[pl.LazyFrame, pl.Expr, pl.Expr]:
    """A row for each span in which a row is alive, where it may have several, with its start and end."""
    at, until = pl.col(clock.at), pl.col(str(clock.until))
    if clock.spells not in rows.collect_schema():
        return rows, at, until
    spell = pl.col(clock.spells)
    known = spell.is_not_null()
    opened = pl.when(known).then(spell.struct.field("from")).otherwise(at)
    ended = pl.when(known).then(spell.struct.field("to")).otherwise(until)
    return rows.explode(clock.spells), opened, ended


def in_stretches(stock: Stock, groups: Collection[GroupName] = GROUPS) -> Iterator[Binned]:
    """One row for each edge at which a window of these groups ends and the row is alive, with its ages there.

    Edge by edge and from the youngest on, so that ages need no more sorting.
    """
    windows = stock.windows
    ends = {name: {span.last: i for i, span in enumerate(windows.group(name))} for name in groups}
    wanted = sorted({edge for found in ends.values() for edge in found})
    lives = stock.numbered()
    for edges in stretches(lives, wanted):
        here = {*edges}
        codes = {
            name: [found.get(edge, -1) if edge in here else -1 for edge in range(len(windows.edges))]
            for name, found in ends.items()
        }
        alive = alive_at(lives, edges)
        marks = pl.DataFrame({AT: pl.Series(edges, dtype=pl.Int32), "n": [*map(len, alive)]})
        at = marks.select(pl.col(AT).repeat_by("n"))[AT].explode().set_sorted()
        yield _read(Binned(stock.seen(stock.rows[pl.concat(alive)].with_columns(at)), codes), stock.columns)


def stretches(lives: pl.DataFrame, edges: Sequence[int]) -> Iterator[list[int]]:
    """Edges that follow one another, with about as many rows alive at all of them as may be placed at once."""
    at = pl.Series(edges, dtype=pl.Int32)
    begun, over = (lives[name].sort().search_sorted(at, side="left") for name in ("__from", "__to"))
    stretch = (begun.cast(pl.Int64) - over).cum_sum() // TOGETHER
    for _, found in groupby(zip(edges, stretch.to_list(), strict=True), key=itemgetter(1)):
        yield [edge for edge, _ in found]


def alive_at(lives: pl.DataFrame, edges: Sequence[int]) -> list[pl.Series]:
    """The numbers, `__nr`, of the rows alive at each edge."""
    alive = (lives["__from"] < edges[-1]) & (lives["__to"] >= edges[0])
    there = pl.DataFrame(
        [each.filter(alive) for each in lives]
    )  # filtered whole, each is a query: twice the time
    if len(edges) > _FAN:
        size = -(-len(edges) // _FAN)
        parts = (edges[start : start + size] for start in range(0, len(edges), size))
        return [each for part in parts for each in alive_at(there, part)]
    begun, over, numbers = there["__from"], there["__to"], there[NR]
    return [numbers.filter((begun < edge) & (over >= edge)) for edge in edges]


def _opening(lives: pl.LazyFrame, who: str | None, windows: Windows) -> Binned:
    """One row for each window at whose start the row is alive, and whether it is kept to the window's end.

    Where a row is one of several spans of somebody's life, any of them that covers the end keeps them.
    """
    parts: list[pl.LazyFrame] = []
    codes: dict[GroupName, list[int]] = {name: [] for name in GROUPS}
    every = [(name, number, span) for name in GROUPS for number, span in enumerate(windows.group(name))]
    for code, (name, number, span) in enumerate(every):
        alive = (pl.col("__from") < span.first) & (pl.col("__to") >= span.first)
        kept = pl.col("__to") >= span.last
        if who:
            there = lives.filter((pl.col("__from") < span.last) & kept).select(who).collect()[who]
            kept |= pl.col(who).is_in(there.implode())
        parts.append(lives.filter(alive).with_columns(pl.lit(code, pl.Int32).alias(AT), kept=kept))
        for other in GROUPS:
            codes[other].append(number if other == name else -1)
    return Binned(pl.concat(parts), codes)

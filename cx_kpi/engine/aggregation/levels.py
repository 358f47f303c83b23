"""A stock at the end of every period, from where its rows come, turn and go: no row is copied to each of its edges."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate, compress, islice
from typing import Any, TypeGuard

import polars as pl

from cx_kpi.engine.aggregation.apart.order_statistics import (
    QUANTILES,
    OrderStatistics,
    in_order,
    in_seconds,
    milliseconds,
)
from cx_kpi.engine.aggregation.binning import AT, Stock, alive_at, stretches
from cx_kpi.engine.aggregation.cells import Cell, Cells
from cx_kpi.engine.facts.fact import SEEN
from cx_kpi.engine.ranks.quantile_ranks import ranks_of_each
from cx_kpi.metrics.definition.metric import Largest, Measure, Quantiles, Smallest, Sum, measure_columns

_FEW = 20  # different values, each of whose rows are counted by themselves
_EVERY, _HOLDS = "every:", "holds:"
Counts = list[int]  # at the end of each window of the series
Lives = pl.LazyFrame  # `n` of each row, which is alive at the edges `came` < k <= `went`


def levels(stock: Stock, measures: Mapping[str, Measure]) -> tuple[Cells, set[str]]:
    """The cells of the series that have rows, with the measures that can be told so, and the names of those."""
    found = _Levels(stock, [*measures.values()])
    told = {name: values for name, each in measures.items() if (values := found.of(each)) is not None}
    cells = Cells()
    there = [Cell("series", number) for number, n in enumerate(found.rows) if n]
    cells.extend(there, {name: [*compress(values, found.rows)] for name, values in told.items()})
    return cells, {*told}


class _Levels:
    """What a stock comes to at the end of each window of its series."""

    def __init__(self, stock: Stock, measures: Sequence[Measure]) -> None:
        self.stock = stock
        self.ends = [span.last for span in stock.windows.series]
        fixed = {str(each.expr): each.expr for each in measures if _is_fixed(each, stock)}
        rows = stock.rows.lazy().with_columns(pl.lit(1).alias(_EVERY), **fixed)
        self.values = rows.select(_EVERY, *fixed, came="__from", went="__to").collect()
        self.distinct = {name: values for name in fixed if (values := self._distinct(name)) is not None}
        turning = {name: _since(stock, each) for name, each in _turning(measures).items()}
        lives = turning | self._lives()
        self.counts = dict(zip(lives, self._alive(lives.values()), strict=True))
        self.rows = self.counts[_EVERY]

    def of(self, measure: Measure) -> Sequence[Any] | None:
        """The measure at the end of each window; None where it cannot be told without its rows there."""
        match measure:
            case Quantiles(expr, None, True):
                return self._ages(expr)
            case Sum(expr, since, until):
                counts = self.counts.get(str(expr if since is None else since))
                if counts is None or until is None:
                    return counts
                return [n - over for n, over in zip(counts, self.counts[str(until)], strict=True)]
            case Smallest(expr) if str(expr) in self.distinct:
                return self._first(str(expr), self.distinct[str(expr)])
            case Largest(expr) if str(expr) in self.distinct:
                return self._first(str(expr), self.distinct[str(expr)][::-1])
        return None

    def _distinct(self, name: str) -> list[Any] | None:
        """The different values of a column in order; None of many."""
        values = self.values[name].drop_nulls().unique().sort()
        return values.to_list() if len(values) <= _FEW else None

    def _lives(self) -> dict[str, Lives]:
        """Of what is fixed for each row: the whole numbers that are added up, and the rows of each value of few."""
        rows = self.values.lazy()
        added = {
            name: rows.select("came", "went", n=name)
            for name in self.values.columns[:-2]
            if self.values[name].dtype.is_integer() or self.values[name].dtype == pl.Boolean
        }
        apart = {
            f"{name} {value}": rows.filter(pl.col(name) == value).select("came", "went", n=_EVERY)
            for name, values in self.distinct.items()
            for value in values
        }
        return added | apart

    def _alive(self, lives: Iterable[Lives]) -> Iterator[Counts]:
        """The sums of `n` over the rows alive at the end of each window."""
        changes = [
            each.group_by(place=pl.col(side) + 1).agg(pl.col("n").sum().cast(pl.Int64))
            for each in lives
            for side in ("came", "went")
        ]
        none = pl.zeros(len(self.stock.windows.edges) + 1, dtype=pl.Int64, eager=True)
        before = [
            none.clone().scatter(each["place"], each["n"]).cum_sum() for each in pl.collect_all(changes)
        ]
        for came, went in zip(before[::2], before[1::2], strict=True):
            yield (came - went).gather(self.ends).to_list()

    def _first(self, name: str, values: Sequence[Any]) -> list[Any]:
        """The first of these values that a row has."""
        counts = [self.counts[f"{name} {value}"] for value in values]
        return [
            next((value for value, n in zip(values, each, strict=True) if n), None)
            for each in zip(*counts, strict=True)
        ] or [None] * len(self.ends)

    def _ages(self, expr: pl.Expr) -> list[OrderStatistics]:
        """The order statistics of lengths that are in the order of the rows."""
        stock = self.stock.reading(expr)
        lives = stock.numbered()
        ranks, found = iter(ranks_of_each(self.rows, QUANTILES)), list[OrderStatistics]()
        for edges in stretches(lives, self.ends):
            alive = alive_at(lives, edges)
            sizes = [*map(len, alive)]
            rows, ends = pl.concat(alive), pl.Series([*accumulate(sizes)])
            marks = pl.Series(AT, edges, dtype=pl.Int32)
            here = [*islice(ranks, len(edges))]
            found += in_order(sizes, partial(_seconds, stock, expr, (rows, ends, marks)), here)
        return found


def _seconds(
    stock: Stock, expr: pl.Expr, alive: tuple[pl.Series, pl.Series, pl.Series], places: Sequence[int]
) -> list[float]:
    """Lengths at some places of `alive`: the numbers of rows edge by edge, where those of each edge end, and the edges."""
    rows, ends, edges = alive
    at = edges.gather(ends.search_sorted(pl.Series([*places]), side="right"))
    seen = stock.seen(stock.rows[rows.gather([*places])].with_columns(at))
    return in_seconds(seen.select(milliseconds(expr)).collect().to_series())


def _is_fixed(measure: Measure, stock: Stock) -> TypeGuard[Sum | Smallest | Largest]:
    """Whether a row brings the same to a measure as long as it is alive."""
    changing = {*stock.aged, SEEN}
    return isinstance(measure, Sum | Smallest | Largest) and measure_columns(measure).isdisjoint(changing)


def _turning(measures: Iterable[Measure]) -> dict[str, pl.Expr]:
    """The conditions that once they hold of a row go on holding."""
    found = [(each.since, each.until) for each in measures if isinstance(each, Sum)]
    return {str(each): each for pair in found for each in pair if each is not None}


def _since(stock: Stock, condition: pl.Expr) -> Lives:
    """The rows of which a condition holds at last, which then goes on holding, from the edge where it begins."""
    stock = stock.reading(condition)
    rows, first, last = stock.rows, stock.rows["__from"] + 1, stock.rows["__to"]
    at_once = _holds(stock, condition, rows, first)
    later = (~at_once & (first < last)).arg_true()
    later = later.filter(_holds(stock, condition, rows[later], last[later]))
    begun = _begins(stock, condition, rows[later])
    came = rows["__from"].set(~at_once, None).scatter(later, begun - 1)
    return pl.LazyFrame({"came": came, "went": last}).drop_nulls("came").with_columns(n=pl.lit(1))


def _begins(stock: Stock, condition: pl.Expr, rows: pl.DataFrame) -> pl.Series:
    """The edge from which a condition holds of rows, by halving: it does not at the first one, and does at the last."""
    found, places = rows["__to"].clone(), pl.arange(rows.height, eager=True)
    before, after = rows["__from"] + 1, rows["__to"]
    while len(places):
        middle = (before + after) // 2
        holds = _holds(stock, condition, rows, middle)
        before, after = before.zip_with(holds, middle), middle.zip_with(holds, after)
        found.scatter(places, after)
        left = (after - before > 1).arg_true()
        rows, places, before, after = rows[left], places[left], before[left], after[left]
    return found


def _holds(stock: Stock, condition: pl.Expr, rows: pl.DataFrame, edges: pl.Series) -> pl.Series:
    """Whether a condition holds of rows, each at an edge."""
    seen = stock.seen(rows.with_columns(edges.alias(AT)))
    return seen.select(condition.fill_null(value=False).alias(_HOLDS)).collect()[_HOLDS]

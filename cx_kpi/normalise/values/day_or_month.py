"""Day or month first: decided once for a whole file, by all of its dates.

Rule: as configured; else the order under which more cells of all date columns of the file are
dates; else, where every cell reads either way, the day first between dots; else, with a warning, the month
first beside a 12-hour clock and the day first beside any other. A column that proves the other order keeps that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from cx_kpi.model.frozen import dataclass
from cx_kpi.normalise.values.date_formats import day_second, formats, is_ambiguous, month_first
from cx_kpi.normalise.values.date_words import cleaned
from cx_kpi.read.raw.source import TextFrame

_LEAST, _MANY = 2, 0.1  # dates, and their share, that prove another order for a column


@dataclass(frozen=True, slots=True)
class Order:
    """How `%d/%m` is to be read in this file; not `sure` where its dates fit both."""

    dayfirst: bool = True
    sure: bool = True
    contrary: frozenset[str] = frozenset()  # columns in the other order
    exchanged: frozenset[str] = frozenset()  # columns in which a year is followed by the day
    is_exchanged: bool = False  # for one of these

    def of(self, header: str) -> "Order":
        """The order in one column."""
        dayfirst = self.dayfirst != (header in self.contrary)
        return Order(dayfirst, self.sure, is_exchanged=header in self.exchanged)

    @property
    def turned(self) -> "Order":
        """The other order."""
        return replace(self, dayfirst=not self.dayfirst)

    def apply(self, directives: str) -> str:
        """The format in this order."""
        told = directives if self.dayfirst else month_first(directives)
        return day_second(told) if self.is_exchanged else told


def order_of(source: TextFrame, headers: Sequence[str], dayfirst: bool | None) -> Order:
    """The order of day and month in the date columns of a file; reads them once more if the sample fits both."""
    found = {header: ambiguous(source.sample[header]) for header in headers}
    found = {header: names for header, names in found.items() if names}
    if not found or dayfirst is not None:
        return Order(dayfirst is not False)
    met = [name for names in found.values() for name in names]
    order = (
        _decide(source.sample.lazy(), found)
        or _decide(source.frame, found)
        or _decide_odd(source.frame, found)
        or _guess(met)
    )
    return replace(order, contrary=_contrary(source.sample, found, order))


def _contrary(sample: pl.DataFrame, found: Mapping[str, Sequence[str]], order: Order) -> frozenset[str]:
    """The columns that prove the other order."""
    return frozenset(header for header, names in found.items() if _contradicts(sample[header], names, order))


def order_of_words(words: Iterable[str], dayfirst: bool | None) -> Order:
    """The same for loose cells."""
    column = pl.Series("cells", list(words), dtype=pl.String)
    names = ambiguous(column)
    if not names or dayfirst is not None:
        return Order(dayfirst is not False)
    return _decide(column.to_frame().lazy(), {"cells": names}) or _guess(names)


def ambiguous(cells: pl.Series) -> list[str]:
    """The formats in a column of text that could be read with day and month the other way round."""
    if cells.dtype != pl.String:
        return []
    return [name for name in formats(cells.drop_nulls().unique(maintain_order=True)) if is_ambiguous(name)]


def _decide(frame: pl.LazyFrame, found: dict[str, list[str]]) -> Order | None:
    """The order that reads more cells as dates."""
    day, month = _counts(frame, found)
    return Order(day > month) if day != month else None


def _contradicts(cells: pl.Series, names: Sequence[str], order: Order) -> bool:
    """Whether no date of a column needs this order of day and month, and many need the other."""
    own, other = (_readable(cells.name, map(each.apply, names)) for each in (order, order.turned))
    found = cells.to_frame().select(
        own=(own & ~other).sum(), other=(other & ~own).sum(), all=(own | other).sum()
    )
    needs, needs_other, dates = found.row(0)
    return not needs and needs_other >= max(_LEAST, dates * _MANY)


def _decide_odd(frame: pl.LazyFrame, found: dict[str, list[str]]) -> Order | None:
    """The same by the cells that cannot be read as they are, with a weekday before the date, for example."""
    columns = [_odd(frame, header, names) for header, names in found.items()]
    plain = [pl.Series(each.name, [cleaned(cell) for cell in each], dtype=pl.String) for each in columns]
    both = [_counts(each.to_frame().lazy(), {each.name: found[each.name]}) for each in plain]
    day, month = map(sum, zip(*both, strict=True))
    return Order(day > month) if day != month else None


def _odd(frame: pl.LazyFrame, header: str, names: Sequence[str]) -> pl.Series:
    """The distinct cells that are dates in neither order as they are."""
    ways = [way for name in names for way in (name, month_first(name))]
    read = [pl.col(header).str.to_datetime(way, strict=False, cache=False).is_not_null() for way in ways]
    return frame.select(pl.col(header).filter(~pl.any_horizontal(read)).drop_nulls().unique()).collect()[
        header
    ]


def _counts(frame: pl.LazyFrame, found: dict[str, list[str]]) -> tuple[int, int]:
    """How many cells are dates with the day first, and with the month first."""
    counts = frame.select(
        day=_sum_readable([(header, name) for header, names in found.items() for name in names]),
        month=_sum_readable(
            [(header, month_first(name)) for header, names in found.items() for name in names]
        ),
    )
    day, month = counts.collect().row(0)
    return day, month


def _readable(header: str, names: Iterable[str]) -> pl.Expr:
    """Which cells are dates in one of these formats."""
    read = [pl.col(header).str.to_datetime(name, strict=False, cache=False) for name in names]
    return pl.any_horizontal(each.is_not_null() for each in read)


def _sum_readable(columns: list[tuple[str, str]]) -> pl.Expr:
    read = [pl.col(header).str.to_datetime(name, strict=False, cache=False) for header, name in columns]
    return pl.sum_horizontal(each.is_not_null().sum().cast(pl.Int64) for each in read)


def _guess(names: Sequence[str]) -> Order:
    dots = all(name.startswith("%d.%m.") for name in names)
    return Order(dots or not any("%p" in name for name in names), sure=dots)

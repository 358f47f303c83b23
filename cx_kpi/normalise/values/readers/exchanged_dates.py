"""Dates that a spreadsheet took with day and month exchanged: those it could not take are still text.

`25/03/2026` stays text where a spreadsheet expects the month first, but `04/03/2026` becomes the third of April.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from cx_kpi.normalise.values.date_formats import day_second, formats, is_ambiguous, is_zoned
from cx_kpi.normalise.values.day_or_month import Order
from cx_kpi.read.raw.source import TextFrame

_LAST = 12  # the last day that could be a month
_AFTER, _UNTIL = 19 / 31, 12 / 31  # how many days are after it, and until it
_CHANCE = 0.001  # that all dates of both kinds are as they are by accident
_SMALL, _NEARER = 0.05, 3  # a chance that is enough where they are so many times nearer to each other
_FIRST_YEAR, _LAST_YEAR = 1971, 2100  # beyond, dates stand for "never"


def exchanged(source: TextFrame, headers: Iterable[str], order: Order) -> frozenset[str]:
    """The columns of a file whose dates have day and month exchanged, but for those that are text."""
    texts = [header for header in headers if source.sample[header].dtype == pl.String]
    return frozenset(header for header in texts if _is_exchanged(source, header, order.of(header)))


def _is_exchanged(source: TextFrame, header: str, own: Order) -> bool:
    """Whether all dates of a column that are no text have day and month exchanged.

    They are where each of these is up to the 12th, each text is after the 12th, and exchanged back they are no farther apart.
    """
    met = formats(source.sample[header].drop_nulls().unique())
    texts = [each for each in met if is_ambiguous(each)]
    taken = [each for each in met if day_second(each) != each and not is_zoned(each)]
    if not texts or not taken:
        return False
    text, other = _read(header, map(own.apply, texts)), _read(header, map(own.turned.apply, texts))
    whole, back = _read(header, taken), _read(header, map(day_second, taken))
    found = source.frame.select(
        texts=text.count(),
        either=other.count(),
        taken=whole.count(),
        late=(whole.dt.day() > _LAST).sum(),
        apart=_span(text, whole),
        back=_span(text, back),
    ).collect()
    counts = found.row(0, named=True)
    return not counts["either"] and not counts["late"] and _is_likely(counts)


def _is_likely(counts: Mapping[str, Any]) -> bool:
    """Whether it can hardly be by accident, and the dates are nearer to each other when exchanged back."""
    chance = _AFTER ** counts["texts"] * _UNTIL ** counts["taken"]
    if chance > _SMALL:
        return False
    return bool(counts["back"] * (1 if chance < _CHANCE else _NEARER) <= counts["apart"])


def cells_of(source: TextFrame, header: str) -> tuple[int, str]:
    """How many dates of such a column are no text, and one of them."""
    met = formats(source.sample[header].drop_nulls().unique())
    taken = [each for each in met if day_second(each) != each]
    if not taken:
        return 0, ""
    dates = _read(header, taken).is_not_null()
    rows, example = (
        source.frame.select(dates.sum(), pl.col(header).filter(dates).first().alias("")).collect().row(0)
    )
    return rows, example


def _read(header: str, directives: Iterable[str]) -> pl.Expr:
    """The dates of a column in these formats; none that stands for "never"."""
    read = pl.coalesce(pl.col(header).str.to_datetime(each, strict=False, cache=False) for each in directives)
    return pl.when(read.dt.year().is_between(_FIRST_YEAR, _LAST_YEAR)).then(read)


def _span(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """From the first of the dates to the last."""
    return pl.max_horizontal(one.max(), other.max()) - pl.min_horizontal(one.min(), other.min())

"""Readers of dates: text in any format, timestamps, dates, and seconds since 1970."""

from dataclasses import replace

import polars as pl

from cx_kpi.model.schema import Kind
from cx_kpi.normalise.values.date_formats import (
    NEVER,
    formats,
    from_epoch,
    is_ambiguous,
    localise,
    parse,
    parse_any,
    without_offset,
)
from cx_kpi.normalise.values.date_words import cleaned
from cx_kpi.normalise.values.day_or_month import Order, order_of_words
from cx_kpi.normalise.values.readers.reader import Careful, Context, Reader
from cx_kpi.normalise.values.serial_dates import SERIAL, are_serials, from_serials
from cx_kpi.normalise.vocabulary.dictionaries import said
from cx_kpi.normalise.vocabulary.rules import Rule

_LARGEST = {"s": 1e11, "ms": 1e14, "us": 1e17}  # epoch numbers taken for these units; beyond: ns


def read_time(name: str, rule: Rule, context: Context) -> Reader:
    """UTC instants; dates without a zone are in the column's, else the report's."""
    zone, column, cells = rule.zone or context.zone, pl.col(rule.header), context.sample[rule.header]
    if cells.dtype != pl.String:
        return Reader(name, rule.header, Kind.TIME, _typed(column, cells, zone), zone=zone)
    filled = cells.drop_nulls()
    met = formats(filled)
    if not rule.format and not met and are_serials(said(filled)):
        rule = replace(rule, format=SERIAL)
    order = context.order.of(rule.header)
    chosen = rule.format or next((order.apply(without_offset(each, filled)) for each in met), None)
    coerced = any(is_ambiguous(each) for each in met)
    careful = _careful(rule, zone, order if coerced else None, context.dayfirst)
    fast = parse(column, chosen, zone, gaps=False) if chosen else None
    return Reader(name, rule.header, Kind.TIME, fast, careful, zone=zone)


def _careful(rule: Rule, zone: str, found: Order | None, dayfirst: bool | None) -> Careful:
    """Cells in other formats than the first; `found`: the order of day and month, where the sample needs one."""

    def read(words: pl.Series) -> pl.Series:
        tidied = pl.Series([cleaned(word) for word in words], dtype=pl.String)
        if rule.format:
            return parse_any(tidied, [rule.format], zone)
        order = found or order_of_words(tidied, dayfirst)
        return parse_any(tidied, [order.apply(each) for each in formats(tidied)], zone)

    return read


def _typed(column: pl.Expr, cells: pl.Series, zone: str) -> pl.Expr:
    dtype = cells.dtype
    if isinstance(dtype, pl.Datetime):
        stamp = column.cast(pl.Datetime("us", dtype.time_zone))
        return stamp.dt.convert_time_zone("UTC") if dtype.time_zone else localise(stamp, zone)
    if dtype == pl.Date:
        return localise(column.cast(pl.Datetime("us")), zone)
    if dtype.is_numeric() and are_serials(cells.drop_nulls()):
        return localise(from_serials(column, text=False), zone)
    return from_epoch(column.cast(pl.Float64), _epoch(cells)) if dtype.is_numeric() else NEVER


def _epoch(cells: pl.Series) -> str:
    """The unit of epoch numbers, by their size."""
    top = cells.cast(pl.Float64).max()
    size = top if isinstance(top, float) else 0.0
    return next((unit for unit, largest in _LARGEST.items() if size < largest), "ns")

"""Readers of amounts: lengths of time, counts and numbers."""

from functools import partial

import polars as pl

from cx_kpi.model.schema import Kind
from cx_kpi.normalise.values.durations import parse_durations
from cx_kpi.normalise.values.quantities import parse_numbers
from cx_kpi.normalise.values.readers.read_words import flags
from cx_kpi.normalise.values.readers.reader import Careful, Context, Reader
from cx_kpi.normalise.vocabulary.dictionaries import plain
from cx_kpi.normalise.vocabulary.rules import Rule


def read_seconds(name: str, rule: Rule, context: Context) -> Reader:
    """Float64 seconds; the unit of plain numbers comes from the rule; clock times and words have their own."""
    unit, column, cells = rule.unit or 1.0, pl.col(rule.header), context.sample[rule.header]
    if cells.dtype.is_numeric():
        return Reader(name, rule.header, Kind.SECONDS, column.cast(pl.Float64) * unit)
    plainly = _mostly_plain(cells) and rule.unit and not rule.values and rule.grouped is None
    read = column.cast(pl.Float64, strict=False) * unit if plainly else None
    careful = _valued(
        rule, lambda words: parse_durations(words, rule.unit, is_sure=True, grouped=rule.grouped)
    )
    return Reader(name, rule.header, Kind.SECONDS, read, careful)


def read_number(name: str, rule: Rule, context: Context) -> Reader:
    """Float64."""
    return _number(name, rule, context, Kind.NUMBER, partial(parse_numbers, grouped=rule.grouped))


def read_count(name: str, rule: Rule, context: Context) -> Reader:
    """Int64; yes and no count 1 and 0."""

    def careful(words: pl.Series) -> pl.Series:
        numbers = parse_numbers(words)
        if (numbers != numbers.round()).any():  # no count is a fraction
            numbers = parse_numbers(words, grouped=True)
        whole = (numbers == numbers.round()).fill_null(value=False)
        return numbers.zip_with(whole, flags(words, rule).cast(pl.Float64))

    return _number(name, rule, context, Kind.COUNT, careful)


def _number(name: str, rule: Rule, context: Context, kind: Kind, careful: Careful) -> Reader:
    dtype: pl.DataType = pl.Int64() if kind is Kind.COUNT else pl.Float64()
    cells, fast = context.sample[rule.header], pl.col(rule.header).cast(dtype, strict=False)
    if cells.dtype != pl.String:
        return Reader(name, rule.header, kind, fast)
    plainly = _mostly_plain(cells) and not rule.values and rule.grouped is None
    valued = _valued(rule, careful)
    return Reader(
        name,
        rule.header,
        kind,
        fast if plainly else None,
        lambda words: valued(words).cast(dtype, strict=False),
    )


def _valued(rule: Rule, careful: Careful) -> Careful:
    """A careful reading where the configuration gives values for some words."""
    values = {plain(word): float(value) for word, value in rule.values.items()}

    def read(words: pl.Series) -> pl.Series:
        said = pl.Series([values.get(plain(word)) for word in words], dtype=pl.Float64)
        return said.fill_null(careful(words))

    return read if values else careful


def _mostly_plain(cells: pl.Series) -> bool:
    """Whether most filled cells of the sample are numbers as they are."""
    filled = cells.drop_nulls()
    return bool(filled.cast(pl.Float64, strict=False).is_not_null().sum() * 2 > len(filled))

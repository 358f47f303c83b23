"""How many of the cells looked at can be read as what a field holds."""

import re
from collections import Counter

import polars as pl

from cx_kpi.model.schema import Kind
from cx_kpi.normalise.values.answers import parse_answers
from cx_kpi.normalise.values.date_formats import format_of
from cx_kpi.normalise.values.date_words import cleaned
from cx_kpi.normalise.values.durations import parse_durations
from cx_kpi.normalise.values.quantities import parse_numbers
from cx_kpi.normalise.vocabulary.dictionaries import filled, meanings, said, spellings
from cx_kpi.normalise.vocabulary.headers import read_header

_MOST_VALUES = 50  # of a column to cut by
_LOOKED_AT = 200  # filled cells
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_COUNT = r"^\s*\d{1,4}(?:[.,]0+)?\s*$"
_DIGITS = str.maketrans("123456789", "0" * 9)


def readable(cells: pl.Series, kind: Kind, field: str) -> float | None:
    """The share of the filled cells that can be read; None where there are none."""
    there = filled(cells).head(_LOOKED_AT)
    dtype = there.dtype
    if dtype.is_temporal() or dtype == pl.Boolean or dtype.is_numeric():
        fits = dtype.is_temporal() if kind is Kind.TIME else not dtype.is_temporal()
        return None if there.is_empty() else float(fits or (kind is Kind.TIME and dtype.is_numeric()))
    if dtype != pl.String:
        return None
    there = said(there, dates=kind is Kind.TIME)
    return _share(there, kind, field, cells.name) if len(there) else None


def _share(words: pl.Series, kind: Kind, field: str, header: str) -> float:
    if kind is Kind.TIME:
        return _dates(words)
    if kind is Kind.SECONDS:
        return float(parse_durations(words, read_header(header).unit).is_not_null().mean() or 0)  # type: ignore[arg-type]
    if kind is Kind.CATEGORY and meanings(field):
        known, each = meanings(field), Counter(words)
        read = sum(rows for word, rows in each.items() if not known.keys().isdisjoint(spellings(word)))
        return read / len(words)
    if kind is Kind.NUMBER:
        return float(parse_numbers(words).is_not_null().mean() or 0)  # type: ignore[arg-type]
    return 1.0


def answers(cells: pl.Series) -> float | None:
    """The share of the filled cells that are answers; None where there are none."""
    there = said(filled(cells).head(_LOOKED_AT).cast(pl.String))
    return float(parse_answers(there, {}).is_not_null().mean() or 0) if len(there) else None  # type: ignore[arg-type]


def numbers(cells: pl.Series) -> float | None:
    """The share of the filled cells that are numbers; None where there are none."""
    there = said(filled(cells).head(_LOOKED_AT).cast(pl.String))
    return float(parse_numbers(there).is_not_null().mean() or 0) if len(there) else None  # type: ignore[arg-type]


def hold_counts(cells: pl.Series) -> bool:
    """Whether all filled cells are whole numbers too small for a date, and not all 0 or 1, as how many were solved."""
    there = said(filled(cells).head(_LOOKED_AT).cast(pl.String, strict=False))
    is_flag = there.str.contains(r"^\s*[01](?:[.,]0+)?\s*$").all()
    return not is_flag and bool(there.str.contains(_COUNT).all())


def cuts_by(cells: pl.Series) -> bool:
    """Whether the cells looked at are few words that come again, by which rows can be told apart."""
    there = filled(cells)
    values = there.n_unique()
    return 1 < values <= _MOST_VALUES and 2 * values <= len(there)


def _dates(words: pl.Series) -> float:
    """Cells in a format of dates, and numbers that are days since 1900; which digits they have does not matter."""
    shapes = Counter(word.translate(_DIGITS) for word in words)
    read = sum(rows for shape, rows in shapes.items() if format_of(cleaned(shape)))
    plain = sum(_SERIAL.fullmatch(word) is not None for word in words)
    return max(read, plain) / len(words)

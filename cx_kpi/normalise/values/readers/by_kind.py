"""The reader of each kind of column."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import polars as pl

from cx_kpi.model.schema import Kind
from cx_kpi.normalise.values.readers.read_amounts import read_count, read_number, read_seconds
from cx_kpi.normalise.values.readers.read_keys import read_key, read_present, read_spelling, read_text
from cx_kpi.normalise.values.readers.read_times import read_time
from cx_kpi.normalise.values.readers.read_words import read_answer, read_category, read_flag, read_raw
from cx_kpi.normalise.values.readers.reader import ANSWERS, NO, RAW, SPELLING, Context, Reader
from cx_kpi.normalise.vocabulary.dictionaries import is_null
from cx_kpi.normalise.vocabulary.rules import Rule

_READERS: Mapping[str, Callable[[str, Rule, Context], Reader]] = {
    Kind.KEY: read_key,
    Kind.TIME: read_time,
    Kind.SECONDS: read_seconds,
    Kind.CATEGORY: read_category,
    Kind.FLAG: read_flag,
    Kind.COUNT: read_count,
    Kind.NUMBER: read_number,
    Kind.TEXT: read_text,
    SPELLING: read_spelling,
    ANSWERS: read_answer,
    RAW: read_raw,
}


def reader(name: str, kind: str, rule: Rule, context: Context) -> Reader:
    """The reader of one column, by what it holds and what type it has already."""
    found = read_present(name, rule, context, kind) if rule.present else _READERS[kind](name, rule, context)
    return _with_blanks(found) if rule.blank else found


def _with_blanks(found: Reader) -> Reader:
    """The reader that takes an empty cell for a no."""
    careful = found.careful
    if careful is None:
        return replace(found, fast=None if found.fast is None else found.fast.fill_null(0))

    def read(words: pl.Series) -> pl.Series:
        said = [NO if is_null(word) else word for word in words]
        return careful(pl.Series(said, dtype=pl.String))

    return replace(found, careful=read, blank=True)

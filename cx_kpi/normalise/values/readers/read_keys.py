"""Readers of ids and free text, and of columns where only filled or not counts."""

import re

import polars as pl

from cx_kpi.model.schema import Kind
from cx_kpi.normalise.values.readers.reader import SEED, SPELLING, Context, Reader
from cx_kpi.normalise.vocabulary.dictionaries import no_ids, null_words
from cx_kpi.normalise.vocabulary.rules import Rule

_QUOTED = re.compile(r"'.+'\Z")
_IN_QUOTES = "^'(.+)'$"  # some exports put a few cells into quotes


def read_key(name: str, rule: Rule, context: Context) -> Reader:
    """An id as the hash of its trimmed text, so that `007` is not `7`; ids that mean nothing are null."""
    hashed = _text(rule, context).hash(seed=SEED)
    return Reader(name, rule.header, Kind.KEY, hashed, nothing=no_ids())


def read_text(name: str, rule: Rule, context: Context) -> Reader:
    """Trimmed text; null words are null."""
    return Reader(name, rule.header, Kind.TEXT, _text(rule, context), nothing=null_words())


def read_spelling(name: str, rule: Rule, context: Context) -> Reader:
    """An id as it is spelt; what means nothing is null, found as it is among ids."""
    return Reader(name, rule.header, SPELLING, _text(rule, context), nothing=null_words())


def read_present(name: str, rule: Rule, context: Context, kind: str) -> Reader:
    """Yes (or 1) where the cell is filled, no (or 0) where it is empty or means nothing."""
    text = _text(rule, context).str.to_lowercase()
    filled = ~text.is_in(sorted(null_words(dates=True))).fill_null(value=True)
    return Reader(name, rule.header, kind, filled if kind == Kind.FLAG else filled.cast(pl.Int64))


def _text(rule: Rule, context: Context) -> pl.Expr:
    """The cells as text without blanks around."""
    column = pl.col(rule.header)
    cells = context.sample[rule.header]
    if cells.dtype == pl.String:
        text = column.str.strip_chars()
        quoted = any(map(_QUOTED.match, cells.drop_nulls().to_list()))
        return text.str.replace(_IN_QUOTES, "$1") if quoted else text
    return column.cast(pl.String, strict=False)

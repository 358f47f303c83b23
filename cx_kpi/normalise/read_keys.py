"""Readers of ids and free text, and of columns where only filled or not counts."""

import polars as pl

from cx_kpi.normalise.reader import Context, Reader
from cx_kpi.normalise.rules import Rule
from cx_kpi.normalise.words import null_words
from cx_kpi.schema import Kind


def read_key(name: str, rule: Rule, _: Context) -> Reader:
    """An id as the hash of its trimmed text, so that `007` is not `7`; ids that say nothing are null."""
    text = _trimmed(rule)
    hashed = text.hash(seed=0)
    spelt = {each for word in null_words() for each in (word, word.upper(), word.capitalize())}
    nothing = pl.Series(sorted(spelt)).hash(seed=0).implode()
    return Reader(
        name, rule.header, Kind.KEY, pl.when(text.is_not_null() & ~hashed.is_in(nothing)).then(hashed)
    )


def read_text(name: str, rule: Rule, _: Context) -> Reader:
    """Trimmed text; null words are null."""
    text = _trimmed(rule)
    said = ~text.str.to_lowercase().is_in(sorted(null_words()))
    return Reader(name, rule.header, Kind.TEXT, pl.when(said).then(text))


def read_present(name: str, rule: Rule, context: Context) -> Reader:
    """1 where the cell is filled, 0 where it is empty or says nothing."""
    if context.sample[rule.header].dtype != pl.String:
        filled = pl.col(rule.header).is_not_null()
    else:
        text = _trimmed(rule).str.to_lowercase()
        filled = ~text.is_in(sorted(null_words(dates=True))).fill_null(value=True)
    return Reader(name, rule.header, Kind.COUNT, filled.cast(pl.Int64))


def _trimmed(rule: Rule) -> pl.Expr:
    return pl.col(rule.header).cast(pl.String, strict=False).str.strip_chars()

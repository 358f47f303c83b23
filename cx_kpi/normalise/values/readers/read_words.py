"""Readers of words: categories, flags and answers. Each distinct word is looked up once."""

import polars as pl

from cx_kpi.model.schema import Kind
from cx_kpi.normalise.values.answers import parse_answers, scored
from cx_kpi.normalise.values.readers.reader import ANSWERS, BESIDE, Context, Reader
from cx_kpi.normalise.vocabulary.dictionaries import OPEN_WORDS, is_null, meanings, plain, spellings
from cx_kpi.normalise.vocabulary.rules import Rule

_FLAGS = {"true": True, "1": True, "1.0": True, "false": False, "0": False, "0.0": False}


def read_category(name: str, rule: Rule, _: Context) -> Reader:
    """A word of the field's vocabulary; words of open vocabularies stay as they are."""
    return _words(name, rule, meanings(name), stays=not meanings(name) or name in OPEN_WORDS)


def read_raw(name: str, rule: Rule, _: Context) -> Reader:
    """Words as they are."""
    return _words(name, rule, {}, stays=True)


def _words(name: str, rule: Rule, listed: dict[str, str], *, stays: bool) -> Reader:
    meant = listed | {plain(word): str(value) for word, value in rule.values.items()}

    def read(word: str) -> str | None:
        parts = word.split(BESIDE) if rule.beside else (word,)
        known = next((meant[each] for part in parts for each in spellings(part) if each in meant), None)
        return known or (word.strip() if stays and not is_null(word) else None)

    def careful(words: pl.Series) -> pl.Series:
        return pl.Series([read(word) for word in words], dtype=pl.String).cast(pl.Categorical)

    return Reader(name, rule.header, Kind.CATEGORY, None, careful, "unknown_word", beside=rule.beside)


def read_flag(name: str, rule: Rule, context: Context) -> Reader:
    """Boolean."""
    dtype = context.sample[rule.header].dtype
    if dtype == pl.Boolean or dtype.is_numeric():
        return Reader(name, rule.header, Kind.FLAG, pl.col(rule.header).cast(pl.Boolean))
    return Reader(name, rule.header, Kind.FLAG, None, lambda words: flags(words, rule, name), "unknown_word")


def flags(words: pl.Series, rule: Rule, name: str = "flag") -> pl.Series:
    """Distinct cells as yes or no; some fields have words of their own for it."""
    own = {plain(word): str(value).lower() for word, value in rule.values.items()}
    meant = meanings("flag") | meanings(name) | own
    return pl.Series([_FLAGS.get(meant.get(plain(word), "")) for word in words], dtype=pl.Boolean)


def read_answer(name: str, rule: Rule, context: Context) -> Reader:
    """A score, and its scale where the answer shows it."""
    if context.sample[rule.header].dtype.is_numeric():
        return Reader(name, rule.header, ANSWERS, scored(pl.col(rule.header).cast(pl.Float64), rule.scale))
    values = {plain(word): float(value) for word, value in rule.values.items()}
    return Reader(
        name,
        rule.header,
        ANSWERS,
        None,
        lambda words: parse_answers(words, values, rule.scale),
        "unknown_word",
    )

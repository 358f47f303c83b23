"""Answers to surveys: numbers, words and faces to a score on its scale, where the answer tells the scale."""

import re
from collections.abc import Mapping

import polars as pl

from cx_kpi.normalise.vocabulary.dictionaries import answers, dictionary, plain

ANSWER = pl.Struct({"score": pl.Float64, "low": pl.Float64, "high": pl.Float64})
_NUMBER = re.compile(r"(\d+(?:[.,]\d+)?)(?:\s*(?:/|из|of|out of)\s*(\d+))?(?=\D*$)")

Answer = tuple[float | None, float | None, float | None]


def parse_answers(words: pl.Series, values: Mapping[str, float]) -> pl.Series:
    """Distinct cells to structs of score, low and high. Asked and not answered: a struct without a score."""
    read = [parse_answer(word, values) for word in words]
    rows = [None if each is None else dict(zip(("score", "low", "high"), each, strict=True)) for each in read]
    return pl.Series("answers", rows, dtype=ANSWER)


def scored(numbers: pl.Expr) -> pl.Expr:
    """A column of scores as structs that say nothing of their scale."""
    nothing = pl.lit(None, pl.Float64)
    return pl.when(numbers.is_finite()).then(pl.struct(score=numbers, low=nothing, high=nothing))


def answered(column: pl.Series) -> pl.DataFrame:
    """Columns score, low, high of a column of answers, and whether each was asked for."""
    return column.alias("answer").to_frame().unnest("answer").with_columns(asked=column.is_not_null())


def parse_answer(word: str, values: Mapping[str, float]) -> Answer | None:
    """The score of one cell: as configured, as a known word, or the number it holds (`4/5`, `5 - great`)."""
    key = plain(word)
    if key in values:
        return values[key], None, None
    if key in answers():
        return answers()[key]
    if key in _words("asked"):
        return None, None, None
    found = _NUMBER.match(word.strip().lstrip("'"))
    if found:
        return float(found[1].replace(",", ".")), None, float(found[2]) if found[2] else None
    stars = word.count("★")
    return (float(stars), 1.0, 5.0) if stars else None


def is_not_asked(word: str) -> bool:
    """Whether the cell says that no rating was asked for."""
    return plain(word) in _words("not_asked")


def _words(name: str) -> set[str]:
    return {plain(word) for word in dictionary("scores")[name]["words"]}

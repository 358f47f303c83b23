"""Answers to surveys: numbers, words and faces to a score on its scale, where the answer shows the scale."""

from collections.abc import Mapping
from functools import cache
from math import isinf

import polars as pl

from cx_kpi.normalise.values.answer_scales import in_company, turned_by_labels
from cx_kpi.normalise.vocabulary.dictionaries import answers, dictionary, plain
from cx_kpi.normalise.vocabulary.scale_words import Scale
from cx_kpi.wording.patterns import compiled_later

ANSWER = pl.Struct({"score": pl.Float64, "low": pl.Float64, "high": pl.Float64})
_OF = r"(?:/|\\|из|of|out of|von|sur|de|em|su|z|van)"
_NUMBER = compiled_later(rf"(\d+(?:[.,]\d+)?)(?:(?: [^\W\d_]+)?\s*{_OF}\s*(\d+))?(?=\D*$)")
_HALF = compiled_later(r"(\d)(?:\s*½|\s+1/2)")
_LABELLED = compiled_later(r"(\d+(?:[.,]\d+)?)\s*[-–—.:)=]?\s*\(?\s*([^\d()]{2,}?)\s*\)?")
_LABEL_FIRST = compiled_later(r"([^\d()]{2,}?)\s*[-–—:=(]\s*(\d+(?:[.,]\d+)?)\s*\)?")
_NUMBERED, _ASIDE = (
    compiled_later(r"^-?\d+\s*[-–—.:)=]?\s*\(?\s*(?=[^\W\d])|\W+$"),
    compiled_later(r"\s*\([^()]*\)?$"),
)
_EITHER = compiled_later(r"\s*(?:[/,;|(]|\bor\b|\bили\b|\boder\b|\bo\b|\bou\b)\s*")
_SIGNS = compiled_later(r"[^\w\s'’,/-]")
_STARS = (1.0, 5.0)
_LONGEST = 60  # letters of an answer, of which a remark has more

Answer = tuple[float | None, float | None, float | None]
_NONE: Answer = (None, None, None)


def parse_answers(words: pl.Series, values: Mapping[str, float], scale: Scale | None = None) -> pl.Series:
    """Distinct cells to structs of score, low and high. Asked and not answered: a struct without a score.

    `scale`: that of bare numbers, the worst and the best; where the best is the lower one they are turned round.
    """
    said = [str(word) for word in words]
    beside = in_company([plain(word) for word in said if not says_no_opinion(word)])
    scale = scale or turned_by_labels(filter(None, map(_labelled, said)))
    read = [parse_answer(word, values, beside) for word in said]
    rows = [None if each is None else dict(zip(("score", "low", "high"), each, strict=True)) for each in read]
    return _on_scale(pl.Series("answers", rows, dtype=ANSWER), scale)


def _on_scale(column: pl.Series, scale: Scale | None) -> pl.Series:
    """Scores whose own scale is not known, put on this one."""
    if scale is None:
        return column
    parts = column.struct.unnest().with_columns(known=column.is_not_null())
    bare = pl.col("low").is_null() & pl.col("high").is_null()
    whole = pl.when(bare).then(scored(pl.col("score"), scale)).otherwise(pl.struct("score", "low", "high"))
    return parts.select(pl.when("known").then(whole).alias("answers")).to_series()


def scored(numbers: pl.Expr, scale: Scale | None = None) -> pl.Expr:
    """A column of scores as structs, with their scale where it is known."""
    worst, best = scale or (None, None)
    low, high = (min(scale), max(scale)) if scale else (None, None)
    score = worst + best - numbers if worst is not None and best is not None and worst > best else numbers
    ends = (pl.lit(end, pl.Float64).alias(name) for name, end in (("low", low), ("high", high)))
    return pl.when(numbers.is_finite()).then(pl.struct(score.alias("score"), *ends))


def answered(column: pl.Series) -> pl.DataFrame:
    """Columns score, low, high of a column of answers, and whether each was asked for."""
    return column.alias("answer").to_frame().unnest("answer").with_columns(asked=column.is_not_null())


def parse_answer(
    word: str, values: Mapping[str, float], beside: Mapping[str, Answer] | None = None
) -> Answer | None:
    """The score of one cell: as configured, as a known word, or the number it holds (`4/5`, `5 - great`)."""
    key = plain(word)
    if key in values:
        return values[key], None, None
    bare = plain(_SIGNS.sub(" ", word))  # as in `😀 Very satisfied!`
    for known in (beside or {}, answers()):
        if key in known or bare in known:
            return known.get(key) or known[bare]
    return _NONE if key in _words("asked") or says_no_opinion(word) else _numbered(word)


def _numbered(word: str) -> Answer | None:
    """The number that a cell holds, alone, beside a label or as stars."""
    return _number(_in_digits(word)) or _behind_label(word) or _stars(word)


def _number(word: str) -> Answer | None:
    """The number a cell begins with, on the scale it names, or that of stars where it counts stars."""
    found = _NUMBER.match(_HALF.sub(r"\1.5", word.strip().lstrip("'")))
    if not found:
        return None
    score, top = float(found[1].replace(",", ".")), float(found[2]) if found[2] else None
    if isinf(score) or isinf(top or 0):
        return None
    behind = plain(found.string[found.end() :])
    if top is None and behind.split(" ")[0] in _marks("words") and score <= _STARS[1]:
        return score, *_STARS
    return score, None, top


def _in_digits(word: str) -> str:
    """The cell with a number that it says in words in digits: `five stars` is `5 stars`."""
    first, _, rest = plain(word).partition(" ")
    digits = _numerals().get(first)
    return f"{digits} {rest}".strip() if digits and (not rest or rest in _marks("words")) else word


@cache
def _numerals() -> dict[str, str]:
    return {
        plain(word): digits for digits, words in dictionary("scores")["numbers"].items() for word in words
    }


def _behind_label(word: str) -> Answer | None:
    """The number after a known label, as in `Very satisfied (5)`."""
    return (number[0], None, None) if (number := _labelled(word)) else None


def _stars(word: str) -> Answer | None:
    """Signs that are counted: `★★★★☆`, `⭐⭐`."""
    signs = _marks("full") | _marks("half") | _marks("hollow")
    full, half, hollow = (
        sum(word.count(sign) for sign in _marks(name)) for name in ("full", "half", "hollow")
    )
    if not full or any(sign.isalnum() for sign in word if sign not in signs):
        return None
    return full + half / 2, 1.0, max(float(full + half + hollow), _STARS[1])


def _labelled(word: str) -> tuple[float, float] | None:
    """The number of a cell and the score its label means, on a scale of five."""
    found, turned = _LABELLED.fullmatch(word.strip()), _LABEL_FIRST.fullmatch(word.strip())
    number, label = (found[1], found[2]) if found else (turned[2], turned[1]) if turned else ("", "")
    known = answers().get(plain(label))
    return (float(number.replace(",", ".")), known[0] / known[2]) if known else None


def says_no_opinion(word: str) -> bool:
    """Whether the cell is the answer of somebody who does not know or will not say, alone or behind a number."""
    if len(word) > _LONGEST or not any(map(str.isalpha, word)):
        return False
    said = _NUMBERED.sub("", word.strip().replace("’", "'"))
    known = _words("no_opinion")
    return plain(_ASIDE.sub("", said)) in known or all(plain(each) in known for each in _EITHER.split(said))


def is_not_asked(word: str) -> bool:
    """Whether the cell means that no rating was asked for."""
    return plain(word) in _words("not_asked")


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(plain(word) for word in dictionary("scores")[name]["words"])


@cache
def _marks(name: str) -> frozenset[str]:
    listed: list[str] = dictionary("scores")["marks"][name]
    return frozenset(map(plain, listed)) if name == "words" else frozenset(listed)

"""Words in comments, Russian and English: how many comments hold each, and which set low ratings apart from high ones.

A negation and its word are one: "не работает" is `не_работать`, "isn't working" is `not_working`.
"""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

MIN_MENTIONS = 2  # a word of one review is not a word of the reviews
MIN_REVIEWS = 5  # a word of fewer, or of fewer different texts, sets nothing apart
Z = 1.96

_NOISE = r"\S+@\S+|(?:https?://|www\.)\S+|&#?\w+;"  # addresses, and what is left of HTML
_WORD = r"\b\p{L}+(?:['_-]\p{L}+)*\b"
_LETTERS = 3  # a shorter word means nothing


@dataclass(frozen=True, slots=True)
class Telling:
    """The most mentioned words, those that set low ratings apart, and those that set high ones apart."""

    most: list[str] = field(default_factory=list)
    low: list[str] = field(default_factory=list)
    high: list[str] = field(default_factory=list)


def term_counts(comments: pl.DataFrame) -> pl.DataFrame:
    """How many different reviews hold each word: term, reviews, texts, low, high; most mentioned first.

    Takes comment (text), and low and high (whether the rating was); `texts` are those of different words. The forms of a word are one term: a Russian one
    is shown by its dictionary form, others by the form most reviews use.
    """
    mentions = _mentions(comments)
    forms = mentions.join(_stems(mentions["word"].unique()), on="word")
    counted = (
        forms.unique(["review", "stem"])
        .group_by("stem")
        .agg(
            pl.len().cast(pl.Int64).alias("reviews"),
            pl.col("text").n_unique().alias("texts"),
            pl.col("low", "high").sum().cast(pl.Int64),
        )
    )
    named = counted.join(_names(forms), on="stem").select("term", "reviews", "texts", "low", "high")
    return named.sort("reviews", "term", descending=[True, False])


def telling(counts: pl.DataFrame, n_low: int, n_high: int, top: int = 10) -> Telling:
    """The words most mentioned and those that separate low from high ratings, strongest first, then by the alphabet.

    `counts` as `term_counts` gives them; `n_low` and `n_high` are how many reviews were rated so.
    """
    mentioned = counts.filter(pl.col("reviews") >= MIN_MENTIONS).sort(
        "reviews", "term", descending=[True, False]
    )
    enough = pl.min_horizontal(pl.col("low") + pl.col("high"), "texts") >= MIN_REVIEWS
    apart = counts.filter(enough).with_columns(z=_apart(n_low, n_high))
    return Telling(
        mentioned["term"].head(top).to_list(),
        _strongest(apart, pl.col("z"), top),
        _strongest(apart, -pl.col("z"), top),
    )


def new_terms(counts: pl.DataFrame, top: int = 10) -> list[str]:
    """The words of enough low reviews that no high one holds, most mentioned first; `counts` as of `term_counts`."""
    new = counts.filter((pl.col("high") == 0) & (pl.col("texts") >= MIN_REVIEWS))
    return new["term"].head(top).to_list()


def _mentions(comments: pl.DataFrame) -> pl.DataFrame:
    """Each word of each review once: review (its row), the number of its text, low, high, word."""
    text = pl.col("comment").str.normalize("NFC").str.to_lowercase().str.replace_all("’", "'", literal=True)
    text = text.str.replace_all(_NOISE, " ")
    for said, forms in _lists().negations.items():
        text = text.str.replace_all(rf"\b(?:{forms})\s+(\p{{L}}{{{_LETTERS},}})", f"{said}_${{1}}")
    words = text.str.extract_all(_WORD).list.unique().list.sort()
    sides = pl.col("low", "high").fill_null(value=False)
    rows = comments.select(sides, text=words.list.join(" ").rank("dense"), word=words).with_row_index(
        "review"
    )
    return rows.explode("word").filter(
        pl.col("word").str.replace_all(r"\P{L}", "").str.len_chars() >= _LETTERS
    )


def _stems(words: pl.Series) -> pl.DataFrame:
    """The stem of each word that is not a stop word."""
    stems = [_stem(word) for word in words]
    return pl.DataFrame({"word": words, "stem": pl.Series(stems, dtype=pl.String)}).drop_nulls()


def _names(forms: pl.DataFrame) -> pl.DataFrame:
    """What each stem is shown as."""
    used = forms.group_by("stem", "word").len().sort("len", "word", descending=[True, False])
    name = pl.when(pl.col("stem").str.contains(r"\p{Cyrillic}")).then("stem").otherwise("word")
    return used.unique("stem", keep="first", maintain_order=True).select("stem", term=name)


@cache
def _stem(word: str) -> str | None:
    """What the forms of a word share; None for a stop word."""
    lists = _lists()
    negation, joined, rest = word.partition("_")
    if joined:
        stem = _stem(rest)
        return stem and f"{negation}_{stem}"
    stem = _russian()(word) if "а" <= word[0] <= "ё" else _english()(word)
    stem = lists.shown.get(stem, stem)
    forms = {word, stem}
    return None if forms & lists.stop and not forms & lists.keep else stem


@dataclass(frozen=True, slots=True)
class _Lists:
    stop: frozenset[str]
    keep: frozenset[str]
    shown: dict[str, str]
    negations: dict[str, str]  # how a negation is shown, and the pattern of all that say the same


@cache
def _lists() -> _Lists:
    from stopwordsiso import stopwords

    ours = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    patterns = {said: "|".join(map(re.escape, forms)) for said, forms in ours["negations"].items()}
    return _Lists(frozenset(stopwords(["ru", "en"])), frozenset(ours["keep"]), ours["shown"], patterns)


@cache
def _russian() -> Callable[[str], str]:
    from pymorphy3 import MorphAnalyzer  # type: ignore[import-untyped]

    analyzer: Any = MorphAnalyzer(lang="ru")
    return lambda word: str(analyzer.normal_forms(word)[0])


@cache
def _english() -> Callable[[str], str]:
    from snowballstemmer import stemmer  # type: ignore[import-untyped]

    stem: Callable[[str], str] = stemmer("english").stemWord
    return stem


def _apart(n_low: int, n_high: int) -> pl.Expr:
    """How many standard errors a word's log-odds in low reviews lie above those in high ones.

    The prior is what both sides hold together, so that a rare word has to earn its place (Monroe, Colaresi and Quinn, 2008).
    """
    prior, everyone = pl.col("low") + pl.col("high"), n_low + n_high
    low, high = pl.col("low") + prior, pl.col("high") + prior
    odds = (low / (n_low + everyone - low)).log() - (high / (n_high + everyone - high)).log()
    return odds / (1 / low + 1 / high).sqrt()


def _strongest(scored: pl.DataFrame, score: pl.Expr, top: int) -> list[str]:
    telling = scored.select("term", score=score).filter(pl.col("score").is_finite() & (pl.col("score") >= Z))
    return telling.sort("score", "term", descending=[True, False])["term"].head(top).to_list()

"""Words in comments, Russian, English and some other languages: how many comments hold each, and which set low ratings apart from high ones.

A negation and its word are one: "не работает" is `не_работать`, "isn't working" is `not_working`.
"""

from dataclasses import field

import polars as pl

from cx_kpi.engine.aggregation.apart.words.languages import lists, stem, with_language
from cx_kpi.model.frozen import dataclass

MIN_MENTIONS = 2  # a word of one review is not a word of the reviews
MIN_REVIEWS = 5  # a word of fewer, or of fewer different texts, sets nothing apart
Z = 1.96
TO_READ = 3  # reviews that are named for a word

_NOISE = r"\S+@\S+|(?:https?://|www\.)\S+|&#?\w+;"  # addresses, and what is left of HTML
_ELIDED = r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)'"  # before a word, in French: j'ai, qu'il
_WORD = r"\b\p{L}+(?:['_-]\p{L}+)*\b"
_LETTERS = 3  # a shorter word means nothing


@dataclass(frozen=True, slots=True)
class Telling:
    """The most mentioned words, those that set low ratings apart, and those that set high ones apart."""

    most: list[str] = field(default_factory=list)
    low: list[str] = field(default_factory=list)
    high: list[str] = field(default_factory=list)


def term_counts(comments: pl.DataFrame) -> pl.DataFrame:
    """How many different reviews hold each word: term, reviews, texts, low, high, first; most mentioned first.

    Takes comment (text), and low and high (whether the rating was); `texts` are those of different words,
    `first` the places of the first of the reviews. The forms of a word are one term: a Russian one
    is shown by its dictionary form, others by the form most reviews use.
    """
    mentions = with_language(_mentions(comments))
    forms = mentions.join(_stems(mentions.select("word", "language").unique()), on=["word", "language"])
    counted = (
        forms.unique(["review", "stem"])
        .group_by("stem")
        .agg(
            pl.len().cast(pl.Int64).alias("reviews"),
            pl.col("text").n_unique().alias("texts"),
            pl.col("low", "high").sum().cast(pl.Int64),
            pl.col("review").sort().head(TO_READ).alias("first"),
        )
    )
    named = counted.join(_names(forms), on="stem").select("term", "reviews", "texts", "low", "high", "first")
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
    text = text.str.replace_all(_NOISE, " ").str.replace_all(_ELIDED, "")
    for said, forms in lists().negations.items():
        text = text.str.replace_all(rf"\b(?:{forms})\s+(\p{{L}}{{{_LETTERS},}})", f"{said}_${{1}}")
    words = text.str.extract_all(_WORD).list.unique().list.sort()
    sides = pl.col("low", "high").fill_null(value=False)
    rows = comments.select(sides, text=words.list.join(" ").rank("dense"), word=words).with_row_index(
        "review"
    )
    return rows.explode("word").filter(
        pl.col("word").str.replace_all(r"\P{L}", "").str.len_chars() >= _LETTERS
    )


def _stems(words: pl.DataFrame) -> pl.DataFrame:
    """The stem of each word (word, language) that is not a stop word."""
    stems = [stem(word, language) for word, language in words.iter_rows()]
    return words.with_columns(stem=pl.Series(stems, dtype=pl.String)).drop_nulls()


def _names(forms: pl.DataFrame) -> pl.DataFrame:
    """What each stem is shown as."""
    used = forms.group_by("stem", "word").len().sort("len", "word", descending=[True, False])
    name = pl.when(pl.col("stem").str.contains(r"\p{Cyrillic}")).then("stem").otherwise("word")
    return used.unique("stem", keep="first", maintain_order=True).select("stem", term=name)


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

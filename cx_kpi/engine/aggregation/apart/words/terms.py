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
GROUP = "group"  # the column of reviews that are counted together

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
    """How many different reviews of each group hold each word: group, term, reviews, texts, low, high, first.

    Takes comment (text), low and high (whether the rating was), and group, or all are one. `texts` are those of
    different words, `first` the places of the first of the reviews; most mentioned terms are first. The forms of a
    word are one term: a Russian one is shown by its dictionary form, others by the form most reviews use.
    """
    if GROUP not in comments.columns:
        return term_counts(comments.with_columns(group=pl.lit(0))).drop(GROUP)
    mentions = with_language(_mentions(comments))
    forms = mentions.join(_stems(mentions.select("word", "language").unique()), on=["word", "language"])
    counted = (
        forms.unique(["review", "stem"])
        .group_by(GROUP, "stem")
        .agg(
            pl.len().cast(pl.Int64).alias("reviews"),
            pl.col("text").n_unique().alias("texts"),
            pl.col("low", "high").sum().cast(pl.Int64),
            pl.col("review").sort().head(TO_READ).alias("first"),
        )
    )
    named = counted.join(_names(forms), on=[GROUP, "stem"])
    return named.select(GROUP, "term", "reviews", "texts", "low", "high", "first").sort(
        "reviews", "term", descending=[True, False]
    )


def telling(counts: pl.DataFrame, n_low: int, n_high: int, top: int = 10) -> Telling:
    """The words most mentioned and those that separate low from high ratings, strongest first, then by the alphabet.

    `counts` as `term_counts` gives them; `n_low` and `n_high` are how many reviews were rated so.
    """
    one = counts.with_columns(group=pl.lit(0), n_low=pl.lit(n_low), n_high=pl.lit(n_high))
    return tellings(one, top).get(0, Telling())


def tellings(counts: pl.DataFrame, top: int) -> dict[int, Telling]:
    """The same of each group that has words, with n_low and n_high as columns."""
    mentioned = counts.filter(pl.col("reviews") >= MIN_MENTIONS)
    enough = pl.min_horizontal(pl.col("low") + pl.col("high"), "texts") >= MIN_REVIEWS
    apart = counts.filter(enough).with_columns(z=_apart())
    sides = [
        _foremost(mentioned, pl.col("reviews"), top),
        *(_foremost(apart.filter(score >= Z), score, top) for score in (pl.col("z"), -pl.col("z"))),
    ]
    return {
        group: Telling(*(side.get(group, []) for side in sides)) for group in counts[GROUP].unique().to_list()
    }


def new_terms(counts: pl.DataFrame, top: int = 10) -> list[str]:
    """The words of enough low reviews that no high one holds, most mentioned first; `counts` as of `term_counts`."""
    new = counts.filter((pl.col("high") == 0) & (pl.col("texts") >= MIN_REVIEWS))
    return new["term"].head(top).to_list()


def _mentions(comments: pl.DataFrame) -> pl.DataFrame:
    """Each word of each review once: review (its row), group, low, high, the number of its text, word."""
    text = pl.col("comment").str.normalize("NFC").str.to_lowercase().str.replace_all("’", "'", literal=True)
    text = text.str.replace_all(_NOISE, " ").str.replace_all(_ELIDED, "")
    for said, forms in lists().negations.items():
        text = text.str.replace_all(rf"\b(?:{forms})\s+(\p{{L}}{{{_LETTERS},}})", f"{said}_${{1}}")
    words = text.str.extract_all(_WORD).list.unique().list.sort()
    sides = pl.col("low", "high").fill_null(value=False)
    rows = comments.select(GROUP, sides, text=words.list.join(" ").rank("dense"), word=words).with_row_index(
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
    used = forms.group_by(GROUP, "stem", "word").len().sort("len", "word", descending=[True, False])
    name = pl.when(pl.col("stem").str.contains(r"\p{Cyrillic}")).then("stem").otherwise("word")
    return used.unique([GROUP, "stem"], keep="first", maintain_order=True).select(GROUP, "stem", term=name)


def _apart() -> pl.Expr:
    """How many standard errors a word's log-odds in low reviews lie above those in high ones.

    The prior is what both sides hold together, so that a rare word has to earn its place (Monroe, Colaresi and Quinn, 2008).
    """
    n_low, n_high = pl.col("n_low"), pl.col("n_high")
    prior, everyone = pl.col("low") + pl.col("high"), n_low + n_high
    low, high = pl.col("low") + prior, pl.col("high") + prior
    odds = (low / (n_low + everyone - low)).log() - (high / (n_high + everyone - high)).log()
    score = odds / (1 / low + 1 / high).sqrt()
    return pl.when(score.is_finite()).then(score)


def _foremost(terms: pl.DataFrame, score: pl.Expr, top: int) -> dict[int, list[str]]:
    """The terms of each group with the highest scores, then by the alphabet."""
    ranked = terms.sort(score, "term", descending=[True, False])
    return dict(ranked.group_by(GROUP, maintain_order=True).agg(pl.col("term").head(top)).iter_rows())

"""Languages of comments: which one each is in, its stop words, and what the forms of a word share."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from re import escape
from typing import Any
from unicodedata import combining, normalize

import polars as pl

from cx_kpi.model.assets import toml
from cx_kpi.model.frozen import dataclass

LATIN = {"en": "english", "fr": "french", "de": "german", "es": "spanish", "pt": "portuguese"}


@dataclass(frozen=True, slots=True)
class Lists:
    """Words that carry the message though lists call them stop words, names, and what turns a word round."""

    keep: frozenset[str]
    shown: dict[str, str]
    negations: dict[str, str]  # how a negation is shown, and the pattern of all that say the same


@cache
def lists() -> Lists:
    """Our own lists."""
    ours = toml(Path(__file__).with_name("terms.toml"))
    patterns = {said: "|".join(map(escape, forms)) for said, forms in ours["negations"].items()}
    return Lists(frozenset(ours["keep"]), ours["shown"], patterns)


def with_language(mentions: pl.DataFrame) -> pl.DataFrame:
    """The words of reviews (review, group, word), each with the `language` of its review: that of most of its stop words.

    A review without any is in the language of most others of its group. Cyrillic words are Russian.
    """
    rows = [
        (word, language)
        for word in mentions["word"].unique()
        for language in LATIN
        if word in stop_words(language)
    ]
    known = pl.DataFrame(rows, {"word": pl.String, "language": pl.String}, orient="row")
    order = pl.col("language").replace_strict({name: i for i, name in enumerate(LATIN)}, return_dtype=pl.Int8)
    found = (
        mentions.select("review", "group", "word")
        .join(known, on="word")
        .group_by("review", "group", "language")
        .len()
        .sort(pl.col("len"), -order, descending=True)
        .unique("review", keep="first", maintain_order=True)
        .select("review", "group", "language")
    )
    counts = found.group_by("group", "language").len().sort("len", "language", descending=True)
    usual = counts.unique("group", keep="first", maintain_order=True).select("group", usual="language")
    cyrillic = pl.col("word").str.contains(r"^\p{Cyrillic}")
    latin = pl.coalesce("language", "usual", pl.lit("en"))
    return (
        mentions.join(found.drop("group"), on="review", how="left")
        .join(usual, on="group", how="left")
        .with_columns(language=pl.when(cyrillic).then(pl.lit("ru")).otherwise(latin))
        .drop("usual")
    )


@cache
def stem(word: str, language: str) -> str | None:
    """What the forms of a word share; None for a stop word."""
    negation, joined, rest = word.partition("_")
    if joined:
        found = stem(rest, language)
        return found and f"{negation}_{found}"
    found = _stemmer(language)(word)
    found = lists().shown.get(found, found)
    forms = {word, found}
    return None if forms & stop_words(language) and not forms & lists().keep else found


@cache
def stop_words(language: str) -> frozenset[str]:
    """The stop words of a language, also as they are typed without accents."""
    from stopwordsiso import stopwords

    # English words stand in Russian comments, too
    words = stopwords(["ru", "en"] if language == "ru" else language)
    return frozenset({*words, *map(_bare, words)} if language not in ("ru", "en") else words)


def _bare(word: str) -> str:
    return "".join(each for each in normalize("NFD", word) if not combining(each))


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    if language == "ru":
        from pymorphy3 import MorphAnalyzer  # type: ignore[import-untyped]

        analyzer: Any = MorphAnalyzer(lang="ru")
        return lambda word: str(analyzer.normal_forms(word)[0])
    from snowballstemmer import stemmer  # type: ignore[import-untyped]

    found: Callable[[str], str] = stemmer(LATIN[language]).stemWord
    return found

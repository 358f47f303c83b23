"""Words of reviews: in how many reviews each is, and which set low ratings apart."""

from dataclasses import field
from typing import Any

import polars as pl

from cx_kpi.model.frozen import dataclass

MOST = 10


@dataclass(frozen=True, slots=True)
class WordCounts:
    """The most mentioned words, the words of low and of high ratings, and how many reviews there are."""

    n: int = 0
    n_low: int = 0
    n_high: int = 0
    most: list[str] = field(default_factory=list)
    low: list[str] = field(default_factory=list)
    high: list[str] = field(default_factory=list)
    table: list[dict[str, Any]] = field(default_factory=list)


NOTHING_TOLD = WordCounts()


def word_counts(rows: pl.DataFrame) -> WordCounts:
    """The words of the reviews in `comment`, with `low` and `high` telling bad ratings from good ones.

    With `at` and `id`, each word has the ids of a few reviews to read: low ones first, of these the latest.
    """
    from cx_kpi.engine.aggregation.apart.words.terms import telling, term_counts

    if "id" in rows.columns:
        low = pl.col("low").fill_null(value=False)
        rows = rows.sort(low, "at", "id", descending=[True, True, False], nulls_last=True)
    counts = term_counts(rows)
    n_low, n_high = (int(rows[side].sum()) for side in ("low", "high"))
    found = telling(counts, n_low, n_high, MOST)
    table = [
        {"name": term, "n": reviews, "share": reviews / rows.height, "low": low, "high": high}
        | _read(rows, first)
        for term, reviews, low, high, first in counts.filter(pl.col("term").is_in([*found.most, *found.low]))
        .drop("texts")
        .iter_rows()
    ]
    return WordCounts(rows.height, n_low, n_high, found.most, found.low, found.high, table)


def _read(rows: pl.DataFrame, first: list[int]) -> dict[str, list[str]]:
    """The ids of the first reviews that hold a word, where they have any."""
    if "id" not in rows.columns or rows["id"].null_count() == rows.height:
        return {}
    ids = [rows["id"][place] for place in first]
    return {"read": [each for each in ids if each is not None]}

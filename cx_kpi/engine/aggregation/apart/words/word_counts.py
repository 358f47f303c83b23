"""Words of reviews: in how many reviews each is, and which set low ratings apart."""

from collections.abc import Callable
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
    return word_counts_of(rows.with_columns(group=pl.lit(0)), 1)[0]


def word_counts_of(rows: pl.DataFrame, size: int) -> list[WordCounts]:
    """The words of each `group` of reviews, by its number; of all at once, for most have few reviews."""
    from cx_kpi.engine.aggregation.apart.words.terms import GROUP, Telling, tellings, term_counts

    if "id" in rows.columns:
        low = pl.col("low").fill_null(value=False)
        rows = rows.sort(low, "at", "id", descending=[True, True, False], nulls_last=True)
    sums = rows.group_by(GROUP).agg(pl.len(), n_low=pl.col("low").sum(), n_high=pl.col("high").sum())
    counts = term_counts(rows).join(sums, on=GROUP, maintain_order="left")
    told, read = tellings(counts, MOST), _reading(rows)
    tables: dict[int, list[dict[str, Any]]] = {}
    for group, term, reviews, _, low, high, first, n, *_ in counts.iter_rows():
        if term in told[group].most or term in told[group].low:
            word = {"name": term, "n": reviews, "share": reviews / n, "low": low, "high": high}
            tables.setdefault(group, []).append(word | read(group, first))
    found = {}
    for group, n, n_low, n_high in sums.iter_rows():
        words = told.get(group, Telling())
        table = tables.get(group, [])
        found[group] = WordCounts(n, n_low, n_high, words.most, words.low, words.high, table)
    return [found.get(number, NOTHING_TOLD) for number in range(size)]


def _reading(rows: pl.DataFrame) -> Callable[[int, list[int]], dict[str, list[str]]]:
    """The ids of the reviews at some places, where any review of their group has one."""
    if "id" not in rows.columns:
        return lambda _, __: {}
    ids = rows["id"].to_list()
    named = {*rows.filter(pl.col("id").is_not_null())["group"].unique()}
    return lambda group, places: (
        {"read": [ids[place] for place in places if ids[place] is not None]} if group in named else {}
    )

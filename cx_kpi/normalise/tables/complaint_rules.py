"""Which tickets are complaints, where no column marks them."""

import re
from collections.abc import Sequence

import polars as pl

from cx_kpi.model.options import ComplaintRule
from cx_kpi.normalise.values.coerce import Oddity

FIELDS = ("type", "category", "tags")
_NONE = (  # right before the word, that there is none
    *("non ", "non-", "not a ", "no ", "without ", "zero "),
    *("не ", "нет ", "без ", "keine ", "ohne ", "nicht "),
    *("sin ", "ninguna ", "sem ", "nenhuma ", "não é ", "não ", "sans ", "aucune ", "pas de ", "pas une "),
)
_WORDS = re.compile(
    "".join(rf"(?<!\b{each})" for each in _NONE)
    + r"(?:\bcomplaints?\b|\bжалоб|\bпретензи|\bрекламаци|\bbeschwerde|\breklamation"
    r"|\bqueja|\breclamaci[oó]n|\breclamaç|\bréclamation|\bplainte)"
    r"(?!\w*[- ]?(?:free|less|frei(?:e[mnrs]?)?)\b)",
    re.IGNORECASE,
)


def flagged(frame: pl.DataFrame, rule: ComplaintRule) -> tuple[pl.DataFrame, list[Oddity]]:
    """Tickets with `is_complaint`, by column, else rule, else the word; without it where it is not known."""
    if "is_complaint" in frame.columns:
        return frame, []
    ruled = by_rule(frame, rule)
    if ruled is not None:
        return frame.with_columns(ruled.alias("is_complaint")), []
    rows, met = by_words(frame)
    if not met:
        return frame, []
    return frame.with_columns(rows.alias("is_complaint")), [
        Oddity("complaint_words", ", ".join(met), 0, None)
    ]


def by_rule(frame: pl.DataFrame, rule: ComplaintRule) -> pl.Series | None:
    """Complaints by the configured rule: one of its words in the field it names; None where there is no rule."""
    if rule.all:
        return pl.ones(frame.height, dtype=pl.Int8, eager=True).cast(pl.Boolean)
    said = {"type": rule.type, "category": rule.category, "tags": rule.tags}
    if not any(said.values()):
        return None
    hits = [
        _holding(frame[name], _any_of(words))
        for name, words in said.items()
        if words and name in frame.columns
    ]
    return _any(frame, hits)


def by_words(frame: pl.DataFrame) -> tuple[pl.Series, list[str]]:
    """Complaints by the word itself in type, category or tags, and the fields where it was met."""
    hits = {name: _holding(frame[name], _WORDS) for name in FIELDS if name in frame.columns}
    return _any(frame, list(hits.values())), [name for name, rows in hits.items() if rows.any()]


def words_met(frame: pl.DataFrame) -> dict[str, list[str]]:
    """The words for complaints met in each field."""
    found = {
        name: [
            word for word in frame[name].unique().drop_nulls().cast(pl.String).sort() if _WORDS.search(word)
        ]
        for name in FIELDS
        if name in frame.columns
    }
    return {name: words for name, words in found.items() if words}


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words), re.IGNORECASE)


def _holding(column: pl.Series, pattern: re.Pattern[str]) -> pl.Series:
    """The rows whose word matches; each distinct word is looked at once."""
    words = [word for word in column.unique().drop_nulls().cast(pl.String) if pattern.search(word)]
    return column.is_in(words).fill_null(value=False)


def _any(frame: pl.DataFrame, hits: Sequence[pl.Series]) -> pl.Series:
    none = pl.zeros(frame.height, dtype=pl.Int8, eager=True).cast(pl.Boolean)
    return (
        pl.DataFrame([none.alias("none"), *(each.alias(str(k)) for k, each in enumerate(hits))])
        .select(pl.any_horizontal(pl.all()))
        .to_series()
    )

"""Dates that name no day, such as `2025-03`, `March 2025`, a week or a quarter: no moment is known by them."""

import re
from collections.abc import Mapping

import polars as pl

from cx_kpi.normalise.values.date_words import cleaned
from cx_kpi.normalise.vocabulary.dictionaries import filled, months, said
from cx_kpi.normalise.vocabulary.rules import Rule
from cx_kpi.read.raw.source import TextFrame

_YEAR = r"(?:19|20)\d\d"
_NUMBERED = re.compile(
    rf"{_YEAR}(?:[-/. ](?:0?[1-9]|1[0-2]))?|(?:0?[1-9]|1[0-2])[-/. ]{_YEAR}|{_YEAR}[- ]?(?:W\d\d?|Q[1-4])|(?:W\d\d?|Q[1-4])[-/ ]?{_YEAR}",
    re.IGNORECASE,
)
_NAMED = re.compile(rf"([^\W\d_]+)\.?[-/ ]?(?:{_YEAR})?")


def names_no_day(cell: str) -> bool:
    """Whether a cell names a year, a quarter, a month or a week, and no day of it."""
    text = cleaned(cell)
    month = _NAMED.fullmatch(text)
    return bool(_NUMBERED.fullmatch(text)) or (month is not None and month[1] in months().values())


def without_dayless(
    frame: TextFrame, table: str, fields: Mapping[str, Rule], configured: Mapping[str, object]
) -> dict[str, Rule]:
    """The fields without the date of answers that name no day: their figures are of all of them together."""
    rule = fields.get("responded_at")
    kept = dict(fields)
    if (
        table == "surveys"
        and rule
        and "responded_at" not in configured
        and _are_dayless(frame.sample[rule.header])
    ):
        del kept["responded_at"]
    return kept


def _are_dayless(cells: pl.Series) -> bool:
    there = said(filled(cells)).unique() if cells.dtype == pl.String else pl.Series([], dtype=pl.String)
    return len(there) > 0 and all(map(names_no_day, there))

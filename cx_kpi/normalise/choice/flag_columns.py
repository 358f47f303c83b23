"""Columns of yes and no whose header may be that of a date or of a length of time: they say whether, not when."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from cx_kpi.model.schema import TABLES, Kind
from cx_kpi.normalise.mapping.matching import Match
from cx_kpi.normalise.values.quantities import parse_numbers
from cx_kpi.normalise.values.readers.read_words import flags
from cx_kpi.normalise.vocabulary.dictionaries import dictionary, plain
from cx_kpi.normalise.vocabulary.rules import Rule
from cx_kpi.read.raw.source import TextFrame

_FEW = 8  # cells


def without_flags(frame: TextFrame, found: Match) -> Match:
    """The reading without dates and lengths that are flags; what a flag says of calls tells what became of them."""
    told = set() if found.configured else set(_flagged(frame, found))
    fields = {name: rule for name, rule in found.fields.items() if name not in told}
    if found.table == "calls":
        fields |= _ends_of_calls(frame, found.fields, told)
    return replace(found, fields=fields) if fields != found.fields else found


def _ends_of_calls(frame: TextFrame, fields: Mapping[str, Rule], told: set[str]) -> dict[str, Rule]:
    """What became of calls, by a flag that says whether they were answered or lost."""
    ended = fields.get("disposition")
    if ended is None:
        return {"disposition": _answered(frame, fields["answered_at"])} if "answered_at" in told else {}
    is_lost = plain(ended.header) in dictionary("tables")["lost"]["calls"] and not ended.values
    return {"disposition": _answered(frame, ended, yes=False)} if is_lost and _is_flag(frame, ended) else {}


def _flagged(frame: TextFrame, found: Match) -> Iterator[str]:
    """The fields of dates and lengths that hold flags."""
    kinds = TABLES[found.table].fields
    for name, rule in found.fields.items():
        if kinds.get(name) in (Kind.TIME, Kind.SECONDS) and _is_flag(frame, rule):
            yield name


def _cells(frame: TextFrame, rule: Rule) -> pl.Series:
    """The different filled cells."""
    return frame.sample[rule.header].drop_nulls().unique().sort().cast(pl.String)


def _is_flag(frame: TextFrame, rule: Rule) -> bool:
    if rule.made or rule.present or frame.sample[rule.header].dtype != pl.String:
        return False
    cells = _cells(frame, rule)
    few = cells.head(_FEW)  # of a column of moments enough to tell
    if few.is_empty() or flags(few, rule).has_nulls() or flags(cells, rule).has_nulls():
        return False
    return parse_numbers(cells).is_null().all()


def _answered(frame: TextFrame, rule: Rule, *, yes: bool = True) -> Rule:
    """Calls with a yes (or with a no) were answered, the others were not."""
    cells = _cells(frame, rule)
    said = zip(cells, flags(cells, rule), strict=True)
    return Rule(rule.header, values={cell: "answered" if told is yes else "abandoned" for cell, told in said})

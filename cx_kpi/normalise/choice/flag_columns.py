"""Columns of yes and no whose header may be that of a date or of a length of time: they say whether, not when."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from cx_kpi.model.schema import TABLES, Kind
from cx_kpi.normalise.mapping.fit_cells import readable
from cx_kpi.normalise.mapping.fitting import MOST
from cx_kpi.normalise.mapping.matching import Match
from cx_kpi.normalise.values.quantities import parse_numbers
from cx_kpi.normalise.values.readers.read_words import flags
from cx_kpi.normalise.vocabulary.dictionaries import dictionary, plain
from cx_kpi.normalise.vocabulary.rules import Rule
from cx_kpi.read.raw.source import TextFrame

_FEW = 8  # cells
_DIGITS = {"0", "1"}


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
    lost = None if ended.values else _lost(frame, ended)
    return {"disposition": _answered(frame, lost, yes=False)} if lost else {}


def _lost(frame: TextFrame, ended: Rule) -> Rule | None:
    """The flag that says which calls were lost: that column itself, or one beside words some of which are no ends of calls."""
    words = dictionary("tables")["lost"]["calls"]
    is_other = plain(ended.header) not in words
    known = readable(frame.sample[ended.header].cast(pl.String), Kind.CATEGORY, "disposition")
    if is_other and (known is None or known >= MOST):
        return None
    headers = [each for each in frame.headers if plain(each) in words] if is_other else [ended.header]
    rules = map(Rule, headers)
    return next((each for each in rules if _is_flag(frame, each, or_digits=True)), None)


def _flagged(frame: TextFrame, found: Match) -> Iterator[str]:
    """The fields of dates and lengths that hold flags."""
    kinds = TABLES[found.table].fields
    for name, rule in found.fields.items():
        if kinds.get(name) in (Kind.TIME, Kind.SECONDS) and _is_flag(frame, rule):
            yield name


def _cells(frame: TextFrame, rule: Rule) -> pl.Series:
    """The different filled cells."""
    return frame.sample[rule.header].drop_nulls().unique().sort().cast(pl.String)


def _is_flag(frame: TextFrame, rule: Rule, *, or_digits: bool = False) -> bool:
    if rule.made or rule.present or not _may_be_flag(frame.sample[rule.header].dtype, or_digits=or_digits):
        return False
    cells = _cells(frame, rule)
    few = cells.head(_FEW)  # of a column of moments enough to tell
    if few.is_empty() or flags(few, rule).has_nulls() or flags(cells, rule).has_nulls():
        return False
    return bool(parse_numbers(cells).is_null().all()) or (or_digits and set(cells) <= _DIGITS)


def _may_be_flag(dtype: pl.DataType, *, or_digits: bool) -> bool:
    return dtype == pl.String or (or_digits and (dtype == pl.Boolean or dtype.is_integer()))


def _answered(frame: TextFrame, rule: Rule, *, yes: bool = True) -> Rule:
    """Calls with a yes (or with a no) were answered, the others were not."""
    cells = _cells(frame, rule)
    said = zip(cells, flags(cells, rule), strict=True)
    return Rule(rule.header, values={cell: "answered" if told is yes else "abandoned" for cell, told in said})

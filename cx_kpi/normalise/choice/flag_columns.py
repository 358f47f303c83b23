"""Columns whose header may be that of a date or a length of time: those of yes and no say whether, months no day."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from cx_kpi.model.schema import TABLES, Kind
from cx_kpi.normalise.mapping.cells.fit_cells import readable
from cx_kpi.normalise.mapping.cells.fitting import MOST
from cx_kpi.normalise.mapping.matching import Match
from cx_kpi.normalise.values.date_words import names_no_day
from cx_kpi.normalise.values.quantities import parse_numbers
from cx_kpi.normalise.values.readers.read_words import flags
from cx_kpi.normalise.values.readers.reader import NO
from cx_kpi.normalise.vocabulary.dictionaries import dictionary, filled, meanings, plain, said
from cx_kpi.normalise.vocabulary.rules import Rule, Values
from cx_kpi.read.raw.source import TextFrame

_FEW = 8  # cells
_DIGITS = {"0", "1"}
_OFTEN_BLANK = {"escalation_level", "escalated_to_management", "reopen_count", "is_lost"}
_ENDS = {"status", "disposition"}  # which a column of yes and no may tell


def without_flags(frame: TextFrame, found: Match) -> Match:
    """The reading without dates and lengths that are flags; what a flag says of calls tells what became of them."""
    told = set() if found.configured else set(_flagged(frame, found))
    fields = {name: rule for name, rule in found.fields.items() if name not in told}
    if found.table == "calls":
        fields |= _ends_of_calls(frame, found.fields, told)
    return replace(found, fields=fields) if fields != found.fields else found


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


def with_blanks(frame: TextFrame, fields: Mapping[str, Rule]) -> dict[str, Rule]:
    """The rules that change: of columns in which a cell says yes, or how often, or nothing, an empty one says no."""
    return {
        name: replace(rule, blank=True)
        for name, rule in fields.items()
        if (name in _OFTEN_BLANK and not rule.values) or (name in _ENDS and _are_flags(rule.values))
        if not (rule.made or rule.present) and _says_yes_alone(frame.sample[rule.header])
    }


def _are_flags(values: Values) -> bool:
    return bool(values) and {plain(word) for word in values} <= {word for word in meanings("flag") if word}


def _says_yes_alone(cells: pl.Series) -> bool:
    """Whether some cells are empty, and all others are a yes or a number from 1 on."""
    filled = cells.cast(pl.String, strict=False)
    filled = said(filled.drop_nulls(), dates=False)
    if filled.is_empty() or len(filled) == len(cells):
        return False
    words = filled.unique(maintain_order=True)
    is_yes = flags(words, Rule("")) | (parse_numbers(words) >= 1)
    return bool(is_yes.fill_null(value=False).all())


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
    if not _begins_as_flag(frame.sample[rule.header].head(1), rule):
        return False
    cells = _cells(frame, rule)
    few = cells.head(_FEW)
    if few.is_empty() or flags(few, rule).has_nulls() or flags(cells, rule).has_nulls():
        return False
    return bool(parse_numbers(cells).is_null().all()) or (or_digits and set(cells) <= _DIGITS)


def _begins_as_flag(first: pl.Series, rule: Rule) -> bool:
    """Whether the first cell may be one of a flag: of a column of moments it is nearly always enough to tell."""
    return first.null_count() > 0 or not flags(first.cast(pl.String), rule).has_nulls()


def _may_be_flag(dtype: pl.DataType, *, or_digits: bool) -> bool:
    return dtype == pl.String or (or_digits and (dtype == pl.Boolean or dtype.is_integer()))


def _answered(frame: TextFrame, rule: Rule, *, yes: bool = True) -> Rule:
    """Calls with a yes (or with a no) were answered, the others were not."""
    cells = _cells(frame, rule)
    answers = zip([*cells, NO], [*flags(cells, rule), False], strict=True)
    return Rule(
        rule.header, values={cell: "answered" if told is yes else "abandoned" for cell, told in answers}
    )

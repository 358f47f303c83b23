"""Several columns of one name that are one field: words joined, filled cells counted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count, takewhile

import polars as pl

from cx_kpi.normalise.vocabulary.dictionaries import null_words
from cx_kpi.normalise.vocabulary.rules import Rule
from cx_kpi.read.raw.source import TextFrame

_JOINED = ("tags", "comment")
_COUNTED = ("reopen_count", "reply_count")


def gathered(source: TextFrame, fields: Mapping[str, Rule]) -> tuple[TextFrame, dict[str, Rule]]:
    """The file with the columns that its rules take from several of the same name, and the rules for them."""
    rules = dict(fields)
    columns: dict[str, pl.Expr] = {}
    for name, rule in fields.items():
        same = repeats(source.headers, rule.header)
        if len(same) > 1 and name in _JOINED:
            columns[rule.header] = _joined(same)
        if len(same) > 1 and name in _COUNTED and rule.present:
            columns[rule.header] = _counted(same)
            rules[name] = replace(rule, present=False)
    if not columns:
        return source, rules
    sample = source.sample.with_columns(**columns)
    frame = source.frame.with_columns(**columns)
    return replace(source, frame=frame, sample=sample, above=None), rules  # line ends may be there twice now


def repeats(headers: Sequence[str], header: str) -> list[str]:
    """The header and those that the file calls the same: `Labels`, `Labels (2)`, `Labels (3)`."""
    there = frozenset(headers)
    return [header, *takewhile(there.__contains__, (f"{header} ({number})" for number in count(2)))]


def takes_several(field: str) -> bool:
    """Whether a field may take several columns of one name."""
    return field in (*_JOINED, *_COUNTED)


def _filled(headers: Sequence[str]) -> Iterator[pl.Expr]:
    for header in headers:
        text = pl.col(header).cast(pl.String).str.strip_chars()
        yield pl.when(~text.str.to_lowercase().is_in(sorted(null_words()))).then(text)


def _joined(headers: Sequence[str]) -> pl.Expr:
    text = pl.concat_str(list(_filled(headers)), separator=", ", ignore_nulls=True)
    return pl.when(text != "").then(text)


def _counted(headers: Sequence[str]) -> pl.Expr:
    return pl.sum_horizontal(each.is_not_null().cast(pl.Int64) for each in _filled(headers)).cast(pl.String)

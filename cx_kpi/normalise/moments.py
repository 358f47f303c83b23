"""A date and its time of day in two columns are one moment; a time of day alone is of the day its row began."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from cx_kpi.normalise.headers import squash
from cx_kpi.normalise.presets import generic
from cx_kpi.normalise.rules import Rule
from cx_kpi.normalise.words import dictionary
from cx_kpi.read.source import TextFrame
from cx_kpi.schema import TABLES, Kind

_CLOCK = r"(?i)^(?:18\d\d-\d\d-\d\d[ T])?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]\.? ?m\.?)?$"
_MIDNIGHT = r"[ T]00:00(?::00(?:\.0+)?)?$"
_LONGER = r"^(?:2[4-9]|[3-9]\d|\d{3,}):"
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Moments:
    """The file with whole moments in place of its dates, and the fields that took the day from the row's beginning."""

    frame: TextFrame
    borrowed: frozenset[str] = frozenset()


def whole_moments(frame: TextFrame, table: str, fields: Mapping[str, Rule]) -> Moments:
    """The file whose dates have the times of day that stand in columns of their own."""
    kinds = TABLES[table].fields
    times = {name: rule for name, rule in fields.items() if kinds[name] is Kind.TIME and not rule.format}
    if not times or not any(_is_clock(frame.sample[header]) for header in frame.headers):
        return Moments(frame)
    columns: dict[str, pl.Expr] = {}
    for rule in times.values():
        if clock := _clock_of(frame, table, rule.header):
            columns[rule.header] = pl.coalesce(
                _joined(rule.header, clock), pl.col(rule.header).cast(pl.String)
            )
    day = times.get(TABLES[table].clock)
    borrowed = _borrowing(frame, table, times) if day and _is_day(frame.sample[day.header]) else {}
    if day:
        columns |= {header: _joined(day.header, header) for header in borrowed.values()}
    if not columns:
        return Moments(frame)
    changed = replace(
        frame, frame=frame.frame.with_columns(**columns), sample=frame.sample.with_columns(**columns)
    )
    return Moments(changed, frozenset(borrowed))


def _borrowing(frame: TextFrame, table: str, times: Mapping[str, Rule]) -> dict[str, str]:
    """The fields of a call that hold a time of day alone: what else happens does so within a day."""
    if table != "calls":
        return {}
    start = TABLES[table].clock
    return {
        name: rule.header
        for name, rule in times.items()
        if name != start and rule.header != times[start].header and _is_clock(frame.sample[rule.header])
    }


def _clock_of(frame: TextFrame, table: str, header: str) -> str | None:
    """The column with the times of day of these dates: called the same but for the words for date and time."""
    if not _is_day(frame.sample[header]):
        return None
    core, lengths = _core(header), _lengths(table)
    for other in frame.headers:
        if other != header and _core(other) == core and _is_clock(frame.sample[other]):
            noon = frame.sample[other].cast(pl.String).str.contains(r"(?i)[ap]\.? ?m").any()
            if squash(other) not in lengths or noon:
                return other
    return None


def _core(header: str) -> frozenset[str]:
    words = _WORD.findall(re.sub(r"(?<=[a-zа-я])(?=[A-ZА-Я])", " ", header).casefold().replace("_", " "))
    return frozenset(words) - frozenset(dictionary("guessing")["fillers"]["moment"])


def _lengths(table: str) -> set[str]:
    kinds = TABLES[table].fields
    words = (
        word for name, said in generic().tables[table].items() if kinds[name] is Kind.SECONDS for word in said
    )
    return {squash(word) for word in words}


def _filled(cells: pl.Series) -> pl.Series:
    return (
        cells.drop_nulls().cast(pl.String) if not cells.dtype.is_nested() else pl.Series([], dtype=pl.String)
    )


def _is_clock(cells: pl.Series) -> bool:
    if cells.dtype != pl.String:
        return False
    filled = _filled(cells).str.strip_chars()
    return (
        len(filled) > 0 and bool(filled.str.contains(_CLOCK).all()) and not filled.str.contains(_LONGER).any()
    )


def _is_day(cells: pl.Series) -> bool:
    """Whether no cell has a time of day."""
    if cells.dtype == pl.Date:
        return True
    filled = _filled(cells).str.strip_chars().str.replace(_MIDNIGHT, "")
    return cells.dtype == pl.String and len(filled) > 0 and not filled.str.contains(r"\d:\d|^\d{9,}$").any()


def _joined(day: str, clock: str) -> pl.Expr:
    date = pl.col(day).cast(pl.String).str.strip_chars().str.replace(_MIDNIGHT, "")
    time = pl.col(clock).str.strip_chars().str.replace(r"^18\d\d-\d\d-\d\d[ T]", "")
    time = time.str.replace(r"(?i) ?([ap])\.? ?m\.?$", " ${1}M").str.to_uppercase()
    return pl.concat_str([date, time], separator=" ")

"""Lengths of time without a unit: proved by two dates of the same rows, else left out."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from cx_kpi.model.schema import TABLES, Kind
from cx_kpi.normalise.values.date_formats import formats, is_ambiguous, month_first, parse_any
from cx_kpi.normalise.values.date_words import cleaned
from cx_kpi.normalise.values.durations import parse_durations, short_clocks
from cx_kpi.normalise.values.quantities import parse_numbers
from cx_kpi.normalise.vocabulary.rules import Rule
from cx_kpi.read.raw.source import TextFrame

_UNITS = (1.0, 60.0, 3_600.0, 86_400.0, 0.001)
_OF_CLOCKS = (60.0, 3_600.0)
_BETWEEN: Mapping[str, tuple[str, tuple[str, ...]]] = {  # the dates a length of time lies between
    "first_response_seconds": ("created_at", ("first_response_at",)),
    "resolution_seconds": ("created_at", ("solved_at", "closed_at")),
    "wait_seconds": ("queued_at", ("answered_at",)),
}
_MOST = 0.9  # the part of the rows that must agree
_NEAR = 0.02  # of the span, besides what rounding to the unit and of the dates may take
_MINUTE = 60.0
_LARGE = 3  # from this number on, one unit more or less still proves the unit


def with_units(
    frame: TextFrame, table: str, fields: Mapping[str, Rule], said: Mapping[str, object]
) -> tuple[dict[str, Rule], list[tuple[str, str]]]:
    """The rules of a file, lengths with the units its dates prove, and why each field without one is left out.

    `said`: the fields that the configuration maps; their names say seconds.
    """
    rules, unknown = dict(fields), []
    for name, rule in fields.items():
        if TABLES[table].fields.get(name) is not Kind.SECONDS or rule.unit or rule.values:
            continue
        code, units, numbers = _unitless(frame.sample[rule.header], is_said=name in said)
        unit = 1.0 if name in said else None
        if numbers is not None:
            unit = _shown(frame, numbers, units, name, fields)
        if unit is not None:
            rules[name] = replace(rule, unit=unit)
        elif numbers is not None:
            del rules[name]
            unknown.append((code, name))
    return rules, unknown


def _unitless(cells: pl.Series, *, is_said: bool) -> tuple[str, tuple[float, ...], pl.Series | None]:
    """The cells as numbers of an unknown unit, the units it may be, and what they are called; none where all are known.

    `2:18` is minutes and seconds or hours and minutes: a number of the first of these.
    """
    clocks = short_clocks(cells) if cells.dtype == pl.String else pl.Series(dtype=pl.Float64)
    if clocks.count():
        return "clock_unknown", _OF_CLOCKS, clocks
    return "unit_unknown", _UNITS, None if is_said else _bare(cells)


def _shown(
    frame: TextFrame, numbers: pl.Series, units: tuple[float, ...], name: str, fields: Mapping[str, Rule]
) -> float | None:
    """The unit that the dates of the rows prove, if any."""
    proofs = (_proved(frame, numbers, units, *end) for end in _ends(name, fields))
    return next((unit for unit in proofs if unit), None)


def _bare(cells: pl.Series) -> pl.Series | None:
    """The cells as numbers, where most of those that are no clocks or words are numbers other than 0."""
    if cells.dtype.is_numeric():
        numbers = cells.cast(pl.Float64)
    elif cells.dtype == pl.String:
        numbers = parse_numbers(cells)
        worded = numbers.is_null() & parse_durations(cells.fill_null(""), None).is_not_null()
        if worded.any():
            return None  # those bare ones beside them cannot be read, and are told
    else:
        return None
    return numbers if (numbers != 0).any() else None


def _ends(name: str, fields: Mapping[str, Rule]) -> Iterator[tuple[Rule, Rule]]:
    start, ends = _BETWEEN.get(name, ("", ()))
    yield from ((fields[start], fields[end]) for end in ends if start in fields and end in fields)


def _proved(
    frame: TextFrame, numbers: pl.Series, units: tuple[float, ...], start: Rule, end: Rule
) -> float | None:
    """The unit in which nearly all rows equal the time between their two dates; of two for a clock, the only one."""
    spans = _spans(frame, numbers, start, end)
    if spans.is_empty():
        return None
    allowed = _exact if units == _OF_CLOCKS else _rounded
    agreed = [unit for unit in units if _agree(spans, unit, allowed(unit)) >= _MOST]
    return agreed[0] if agreed and (units == _UNITS or len(agreed) == 1) else None


def _spans(frame: TextFrame, numbers: pl.Series, start: Rule, end: Rule) -> pl.DataFrame:
    """Each number and the seconds between the two dates of its row, where both are above 0."""
    first, last = (instants(frame.sample[rule.header], rule.format) for rule in (start, end))
    if first is None or last is None:
        return pl.DataFrame()
    spans = pl.DataFrame({"number": numbers, "span": (last - first).dt.total_seconds()}).drop_nulls()
    return spans.filter((pl.col("number") > 0) & (pl.col("span") > 0))


def _agree(spans: pl.DataFrame, unit: float, allowed: pl.Expr) -> float:
    """The share of rows whose number of this unit is their span."""
    near = (pl.col("number") * unit - pl.col("span")).abs() <= allowed + _NEAR * pl.col("span")
    return float(spans.select(near.mean()).item() or 0)


def _rounded(unit: float) -> pl.Expr:
    """What a number of this unit may lack, rounded or cut."""
    cut = pl.when(pl.col("number") < _LARGE).then(unit / 2).otherwise(unit)
    return pl.max_horizontal(cut, _MINUTE if unit > 1 else 1.0)


def _exact(unit: float) -> pl.Expr:
    """What a clock may lack, or dates that are written to the minute."""
    to_minute = (pl.col("span") % _MINUTE == 0).all()
    return pl.when(to_minute).then(_MINUTE).otherwise(unit / _MINUTE)


def instants(cells: pl.Series, directives: str | None) -> pl.Series | None:
    """The dates of a sample, without their zone; one order of day and month does for a span."""
    if cells.dtype.is_temporal():
        return cells.cast(pl.Datetime("us")) if str(cells.dtype).startswith("Date") else None
    if cells.dtype != pl.String:
        return None
    plain = pl.Series([None if cell is None else cleaned(cell) for cell in cells], dtype=pl.String)
    met = [directives] if directives else formats(plain.drop_nulls())
    read = parse_any(plain, met, "UTC")
    turned = (
        parse_any(plain, [month_first(each) for each in met], "UTC") if any(map(is_ambiguous, met)) else read
    )
    return max(read, turned, key=pl.Series.count).dt.replace_time_zone(None)

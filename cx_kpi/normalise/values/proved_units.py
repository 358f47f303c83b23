"""Lengths of time without a unit: proved by two dates of the same rows, else left out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import polars as pl

from cx_kpi.model.schema import TABLES, Kind
from cx_kpi.normalise.values.date_formats import formats, is_ambiguous, month_first, parse_any
from cx_kpi.normalise.values.date_words import cleaned
from cx_kpi.normalise.values.durations import parse_durations, short_clocks
from cx_kpi.normalise.values.quantities import Groups, groups, parse_numbers
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
_HOUR = 3_600.0
_OFTEN = 0.1  # the part of numbers without a fraction that no fractions of three digits have
_SOME = 1e-9  # as large as is enough in seconds
_SUMS = ("amount", "cost", "value")
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
    return _with_groups(frame, table, rules, unknown)


def _with_groups(
    frame: TextFrame, table: str, rules: dict[str, Rule], unknown: list[tuple[str, str]]
) -> tuple[dict[str, Rule], list[tuple[str, str]]]:
    """The rules, with what `1.234` means where dates, other cells or the unit tell; those where nothing does are left out."""
    met = {name: found for name, rule in rules.items() if (found := _groups(frame, table, name, rule))}
    told = {name: _told(frame, name, rules, found) for name, found in met.items()}
    for name, found in met.items():
        beside = {told[other] for other in met if met[other].sign == found.sign} - {None}
        as_beside = beside.pop() if len(beside) == 1 else None
        known = _first((told[name], as_beside, _by_unit(name, found, rules[name].unit)))
        if known is not None:
            rules[name] = replace(rules[name], grouped=known)
        elif found.several:
            del rules[name]
            unknown.append(("groups_unknown", name))
    return rules, unknown


def _first(known: Iterable[bool | None]) -> bool | None:
    return next((each for each in known if each is not None), None)


def _groups(frame: TextFrame, table: str, name: str, rule: Rule) -> Groups | None:
    """The signs in the numbers of this field that may part thousands or a fraction, if any do."""
    cells = frame.sample[rule.header] if rule.header in frame.sample.columns else pl.Series(dtype=pl.Int8)
    is_length = TABLES[table].fields.get(name) is Kind.SECONDS and rule.unit
    asked = (is_length or name in _SUMS) and not rule.values and cells.dtype == pl.String
    return groups(cells) if asked else None


def _told(frame: TextFrame, name: str, rules: Mapping[str, Rule], found: Groups) -> bool | None:
    """What the dates of the rows or the other cells prove: thousands, fractions or neither."""
    cells, unit = frame.sample[rules[name].header], rules[name].unit
    ways = (True, False) if unit else ()
    units = (unit or 0.0,)
    shown = (way for way in ways if _shown(frame, parse_numbers(cells, grouped=way), units, name, rules))
    return next(shown, _by_cells(found, unit))


def _by_cells(found: Groups, unit: float | None) -> bool | None:
    """Thousands, where more numbers have no sign than could be whole by chance; fractions of hours, where few are."""
    length = unit or 0.0
    in_seconds = 0 < length <= 1
    least = _SOME if found.several and in_seconds else _OFTEN
    if found.sure or (found.whole >= least and (found.several or in_seconds)):
        return True
    return False if found.several and length >= _HOUR else None


def _by_unit(name: str, found: Groups, unit: float | None) -> bool | None:
    """Thousands, where a comma or the whole seconds of a solution would be odd as a fraction."""
    in_seconds = unit == 1 and name == "resolution_seconds" and found.several
    return True if found.sign == "," or in_seconds else None


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

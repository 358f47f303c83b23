"""Lengths of time in text: numbers of a unit, `02:18:00`, `1 h 20 m`, `320 минут`, `PT2H30M`."""

import re
from functools import cache

import polars as pl

from cx_kpi.normalise.values.quantities import parse_numbers
from cx_kpi.normalise.vocabulary.dictionaries import units

_CLOCK = r"(\d+):(\d{1,2})(?::(\d{1,2}(?:[.,]\d+)?))?$"
_OF_UNIT = re.compile(r"(\d+):([0-5]\d)\s*([^\W\d]+)\.?")  # `2:15 h`
_MINUTES = re.compile(r"(\d\s*h)\s*([0-5]\d)$")  # `4 h 05`
_MINUTE, _HOUR, _DAY = 60.0, 3_600.0, 86_400.0
_LONGEST = 200  # characters that spell a length of time; a search in longer ones could take for ever


def parse_durations(
    words: pl.Series, unit: float | None, *, is_sure: bool = False, grouped: bool | None = None
) -> pl.Series:
    """Distinct cells to Float64 seconds; plain numbers count `unit` seconds each, none where it is not known.

    `2:18` is minutes and seconds where the unit is the minute or less, else hours and minutes; without a unit it is
        null where what `is_sure` is wanted.
    """
    text = _text(pl.first())
    sign = pl.when(text.str.starts_with("-")).then(-1.0).otherwise(1.0)
    cells = words.to_frame().select(text.str.strip_prefix("-").str.strip_prefix("+").alias("bare"), sign=sign)
    bare = cells["bare"]
    numbers = parse_numbers(bare, grouped=grouped)
    frame = cells.with_columns(
        number=numbers * unit if unit else numbers.replace_strict({0.0: 0.0}, default=None)
    )
    read = frame["number"]
    if bare.str.contains(":", literal=True).any():
        short = None if unit is None and is_sure else _MINUTE if unit and unit <= _MINUTE else _HOUR
        read = frame.select(pl.coalesce("number", _clock(short))).to_series()
    left = [None if known else spelled(word) for word, known in zip(bare, read.is_not_null(), strict=True)]
    return frame["sign"] * read.fill_null(pl.Series(left, dtype=pl.Float64))


def _text(cells: pl.Expr) -> pl.Expr:
    return cells.str.strip_chars(" '\u00a0").str.to_lowercase().str.replace_all("\u00a0", " ", literal=True)


def short_clocks(words: pl.Series) -> pl.Series:
    """Cells such as `2:18` as numbers of their first part, without those that are 0; what is none of them is null."""
    days, first, second, third = _parts(_text(pl.first()))
    is_short = days.is_null() & third.is_null() & (first + second > 0)
    return words.to_frame().select(pl.when(is_short).then(first + second / 60)).to_series()


def _clock(short: float | None) -> pl.Expr:
    """`D days H:MM:SS` or `D.HH:MM:SS`, days or seconds left out; `short` seconds in the first of two parts alone."""
    days, first, second, third = _parts(pl.col("bare"))
    two = first * (short or 0) + second * ((short or 0) / 60)
    known = pl.when(pl.lit(short is not None) | (first + second == 0)).then(two)
    alone = pl.when(days.is_null()).then(known).otherwise(first * 3600 + second * 60)
    return days.fill_null(0) * 86400 + pl.coalesce(first * 3600 + second * 60 + third, alone)


def _parts(cells: pl.Expr) -> list[pl.Expr]:
    """The days and the two or three parts of a clock."""
    groups = cells.str.extract_groups(_clocks())
    return [
        groups.struct.field(str(place)).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
        for place in range(1, 5)
    ]


def spelled(word: str) -> float | None:
    """Seconds in numbers with units, such as `2 часа 5 мин`; None where the cell holds anything else."""
    pairs = pairs_in(_unclocked(word))
    return sum(float(number) * unit for number, unit in pairs) if pairs else None


@cache
def _clocks() -> str:
    """A length of time such as `1 day, 3:20:00` or `1.03:20`."""
    days = "|".join(
        sorted((name for name, length in units().items() if length == _DAY), key=len, reverse=True)
    )
    return rf"^(?:(\d+)(?:\s*(?:{days})[\s,.]*|\.))?{_CLOCK}"


def _unclocked(word: str) -> str:
    """A clock of two parts with the unit of the first, `2:15 h`, as a number of the smaller unit."""
    found = _OF_UNIT.fullmatch(word)
    unit = units().get(found[3]) if found else None
    smaller = {_HOUR: "min", _MINUTE: "s"}.get(unit or 0)
    return f"{60 * int(found[1]) + int(found[2])} {smaller}" if found and smaller else word


def pairs_in(word: str) -> list[tuple[str, float]]:
    """Each number of a spelled length of time, with a point, and the seconds of its unit; none of anything else."""
    if len(word) > _LONGEST:
        return []
    text = word.removeprefix("p").replace("t", " ") if re.match(r"p[t\d]", word) else word
    text = _MINUTES.sub(r"\1 \2 m", text)
    pairs = _pair().findall(text)
    if _pair().sub("", text).strip(" ,.;"):
        return []
    return [(number.replace(",", "."), units()[unit]) for number, unit in pairs]


@cache
def _pair() -> re.Pattern[str]:
    """A number and its unit, and a word that joins it to the next pair."""
    names = "|".join(sorted(map(re.escape, units()), key=lambda name: (-len(name), name)))
    return re.compile(rf"(\d+(?:[.,]\d+)?)\s*({names})(?![^\W\d])\.?(?:\s*(?:and|und|et|en|и|e|y)\b)?")

"""Whether the cells of a column can be what a field holds; a header alone proves little."""

from collections.abc import Callable, Mapping

import polars as pl

from cx_kpi.model.schema import Kind
from cx_kpi.normalise.values.answers import parse_answers
from cx_kpi.normalise.values.date_formats import format_of
from cx_kpi.normalise.values.date_words import cleaned
from cx_kpi.normalise.values.durations import parse_durations
from cx_kpi.normalise.values.quantities import parse_numbers
from cx_kpi.normalise.values.readers.read_words import flags
from cx_kpi.normalise.vocabulary.dictionaries import OPEN_WORDS, meanings, said, spellings
from cx_kpi.normalise.vocabulary.headers import Header
from cx_kpi.normalise.vocabulary.rules import Rule

MOST = 0.95  # the part of the filled cells that must fit
_MOSTLY_DATES = 0.5  # nothing but dates is written so: words between them are remarks, and counted
_MANY = 0.5  # the part of the words that must be known, where others are allowed
_LONGEST_KEY, _LONGEST_WORD = 64, 60  # characters
_MOST_BLANKS = 3  # in an id
_EPOCHS = (946_684_800, 4_102_444_800)  # seconds, the years 2000 to 2100
_MOST_TIMES = 100_000  # of anything that is counted

Test = Callable[[pl.Series, Header], float]  # filled cells to the share of them that fits


def fits(cells: pl.Series, field: str, kind: Kind, header: Header) -> bool:
    """Whether nearly all filled cells of a sample fit; never where there are none."""
    filled = _filled(cells, kind)
    if not len(filled) or filled.dtype.is_nested():
        return False
    if filled.dtype.is_temporal():
        return kind is Kind.TIME
    return (
        _dates(filled) > _MOSTLY_DATES or _epochs(filled) >= MOST
        if kind is Kind.TIME
        else _words_fit(filled.cast(pl.String), field, kind, header)
    )


def _words_fit(words: pl.Series, field: str, kind: Kind, header: Header) -> bool:
    """The same of text that is not to be a date."""
    if field == "satisfaction_score":
        return float(parse_answers(words, {}).is_not_null().mean() or 0) >= MOST  # type: ignore[arg-type]
    if kind is Kind.CATEGORY and meanings(field):
        return _known(words, field) >= (_MANY if field in OPEN_WORDS else MOST)
    return _TESTS[kind](words, header) >= MOST and (field != "ticket_id" or _names_rows(words))


def _filled(cells: pl.Series, kind: Kind) -> pl.Series:
    """The filled cells."""
    filled = cells.drop_nulls()
    return said(filled, dates=kind is Kind.TIME) if cells.dtype == pl.String else filled


def _share(holds: list[bool]) -> float:
    return sum(holds) / len(holds)


def _dates(cells: pl.Series) -> float:
    """Dates with a day in them; bare numbers of seconds could be anything."""
    if cells.dtype != pl.String:
        return 0.0
    found = [format_of(cleaned(cell)) for cell in cells]
    return _share([name is not None and not name.startswith("epoch:") for name in found])


def _epochs(cells: pl.Series) -> float:
    """Seconds or milliseconds since 1970 that lie in this century: no wait lasts as long."""
    seconds = parse_numbers(cells.cast(pl.String))
    seconds = seconds.zip_with((seconds < _EPOCHS[1]).fill_null(value=True), seconds / 1000)
    return float(seconds.is_between(*_EPOCHS).fill_null(value=False).mean() or 0)  # type: ignore[arg-type]


def is_bare(cells: pl.Series) -> bool:
    """Whether these are bare numbers, perhaps of seconds since 1970."""
    return cells.dtype == pl.String and _epochs(_filled(cells, Kind.TIME)) >= MOST


def _known(words: pl.Series, field: str) -> float:
    return _share([any(each in meanings(field) for each in spellings(word)) for word in words])


def _keys(words: pl.Series, _: Header) -> float:
    """Short, and neither running text nor dates."""
    return _share([len(word) <= _LONGEST_KEY and word.count(" ") <= _MOST_BLANKS for word in words]) - _dates(
        words
    )


def _names_rows(words: pl.Series) -> bool:
    """Whether the cells can be ids of tickets: mostly different, with digits."""
    different = words.n_unique() > len(words) * _MANY
    return different and bool(words.str.contains(r"\d").all())


def _lengths(words: pl.Series, header: Header) -> float:
    """Lengths of time with a unit, in the header or in the cells."""
    if header.unit is None and parse_numbers(words).is_not_null().any():
        return 0.0
    return float(parse_durations(words, header.unit).is_not_null().mean() or 0)  # type: ignore[arg-type]


def _names(words: pl.Series, _: Header) -> float:
    """Short words, neither dates nor fractions."""
    return min(_short(words), 1 - _dates(words), 1 - _share(words.str.contains(r"^\d+[.,]\d+$").to_list()))


def _short(words: pl.Series) -> float:
    return _share([len(word) <= _LONGEST_WORD and "\n" not in word for word in words])


def _counts(words: pl.Series, _: Header) -> float:
    numbers = parse_numbers(words)
    whole = (numbers == numbers.round()) & numbers.is_between(0, _MOST_TIMES)
    return float(whole.fill_null(value=False).mean() or 0)  # type: ignore[arg-type]


def _numbers(words: pl.Series, _: Header) -> float:
    return float(parse_numbers(words).is_not_null().mean() or 0)  # type: ignore[arg-type]


def _flags(words: pl.Series, header: Header) -> float:
    return float(flags(words, Rule(header.text)).is_not_null().mean() or 0)  # type: ignore[arg-type]


def _text(words: pl.Series, _: Header) -> float:
    return 1 - _dates(words)


_TESTS: Mapping[Kind, Test] = {
    Kind.KEY: _keys,
    Kind.SECONDS: _lengths,
    Kind.CATEGORY: _names,
    Kind.FLAG: _flags,
    Kind.COUNT: _counts,
    Kind.NUMBER: _numbers,
    Kind.TEXT: _text,
}

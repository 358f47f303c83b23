"""Dates in text: which format they are in, and how to read a column of them.

A format is read off the shape of the cells, never guessed by trying many. Where day and month could be
either, the format has `%d` first and the order is decided for the whole file (`day_or_month.py`).
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import polars as pl

from cx_kpi.normalise.values.date_words import cleaned
from cx_kpi.normalise.values.serial_dates import SERIAL, are_serials, from_serials
from cx_kpi.wording.patterns import compiled_later

NEVER = pl.lit(None, pl.Datetime("us", "UTC"))
EPOCHS = {10: "s", 13: "ms", 16: "us", 19: "ns"}
_DATE = (
    (compiled_later(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)"), "%Y{1}%m{1}%d"),
    (compiled_later(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)"), "%d{1}%m{1}%Y"),
    (compiled_later(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{2})(?!\d)"), "%d{1}%m{1}%y"),
    (compiled_later(r"(\d{1,2})([-/. ])([^\W\d_]{3,})\2(\d{4})(?!\d)"), "%d{1}%B{1}%Y"),
    (compiled_later(r"(\d{1,2})([-/. ])([^\W\d_]{3,})\2(\d{2})(?!\d)"), "%d{1}%B{1}%y"),
    (compiled_later(r"([^\W\d_]{3,})( )(\d{1,2}), (\d{4})(?!\d)"), "%B{1}%d, %Y"),
    (compiled_later(r"([^\W\d_]{3,})( )(\d{1,2}) (\d{4})(?!\d)"), "%B{1}%d %Y"),
    (compiled_later(r"(\d{4})()(\d{2})(\d{2})(?!\d)"), "%Y%m%d"),
)
_TIME = compiled_later(r"(,? +|T| at )(\d{1,2}):\d{2}(:\d{2})?(\.\d+)?( ?[AaPp]\.?[Mm]\.?)?(.*)")
_OFFSET = compiled_later(r"[+-]\d{2}(:?\d{2})?")
_NUMBER = compiled_later(r"\d{10}(\d{3}){0,3}(\.\d+)?")
_FRACTIONS = {4: ".%3f", 7: ".%6f", 10: ".%9f"}  # by length with the point
_UTC = ("Z", "UTC", "GMT", "+00:00", "+0000", "+00")
_DIRECTIVE = compiled_later(r"%(?:\.?[369]?f|:{0,3}z|#z|[-_0]?([A-Za-z%+]))")
_KNOWN = frozenset("YCyqmbBhdeaAwuUWGgVjDxFvHkIlPpMSRTXrZzc+stnL%")
_YEARS = frozenset("YyGgDxFvc+s")  # directives that say which year it is
_YEAR_FIRST = compiled_later(r"%Y([-/.])%m\1%d")
_ANY_DIGIT = str.maketrans("123456789", "0" * 9)


def format_of(cell: str) -> str | None:
    """The strptime format of one cell, `epoch:s` (`ms`, `us`, `ns`) for seconds since 1970, or None."""
    if _NUMBER.fullmatch(cell):
        return f"epoch:{EPOCHS[len(cell.split('.', maxsplit=1)[0])]}"
    for pattern, directives in _DATE:
        found = pattern.match(cell)
        if found:
            clock = _clock(cell[found.end() :])
            return None if clock is None else directives.format(None, found[2]) + clock
    return None


def number_dates(cells: pl.Series) -> str | None:
    """The kind of date that all of these numbers may be: days of a spreadsheet, or seconds since 1970 and their parts."""
    filled = cells.drop_nulls()
    if (filled.dtype == pl.String or filled.dtype.is_numeric()) and are_serials(filled):
        return SERIAL
    met = {_NUMBER.fullmatch(each) and format_of(each) for each in filled.cast(pl.String, strict=False)}
    return met.pop() if len(met) == 1 else None


def is_format(directives: str) -> bool:
    """Whether these are directives that make a date: each is known, and one is the year."""
    if directives == SERIAL or directives in {f"epoch:{unit}" for unit in EPOCHS.values()}:
        return True
    met = {letter for letter in _DIRECTIVE.findall(directives) if letter}
    return "%" not in _DIRECTIVE.sub("", directives) and met <= _KNOWN and bool(met & _YEARS)


def _clock(rest: str) -> str | None:
    """The format of the time after the date."""
    found = _TIME.fullmatch(rest)
    if not found:
        return None if rest else ""
    joiner, _, seconds, fraction, noon, zone = found.groups()
    tail = _zone(zone)
    if tail is None:
        return None
    hour = "%I" if noon else "%H"
    half = (" " if noon.startswith(" ") else "") + "%p" if noon else ""
    return f"{joiner}{hour}:%M{':%S' if seconds else ''}{_fraction(fraction)}{half}{tail}"


def _fraction(text: str | None) -> str:
    """Thousandths and millionths have a format of their own, six times as fast to read."""
    return _FRACTIONS.get(len(text), "%.f") if text else ""


def _zone(text: str) -> str | None:
    """The format of a zone at the end: an offset, or the letters for UTC themselves."""
    if text.strip() in ("", "Z", "UTC", "GMT"):
        return text
    return " %#z"[not text.startswith(" ") :] if _OFFSET.fullmatch(text.strip()) else None


def is_zoned(directives: str) -> bool:
    """Whether the format has a time zone or offset."""
    return directives.startswith("epoch:") or directives.endswith(("z", *_UTC))


def without_offset(directives: str, cells: pl.Series) -> str:
    """The format with the offset spelt out where all cells are in UTC: six times as fast to read."""
    if not directives.endswith("%#z"):
        return directives
    same = next((end for end in _UTC if cells.str.ends_with(end).all()), None)
    return directives.removesuffix("%#z") + same if same else directives


def is_ambiguous(directives: str) -> bool:
    """Whether day and month could be the other way round."""
    return directives.startswith("%d") and directives[3:5] == "%m"


def month_first(directives: str) -> str:
    """The format with the month before the day."""
    return f"%m{directives[2]}%d{directives[5:]}" if is_ambiguous(directives) else directives


def day_second(directives: str) -> str:
    """The format of a year, a month and a day with the day before the month; others as they are."""
    found = _YEAR_FIRST.match(directives)
    return f"%Y{found[1]}%d{found[1]}%m{directives[found.end() :]}" if found else directives


def formats(cells: Iterable[str]) -> list[str]:
    """The formats met, the most frequent first. Which digits a cell has does not matter for its format."""
    met: Counter[str] = Counter()
    for shape, rows in Counter(cell.translate(_ANY_DIGIT) for cell in cells).items():
        if found := format_of(cleaned(shape)):
            met[found] += rows
    return [name for name, _ in sorted(met.items(), key=lambda pair: (-pair[1], pair[0]))]


def parse(cells: pl.Expr, directives: str, zone: str, *, gaps: bool = True) -> pl.Expr:
    """Text in one format to UTC instants; cells in another format are null.

    Without `gaps`, so are times that the clock skipped in spring: cheaper, for where a closer look follows.
    """
    if directives.startswith("epoch:"):
        return from_epoch(cells.cast(pl.Float64, strict=False), directives[6:])
    if directives == SERIAL:
        return localise(from_serials(cells, text=True), zone)
    read = cells.str.to_datetime(directives, strict=False, cache=False, time_unit="us")
    if directives.endswith("z"):
        return read
    if is_zoned(directives):
        return read.dt.replace_time_zone("UTC")
    return localise(read, zone) if gaps else _placed(read, zone)


def from_epoch(numbers: pl.Expr, unit: str) -> pl.Expr:
    """Numbers of seconds, or thousandths, millionths or billionths of one, since 1970 to UTC instants."""
    scale = {"s": 1_000_000, "ms": 1_000, "us": 1, "ns": 0.001}[unit]
    micros = (numbers * scale).round().cast(pl.Int64, strict=False)
    return micros.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def localise(naive: pl.Expr, zone: str) -> pl.Expr:
    """Wall-clock times of a zone to UTC instants.

    A time that comes twice in autumn is the earlier one; a time that is skipped in spring is read by the
    offset before the change, so that 02:30 means half an hour after 02:00.
    """
    if zone == "UTC":
        return _placed(naive, zone)
    return pl.coalesce(_placed(naive, zone), _placed(naive.dt.offset_by("-1d"), zone) + pl.duration(days=1))


def _placed(naive: pl.Expr, zone: str) -> pl.Expr:
    if zone == "UTC":
        return naive.dt.replace_time_zone("UTC")
    placed = naive.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return placed.dt.convert_time_zone("UTC")


def parse_any(cells: pl.Series, directives: Sequence[str], zone: str) -> pl.Series:
    """Cells in any of several formats to UTC instants."""
    ways = [parse(pl.col("cells"), each, zone) for each in directives]
    return cells.alias("cells").to_frame().with_columns(read=pl.coalesce([*ways, NEVER]))["read"]

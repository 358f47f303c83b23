"""A date and its time of day in two columns are one moment; a time of day alone is of the day its row began."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.schema import TABLES, Kind
from cx_kpi.normalise.mapping.matching import LENGTHS, TWINS
from cx_kpi.normalise.preset.presets import generic
from cx_kpi.normalise.values.durations import parse_durations
from cx_kpi.normalise.values.proved_units import instants
from cx_kpi.normalise.vocabulary.dictionaries import dictionary
from cx_kpi.normalise.vocabulary.headers import headers_of, squash
from cx_kpi.normalise.vocabulary.rules import Rule
from cx_kpi.read.raw.source import TextFrame

_CLOCK = r"(?i)^(?:18\d\d-\d\d-\d\d[ T])?\d{1,2}(?::| ?h ?)\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]\.? ?m\.?| ?uhr| ?hs?\.?)?$"
_WITH_H = r"(?i)^(\d{1,2}) ?h ?(\d{2})"  # 14h05
_AFTER = r"(?i)(\d) ?(?:uhr|hs?\.?)$"
_OF_DAY = r"^0?[.,]\d+$|^0$"  # as workbooks hold a time of day
_PLACES = r"[.,]\d{3}"
_DAY = 86_400  # seconds
_MIDNIGHT = r"[ T]00:00(?::00(?:\.0+)?)?$"
_LONGER = r"^(?:2[4-9]|[3-9]\d|\d{3,}):"
_MOSTLY = 0.5
_NEARLY = 0.9
_MICROS = 1_000_000
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Moments:
    """The file with whole moments in place of its dates, and the fields that took the day from the row's beginning."""

    frame: TextFrame
    borrowed: frozenset[str] = frozenset()
    clocks: frozenset[str] = frozenset()  # the columns that are the times of day of others, and no lengths


def _clocks(frame: TextFrame) -> list[str]:
    """The columns that hold nothing but times of day."""
    return [header for header in frame.headers if holds_clock(frame.sample[header])]


def whole_moments(frame: TextFrame, table: str, fields: Mapping[str, Rule]) -> Moments:
    """The file with dates joined to the times of day that are in columns of their own."""
    times = _times(table, fields)
    clocks = _clocks(frame) if times else []
    if not clocks:
        return Moments(frame)
    first = times.get(TABLES[table].clock)
    start = _begun(frame, clocks, first)
    pairs = [*([start] if start else []), *_ended(frame, table, clocks, times, start)]
    borrowed = _borrowing(table, times, clocks, {each.into for each in pairs})
    day = start.day if start else first
    if borrowed and day and _is_day(frame.sample[day]):
        pairs += [Pair(day, header, header) for header in borrowed.values()]
    if not pairs:
        return Moments(frame)
    columns = [*map(_joined, pairs)]
    frame = replace(frame, frame=frame.frame.with_columns(columns), sample=frame.sample.with_columns(columns))
    return Moments(frame, frozenset(borrowed), frozenset(each.clock for each in pairs))


def ends_beside(frame: TextFrame, fields: Mapping[str, Rule]) -> dict[str, Rule]:
    """The dates beside lengths of time that may be their times of day, where no other column is that date."""
    clocks = {**_reply_clock(frame, fields), **fields}
    return {
        stamp: replace(clocks[length], header=day, unit=None)
        for stamp, length in TWINS.items()
        if length in clocks and stamp not in fields and (day := _day_of(frame, clocks[length].header))
    }


def _reply_clock(frame: TextFrame, fields: Mapping[str, Rule]) -> dict[str, Rule]:
    """The time of day that by its name is that of the first answer to a ticket, in place of a length."""
    if "created_at" not in fields:
        return {}
    header = headers_of(frame.headers).find(dictionary("guessing")["of_day"]["first_response_at"])
    return {"first_response_seconds": Rule(header.text, zone=header.zone)} if header else {}


def without_days(
    frame: TextFrame, table: str, fields: Mapping[str, Rule], said: Collection[str]
) -> dict[str, Rule]:
    """The fields without ends on days alone, where a length beside them tells the moment and ends on that day."""
    told = [(stamp, length) for stamp, length in TWINS.items() if {stamp, length} <= fields.keys() - said]
    start = fields.get(TABLES[table].clock)
    days = {
        stamp for stamp, length in told if start and _same_days(frame, start, fields[stamp], fields[length])
    }
    return {name: rule for name, rule in fields.items() if name not in days}


def _same_days(frame: TextFrame, start: Rule, end: Rule, length: Rule) -> bool:
    """Whether nearly all lengths, from the moment that a row began, end on its day."""
    if not _is_day(frame.sample[end.header]) or _is_day(frame.sample[start.header]):
        return False
    begun, ended = (instants(frame.sample[rule.header], rule.format) for rule in (start, end))
    lengths = parse_durations(frame.sample[length.header].cast(pl.String), length.unit)
    if begun is None or ended is None:
        return False
    due = begun + (lengths * _MICROS).cast(pl.Duration("us"))
    return float((due.dt.date() == ended.dt.date()).mean() or 0) >= _NEARLY  # type: ignore[arg-type]


def without_clocks(
    fields: Mapping[str, Rule], ends: Mapping[str, Rule], clocks: Collection[str]
) -> dict[str, Rule]:
    """The fields, where a length that is a time of day is the moment it tells with the date beside it."""
    lengths = {name for name in LENGTHS if name in fields and fields[name].header in clocks}
    kept = {name: rule for name, rule in fields.items() if name not in lengths}
    return {stamp: rule for stamp, rule in ends.items() if TWINS[stamp] not in kept} | kept


def _day_of(frame: TextFrame, header: str) -> str | None:
    """The column of dates called as this column of times of day is; None where there is none."""
    if header not in frame.sample.columns or not holds_clock(frame.sample[header]):
        return None
    return next((each for each in _days_beside(frame, header) if _core(each)), None)


def _times(table: str, fields: Mapping[str, Rule]) -> dict[str, str]:
    """The columns that dates are read from, without those with a configured format."""
    kinds = TABLES[table].fields
    return {
        name: rule.header for name, rule in fields.items() if kinds[name] is Kind.TIME and not rule.format
    }


def _borrowing(
    table: str, times: Mapping[str, str], clocks: Sequence[str], taken: set[str]
) -> dict[str, str]:
    """The fields of a call that hold a time of day alone: what else happens does so within a day."""
    if table != "calls":
        return {}
    return {name: header for name, header in times.items() if header in clocks and header not in taken}


@dataclass(frozen=True, slots=True)
class Pair:
    """A column of days, one of times of day, and the one that the moments go into."""

    day: str
    clock: str
    into: str


def _ended(
    frame: TextFrame, table: str, clocks: Sequence[str], times: Mapping[str, str], start: Pair | None
) -> list[Pair]:
    """Each date but the first with the time of day that is its own."""
    ends = {
        header: clock
        for header in times.values()
        if (clock := _clock_of(frame, table, clocks, header, start))
    }
    return [Pair(day, clock, day) for day, clock in ends.items()]


def _begun(frame: TextFrame, clocks: Sequence[str], header: str | None) -> Pair | None:
    """When the rows begin: a date with its time, or a time of day with the date of the row."""
    if header is None:
        return None
    if header in clocks:
        return next((Pair(day, header, header) for day in _days_beside(frame, header)), None)
    if not _is_day(frame.sample[header]):
        return None
    return next((Pair(header, each, header) for each in _own_clocks(frame, clocks, header)), None)


def _own_clocks(frame: TextFrame, clocks: Sequence[str], day: str) -> list[str]:
    """The times of day of these dates: called the same, or nothing but `time` and right behind them."""
    behind = frame.headers[frame.headers.index(day) + 1 :][:1]
    named = [each for each in clocks if each != day and _core(each) == _core(day)]
    return named or [each for each in behind if each in clocks and not _core(each)]


def _days_beside(frame: TextFrame, header: str) -> Iterator[str]:
    """The columns of dates that a time of day may belong to: of the same name, or of none but `date`."""
    for each in frame.headers:
        alike = each != header and _core(each) in (_core(header), frozenset())
        if alike and _is_day(frame.sample[each]):
            yield each


def _clock_of(
    frame: TextFrame, table: str, clocks: Sequence[str], header: str, start: Pair | None
) -> str | None:
    """The column with the times of day of these dates: called the same but for the words for date and time."""
    if (start and header == start.into) or not _is_day(frame.sample[header]):
        return None
    same = _own_clocks(frame, clocks, header)
    lengths = _lengths(table)
    return next(
        (each for each in same if squash(each) not in lengths or _is_later(frame, start, header, each)), None
    )


def _is_later(frame: TextFrame, start: Pair | None, day: str, clock: str) -> bool:
    """Whether these are times of day and no lengths: on the day of the beginning none is before it.

    With none on that day, what would still end on it as a length ends later, and is none.
    """
    if frame.sample[clock].str.contains(r"(?i)[ap]\.? ?m").any():
        return True
    if start is None:
        return False
    is_same, begun, ended = pl.col(day) == pl.col(start.day), _seconds(start.clock), _seconds(clock)
    rows = frame.sample.select(is_same=is_same, begun=begun, ended=ended).drop_nulls()
    same = rows.filter("is_same")
    if same.height:
        return bool((same["begun"] <= same["ended"]).all())
    return bool((rows["begun"] + rows["ended"] < _DAY).any())


def _joined(pair: Pair) -> pl.Expr:
    """The moments of a pair; where the time is missing, the day alone."""
    date = pl.col(pair.day).cast(pl.String).str.strip_chars().str.replace(_MIDNIGHT, "")
    both = pl.concat_str([date, _time(pair.clock)], separator=" ")
    both = both if pair.into == pair.clock else pl.coalesce(both, pl.col(pair.day).cast(pl.String))
    return both.alias(pair.into)


def _time(header: str) -> pl.Expr:
    """The times of day of a column, as `14:05`."""
    cells = pl.col(header).str.strip_chars().str.replace(r"^18\d\d-\d\d-\d\d[ T]", "")
    written = cells.str.replace(_WITH_H, "${1}:${2}").str.replace(_AFTER, "${1}")
    written = written.str.replace(r"(?i) ?([ap])\.? ?m\.?$", " ${1}M").str.to_uppercase()
    share = cells.str.replace(",", ".").cast(pl.Float64, strict=False)
    moment = (share * _DAY).round().cast(pl.Int64, strict=False) * 1_000_000
    return (
        pl.when(cells.str.contains(_OF_DAY)).then(moment.cast(pl.Datetime("us")).dt.to_string("%H:%M:%S"))
    ).otherwise(written)


def _seconds(header: str) -> pl.Expr:
    """The seconds of a day until the times of a column."""
    parts = _time(header).str.split(":").list.eval(pl.element().cast(pl.Int64, strict=False))
    return sum(
        (
            parts.list.get(place, null_on_oob=True).fill_null(0) * unit
            for place, unit in enumerate((3600, 60, 1))
        ),
        start=pl.when(pl.col(header).is_not_null()).then(0),
    )


def _core(header: str) -> frozenset[str]:
    said = _WORD.findall(re.sub(r"(?<=[a-zа-я])(?=[A-ZА-Я])", " ", header).casefold().replace("_", " "))
    words = frozenset(said) - frozenset(dictionary("guessing")["fillers"]["moment"])
    ends = tuple(dictionary("guessing")["joined"]["moment"])
    return frozenset(
        next((word.removesuffix(end) for end in ends if word.endswith(end)), word) for word in words
    )


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


def holds_clock(cells: pl.Series) -> bool:
    if cells.dtype != pl.String or cells.is_empty() or _tells_no_clock(cells[0]):
        return False
    filled = _filled(cells).str.strip_chars()
    if not len(filled):
        return False
    if filled.str.contains(_OF_DAY).all():
        return float(filled.str.contains(_PLACES).mean() or 0) > _MOSTLY  # type: ignore[arg-type]
    return bool(filled.str.contains(_CLOCK).all()) and not filled.str.contains(_LONGER).any()


def _tells_no_clock(cell: str | None) -> bool:
    """Whether this cell alone shows that its column holds no times of day: so do most first cells."""
    return cell is not None and not any(re.search(each, cell.strip()) for each in (_OF_DAY, _CLOCK))


def _is_day(cells: pl.Series) -> bool:
    """Whether no cell has a time of day."""
    if cells.dtype == pl.Date:
        return True
    filled = _filled(cells).str.strip_chars().str.replace(_MIDNIGHT, "")
    return cells.dtype == pl.String and len(filled) > 0 and not filled.str.contains(r"\d:\d|^\d{9,}$").any()

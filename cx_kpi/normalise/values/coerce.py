"""From what the scan gave to canonical columns: the careful reading, and the checks every value passes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import polars as pl

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.schema import Kind
from cx_kpi.normalise.values.answers import is_not_asked, says_no_opinion
from cx_kpi.normalise.values.readers.reader import ANSWERS, BESIDE, SEED, Reader, words_of
from cx_kpi.normalise.vocabulary.derived import SPOILT
from cx_kpi.normalise.vocabulary.dictionaries import is_null

FIRST = pl.datetime(1971, 1, 1, time_zone="UTC")
LAST = pl.datetime(2200, 1, 1, time_zone="UTC")
CENTURIES = 7.2e9  # seconds, the span between these
FAR = timedelta(days=50 * 365)
ENOUGH = 10  # dates tell what is far from them
DECADES = timedelta(days=20 * 365)
FEW = 0.01  # of the dates of a column: more of them are no slips
UNUSABLE = frozenset({"unreadable", "far_date", "not_finite", "negative_duration"})
_ODD = ":odd"  # beside a column: its cells the fast way could not read


@dataclass(frozen=True, slots=True)
class Oddity:
    """Cells of one column that were not what they should be; they are null now."""

    code: str
    field: str
    rows: int
    example: str | None


def scanned(readers: Sequence[Reader]) -> Iterator[pl.Expr]:
    """The columns to collect: what the fast path reads, and as categories what it does not."""
    for each in readers:
        if each.fast is not None:
            yield each.fast.alias(each.name)
        if each.careful is not None:
            text = words_of(each)
            odd = text if each.fast is None else pl.when(each.fast.is_null()).then(text)
            yield odd.cast(pl.Categorical(pl.Categories.random())).alias(each.name + _ODD)


def coerced(frame: pl.DataFrame, readers: Sequence[Reader]) -> tuple[pl.DataFrame, list[Oddity]]:
    """The canonical columns of a collected scan, in the order of their readers, and what was odd."""
    columns, odd, spoilt = [], [], {}
    for each in readers:
        column, oddities = _settle(frame, each)
        columns.append(column.alias(each.name))
        odd += oddities
        if each.name in SPOILT and {one.code for one in oddities} & UNUSABLE:
            spoilt[SPOILT[each.name]] = _spoilt(frame, column, each)
    return pl.DataFrame([*columns, *(rows.alias(name) for name, rows in spoilt.items())]), odd


def _spoilt(frame: pl.DataFrame, column: pl.Series, reader: Reader) -> pl.Series:
    """The rows whose filled cell cannot be used; a date that means never can be."""
    read = column.is_not_null()
    if reader.fast is not None:
        fast = pl.col(reader.name)
        usable = fast.is_between(FIRST, LAST, "left") if reader.kind == Kind.TIME else fast.is_not_nan()
        read |= frame.select(usable.fill_null(value=False)).to_series()
    if reader.careful is None:
        return read & column.is_null()
    cells = frame[reader.name + _ODD].cast(pl.String)
    words = pl.Series(
        [word for word in cells.unique(maintain_order=True).drop_nulls() if not is_null(word, dates=True)],
        dtype=pl.String,
    )
    if reader.kind == Kind.TIME:
        words = words.filter(reader.careful(words).is_null())
    said = cells.is_in(words.implode()).fill_null(value=False)
    return (said | read) & column.is_null()


def _settle(frame: pl.DataFrame, reader: Reader) -> tuple[pl.Series, list[Oddity]]:
    fast = frame[reader.name] if reader.fast is not None else None
    if reader.careful is None:
        return (fast, []) if fast is None else _checked(fast, reader)  # type: ignore[return-value]
    cells = frame[reader.name + _ODD]
    if fast is not None and cells.null_count() == len(cells):
        return _checked(fast, reader)
    words = _words(cells)
    order = words.arg_sort()
    values = reader.careful(words.gather(order)).gather(order.arg_sort())
    unread = _unread(cells, words, values, reader)
    spread = _spread(cells, values)
    if (
        reader.kind == ANSWERS
        and unread
        and 2 * unread[0].rows > len(spread) - spread.null_count() + unread[0].rows
    ):
        spread = pl.repeat(
            None, len(spread), dtype=spread.dtype, eager=True
        )  # a mean of the few that can be read would mislead
        unread = [replace(unread[0], code="mostly_unread")]
    column, odd = _checked(spread if fast is None else fast.fill_null(spread), reader)
    return column, [*unread, *_without_opinion(cells, words, reader), *odd]


def _words(cells: pl.Series) -> pl.Series:
    """The distinct cells, by code."""
    dtype = cells.dtype
    return dtype.categories.to_series() if isinstance(dtype, pl.Categorical) else cells


def _spread(cells: pl.Series, values: pl.Series) -> pl.Series:
    """The value of each cell, from the values by code; chunk by chunk, so that no column has to be copied."""
    chunks = [values.gather(chunk.to_physical()) for chunk in cells.get_chunks()]
    return pl.concat(chunks, rechunk=False)


def _unread(cells: pl.Series, words: pl.Series, values: pl.Series, reader: Reader) -> list[Oddity]:
    """The words nothing could be made of, counted."""
    failed = [
        word
        for word, known in zip(words, values.is_not_null(), strict=True)
        if not known
        and not is_null(word, dates=reader.kind == Kind.TIME)
        and not (reader.kind == ANSWERS and is_not_asked(word))
    ]
    return _counted(cells, failed, reader.code, reader.name)


def _without_opinion(cells: pl.Series, words: pl.Series, reader: Reader) -> list[Oddity]:
    """The answers of those who do not know or will not say, counted."""
    if reader.kind != ANSWERS:
        return []
    return _counted(cells, [word for word in words if says_no_opinion(word)], "no_opinion", reader.name)


def _counted(cells: pl.Series, words: Sequence[str], code: str, name: str) -> list[Oddity]:
    """How many cells are these words, with the most frequent of them."""
    if not words:
        return []
    counts = cells.drop_nulls().value_counts().with_columns(pl.first().cast(pl.String).alias("word"))
    met = counts.filter(pl.col("word").is_in(words)).sort("count", "word", descending=[True, False])
    if met.is_empty():  # all in other files that were read together with this one
        return []
    return [Oddity(code, name, int(met["count"].sum()), met["word"][0].partition(BESIDE)[0])]


def _checked(column: pl.Series, reader: Reader) -> tuple[pl.Series, list[Oddity]]:
    """The column with impossible values made null: dates that mean never, negative lengths, infinities."""
    if reader.nothing:
        return _meant(column, reader), []
    match reader.kind:
        case Kind.TIME:
            column, odd = _without(
                column, reader, "sentinel_date", ~pl.first().is_between(FIRST, LAST, "left")
            )
            return _without_far(column, reader, odd)
        case Kind.SECONDS:
            column, odd = _without(column, reader, "not_finite", ~(pl.first() < CENTURIES))
            column, more = _without(column, reader, "negative_duration", pl.first() < 0)
            return column, [*odd, *more]
        case Kind.NUMBER:
            return _without(column, reader, "not_finite", ~pl.first().is_finite())
        case _:
            return column, []


def _meant(column: pl.Series, reader: Reader) -> pl.Series:
    """Ids or texts without those that mean nothing; ids are found by their hashes, many times as fast."""
    if reader.kind == Kind.TEXT:
        beginning = column.str.head(max(map(len, reader.nothing)) + 1)
        void = beginning.str.to_lowercase().is_in(sorted(reader.nothing))
    else:
        hashes = column.hash(seed=SEED) if column.dtype == pl.String else column
        void = hashes.is_in(_written(reader.nothing).implode())
    return pl.select(pl.when(~void).then(column)).to_series() if void.any() else column


@cache
def _written(words: frozenset[str]) -> pl.Series:
    """The hashes of ids as they are commonly written, and that of an empty cell."""
    written = {way(word) for word in words for way in (str, str.upper, str.capitalize, str.title)} | {"NaN"}
    return pl.Series([None, *sorted(written)], dtype=pl.String).hash(seed=SEED)


def _without_far(column: pl.Series, reader: Reader, odd: list[Oddity]) -> tuple[pl.Series, list[Oddity]]:
    """The column without dates that are decades from the others, and the notices: a few, or those that come later."""
    first, last = column.min(), column.max()
    if not isinstance(first, datetime) or not isinstance(last, datetime) or last - first <= DECADES:
        return column, odd
    later, told = _without_later(column, reader)
    if told:
        return later, [*odd, *told]
    kept, far = _without(column, reader, "far_date", (pl.first() - pl.first().median()).abs() > FAR)
    few = kept.null_count() - column.null_count() <= FEW * column.count()
    return (kept, [*odd, *far]) if few else (column, odd)


def _without_later(column: pl.Series, reader: Reader) -> tuple[pl.Series, list[Oddity]]:
    """Without the dates behind decades in which there is none: one moment that means never, or the smaller part."""
    order = column.drop_nulls().sort()
    leaps = (order.diff() > DECADES).arg_true()
    if len(order) < ENOUGH or leaps.is_empty():
        return column, []
    late = order[int(leaps[-1]) :]
    never = late[0] == late[-1] and len(late) > 1
    if not never and 2 * len(late) > len(order):
        return column, []
    return _without(column, reader, "sentinel_date" if never else "far_date", pl.first() >= late[0])


def _without(column: pl.Series, reader: Reader, code: str, wrong: pl.Expr) -> tuple[pl.Series, list[Oddity]]:
    """The column without wrong values, and the notices about those."""
    bad = column.to_frame().select(wrong.fill_null(value=False)).to_series()
    if not bad.any():
        return column, []
    shown = column.filter(bad)
    if reader.kind == Kind.TIME:
        shown = shown.dt.convert_time_zone(reader.zone).dt.to_string("%Y-%m-%d %H:%M:%S")
    example = str(shown.mode().sort()[0]).removesuffix(" 00:00:00")
    kept = pl.select(pl.when(~bad).then(column)).to_series()
    return kept, [Oddity(code, reader.name, int(bad.sum()), example)]

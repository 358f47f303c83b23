"""Exports of tickets read piece by piece, each as a whole export would be; the events of a ticket are in its piece."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import accumulate, chain
from math import ceil
from pathlib import Path

import polars as pl

from cx_kpi.engine.buckets.limits import PIECE
from cx_kpi.engine.buckets.piece_accounts import EVENTS, ID, SPREAD, TICKETS, Piece, Reading, numbered
from cx_kpi.engine.buckets.spill import Spill
from cx_kpi.engine.packing import ordered
from cx_kpi.model.options import Options
from cx_kpi.normalise.load import load
from cx_kpi.normalise.mapping.reading_plan import plan
from cx_kpi.normalise.tables.combine import Loaded
from cx_kpi.normalise.tables.file_rows import by_member
from cx_kpi.normalise.values.coerce import coerced, scanned
from cx_kpi.normalise.vocabulary.date_range import date_range
from cx_kpi.normalise.vocabulary.rules import Mapped

RATED = "satisfaction_score"
HASH = "cxkpi:hash"
_AT_ONCE = 15_000_000  # ids
Wanted = Mapping[str, set[str]]
Masks = Mapping[int, pl.Series]


def pieces(
    mapped: Sequence[Mapped], wanted: Wanted, options: Options, spill: Spill, size: int
) -> Iterator[Reading]:
    """The tickets of some files in pieces of so many rows; rows that share an id are in one piece, as are all events.

    Every piece is read by the samples of the whole files. Raises `InputProblem` as `load` does.
    """
    each_alone = [*chain.from_iterable(map(_alone, mapped))]
    files = _Files(each_alone, wanted, options, spill)
    if not files.with_events:
        yield from files.with_own_ids(size)
    yield from files.with_shared_ids(size)


def _alone(mapped: Mapped) -> Iterable[Mapped]:
    """Each of several files that are read as one."""
    return by_member(mapped) if mapped.source.members else (mapped,)


class _Files:
    """Files of tickets and events, and which of their rows share an id with others."""

    def __init__(self, files: Sequence[Mapped], wanted: Wanted, options: Options, spill: Spill) -> None:
        self.files, self.wanted, self.options, self.spill = files, wanted, options, spill
        self.ready = [needed(each, wanted, options, spill, number) for number, each in enumerate(files)]
        self.hashes = [hashed(each, spill, number) for number, each in enumerate(self.ready)]
        heights = [int(each.select(pl.len()).collect().item()) for each in self.hashes]
        self.before = [0, *accumulate(heights)]
        self.with_events = any(each.table == EVENTS for each in files)
        everyone = (
            pl.lit(value=True) if self.with_events else pl.col(HASH).is_in(_shared(self.hashes).implode())
        )
        shares = everyone.fill_null(value=False).alias(HASH)
        self.shared = [each.with_columns(shares).collect()[HASH] for each in self.hashes]
        self.new = set(range(len(files)))  # of which nothing was read yet
        events = [each for each in self.ready if each.table == EVENTS]
        self.since = earliest(first_event(each, options) for each in events)

    def with_own_ids(self, size: int) -> Iterator[Reading]:
        """The rows that share no id, file by file."""
        for number, shared in enumerate(self.shared):
            for start in range(0, len(shared), size):
                own = ~shared.slice(start, size)
                if own.any():
                    rows = self.ready[number].source.frame.slice(start, len(own)).filter(pl.lit(own))
                    yield self._piece({number: own}, {number: rows}, start)

    def with_shared_ids(self, size: int) -> Iterator[Reading]:
        """The others, those of one id together; and files without any rows."""
        turns = max(1, ceil(sum(int(each.sum()) for each in self.shared) / size))
        turn_of = [self._turns(number, turns) for number in range(len(self.files))]
        split = [self._split(number, turns, turn_of[number]) for number in range(len(self.files))]
        for turn in range(turns):
            masks = self._turn(turn, turns, turn_of)
            if masks:
                yield self._piece(masks, {n: split[n][turn] for n in masks})

    def _turns(self, number: int, turns: int) -> pl.Series:
        """The turn in which each row of a file is read; null of those that share no id."""
        shared = self.shared[number]
        turn = (pl.col(HASH) % turns).fill_null(0).cast(pl.UInt16)
        found = self.hashes[number].select(pl.when(pl.lit(shared)).then(turn)) if shared.any() else None
        return (
            pl.repeat(None, len(shared), dtype=pl.UInt16, eager=True)
            if found is None
            else found.collect().to_series()
        )

    def _turn(self, turn: int, turns: int, turn_of: Sequence[pl.Series]) -> dict[int, pl.Series]:
        """The rows of each file that are read in a turn; without files that have none, unless events may need them."""
        every = {number: (own == turn).fill_null(value=False) for number, own in enumerate(turn_of)}
        needed = {*every} if self.with_events else self.new if turn == turns - 1 else set()
        return {n: mask for n, mask in every.items() if n in needed or mask.any()}

    def _split(self, number: int, turns: int, turn_of: pl.Series) -> list[pl.LazyFrame]:
        """The rows of a file that share ids, by the turn in which they are read; in files of their own."""
        frame, shared = self.ready[number].source.frame, self.shared[number]
        if turns == 1:
            return [frame.filter(pl.lit(shared))]
        for start in range(0, len(shared), PIECE):
            turn = turn_of.slice(start, PIECE).alias(HASH)
            some = frame.slice(start, PIECE).with_columns(turn).filter(pl.col(HASH).is_not_null())
            for (place,), rows in some.collect().partition_by(HASH, as_dict=True, include_key=False).items():
                rows.write_parquet(self._path(number, place, start), compression="lz4", statistics=False)
        return [self._rows(number, turn, frame) for turn in range(turns)]

    def _path(self, number: int, turn: int, start: int) -> Path:
        return self.spill.path / f"file-{number}-{turn}-{start:012d}.parquet"

    def _rows(self, number: int, turn: int, like: pl.LazyFrame) -> pl.LazyFrame:
        files = sorted(self.spill.path.glob(f"file-{number}-{turn}-*.parquet"))
        return pl.scan_parquet(files) if files else like.head(0)

    def _piece(self, masks: Masks, rows: Mapping[int, pl.LazyFrame], start: int = 0) -> Reading:
        parts = [_part(self.ready[n], each, first=n in self.new) for n, each in rows.items()]
        self.new.difference_update(masks)
        loaded, ratings = loaded_of(parts, self.wanted, self.options, self.since)
        loaded, ratings = numbered(loaded, ratings, self._numbers(masks, start))
        return Reading({name: self._of(each, masks, start) for name, each in loaded.items()}, ratings)

    def _numbers(self, masks: Masks, start: int) -> pl.Series:
        """The places of these rows of tickets among the rows of all files."""
        own = [n for n in masks if self.files[n].table == TICKETS]
        return pl.concat([masks[n].arg_true().cast(pl.Int64) + start + self.before[n] for n in own])

    def _of(self, loaded: Loaded, masks: Masks, start: int) -> Piece:
        """The piece of one table."""
        own = [number for number in masks if self.files[number].table == loaded.table]
        return Piece(loaded, tuple(self.files[n] for n in own), tuple(masks[n] for n in own), start)


def needed(mapped: Mapped, wanted: Wanted, options: Options, spill: Spill, number: int) -> Mapped:
    """The file with the columns that are read alone; on our disk in a form that is quick to read piece by piece."""
    names = read_of(mapped, wanted, options)
    frame = mapped.source.frame
    frame = frame.select(name for name in frame.collect_schema().names() if name in names)
    path = spill.path / f"file-{number}.parquet"
    frame.sink_parquet(path, compression="lz4", statistics=False)
    return _with_frame(mapped, pl.scan_parquet(path))


def hashed(mapped: Mapped, spill: Spill, number: int) -> pl.LazyFrame:
    """A hash of the id of each row, on our disk; it leaves out what ids of one ticket may differ in as they are written."""
    text = (
        pl.col(mapped.fields[ID].header)
        .cast(pl.String)
        .str.strip_chars()
        .str.replace(r"\.0+$", "")
        .str.strip_chars("'")
    )
    known = pl.when(text.is_not_null()).then(text.str.to_lowercase().hash())
    path = spill.path / f"file-{number}-ids.parquet"
    mapped.source.frame.select(known.alias(HASH)).sink_parquet(path, compression="lz4", statistics=False)
    return pl.scan_parquet(path)


def read_of(mapped: Mapped, wanted: Wanted, options: Options) -> set[str]:
    """The columns of a file that are read."""
    readers = plan(mapped, wanted[mapped.table], options, rated=is_rated([mapped], wanted)).readers
    names = {name for expr in scanned(readers) for name in expr.meta.root_names()}
    return names | {each.header for each in readers}


def is_rated(mapped: Iterable[Mapped], wanted: Wanted) -> bool:
    """Whether tickets carry ratings that are answers of surveys."""
    return "surveys" in wanted and any(each.table == TICKETS and RATED in each.fields for each in mapped)


def first_event(events: Mapped, options: Options) -> datetime | None:
    """When the first event of some was; some rows at a time."""
    readers = [each for each in plan(events, (), options, rated=False).readers if each.name in (ID, "at")]
    scan, found = events.source.frame, list[datetime | None]()
    for start in range(0, int(scan.select(pl.len()).collect().item()), PIECE):
        rows, _ = coerced(scan.slice(start, PIECE).select(*scanned(readers)).collect(), readers)
        found.append(rows.filter(pl.col(ID).is_not_null())["at"].min())  # type: ignore[arg-type]  # a date
    return earliest(found)


def earliest(moments: Iterable[datetime | None]) -> datetime | None:
    """The first of those that there are."""
    return min((each for each in moments if each is not None), default=None)


def _with_frame(mapped: Mapped, frame: pl.LazyFrame) -> Mapped:
    return replace(mapped, source=replace(mapped.source, frame=frame))


def _shared(hashes: Sequence[pl.LazyFrame]) -> pl.Series:
    """The ids of more than one row; of very many, some of them are looked at after others."""
    every, number = pl.concat(hashes), pl.col(HASH)
    turns = every.select(number.count()).collect().item() // _AT_ONCE + 1
    found = [pl.Series(HASH, dtype=pl.UInt64)]
    for turn in range(turns):
        order = ordered(every.filter(number % turns == turn).collect()[HASH])
        found.append(order.filter((order == order.shift()).fill_null(value=False)).unique())
    return pl.concat(found)


def _part(mapped: Mapped, rows: pl.LazyFrame, *, first: bool) -> Mapped:
    """Some rows of a file; what is said of the whole file is said with the first of them."""
    part = _with_frame(mapped, rows)
    if first:
        return part
    return replace(part, source=replace(part.source, rejects=(), apart=0, notices=(), remarks=()))


def loaded_of(
    mapped: Sequence[Mapped], wanted: Wanted, options: Options, since: datetime | None = None
) -> tuple[dict[str, Loaded], pl.DataFrame | None]:
    """Some tickets, with their events and how far both reach; and the ratings that they carry."""
    some = {name: wanted[name] for name in (*SPREAD, "surveys") if name in wanted}
    if is_rated(mapped, wanted) or any(each.table == EVENTS for each in mapped):
        some[TICKETS] = some[TICKETS] | {ID}  # which tells where events go, and ratings
    loaded = load(mapped, some, options, piece=True, since=since)
    ratings = loaded["surveys"].frame if is_rated(mapped, wanted) else None
    return {name: _dated(loaded[name]) for name in SPREAD if name in loaded}, ratings


def _dated(loaded: Loaded) -> Loaded:
    return replace(loaded, span=loaded.span or date_range(loaded.table, loaded.frame))

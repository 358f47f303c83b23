"""Exports of tickets read piece by piece, each as a whole export would be; what is odd about the pieces adds up."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from math import ceil
from pathlib import Path

import polars as pl

from cx_kpi.engine.buckets.on_disk import PLAIN
from cx_kpi.engine.buckets.spill import Spill
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Options
from cx_kpi.model.report import Notice, Source
from cx_kpi.normalise.load import load
from cx_kpi.normalise.mapping.reading_plan import plan
from cx_kpi.normalise.tables.combine import Loaded, Tally
from cx_kpi.normalise.tables.file_rows import by_member
from cx_kpi.normalise.values.coerce import scanned
from cx_kpi.normalise.vocabulary.date_range import date_range
from cx_kpi.normalise.vocabulary.notice_messages import MESSAGES
from cx_kpi.normalise.vocabulary.notices import notice
from cx_kpi.normalise.vocabulary.rules import Mapped
from cx_kpi.wording.language import Language

TICKETS, ID = "tickets", "ticket_id"
OF_COLUMNS = {  # notices of a column as a whole, by a share of its cells
    "repeated_ids",
    "much_unread",
    "answered_after_solved",
    "answered_at_once",
    "answered_together",
    "constant_status",
}
Key = tuple[str, str | None, str | None, str | None]  # code, table, field and path of a notice
PIECE = 1_000_000  # rows


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of some files, as tickets: in each file those that its mask holds, from the row `start` on."""

    loaded: Loaded
    files: tuple[Mapped, ...]
    masks: tuple[pl.Series, ...]
    start: int


def pieces(
    mapped: Sequence[Mapped], wanted: Mapping[str, set[str]], options: Options, spill: Spill, size: int
) -> Iterator[Piece]:
    """The tickets of some files in pieces of so many rows; rows that share an id are in one piece.

    Every piece is read by the samples of the whole files. Raises `InputProblem` as `load` does.
    """
    files = _Files([*chain.from_iterable(map(_alone, mapped))], wanted, options, spill)
    yield from files.with_own_ids(size)
    yield from files.with_shared_ids(size)


def _alone(mapped: Mapped) -> Iterable[Mapped]:
    """Each of several files that are read as one."""
    return by_member(mapped) if mapped.source.members else (mapped,)


class _Files:
    """Files of tickets, and which of their rows share an id with others."""

    def __init__(
        self, files: Sequence[Mapped], wanted: Mapping[str, set[str]], options: Options, spill: Spill
    ) -> None:
        self.files, self.wanted, self.options = files, wanted, options
        self.ready = [_needed(each, wanted, options, spill, number) for number, each in enumerate(files)]
        self.ids = [_ids(each) for each in self.ready]
        shared = _shared(self.ids).implode()
        self.shared = [each.is_in(shared).fill_null(value=False) for each in self.ids]
        self.new = set(range(len(files)))  # of which nothing was read yet

    def with_own_ids(self, size: int) -> Iterator[Piece]:
        """The rows that share no id, file by file."""
        for number, shared in enumerate(self.shared):
            for start in range(0, len(shared), size):
                own = ~shared.slice(start, size)
                if own.any():
                    yield self._piece({number: own}, start)

    def with_shared_ids(self, size: int) -> Iterator[Piece]:
        """The others, those of one id together; and files without any rows."""
        turns = max(1, ceil(sum(int(each.sum()) for each in self.shared) / size))
        for turn in range(turns):
            last = turn == turns - 1
            masks = {number: self._turn(number, turns, turn) for number in range(len(self.files))}
            masks = {n: mask for n, mask in masks.items() if mask.any() or (last and n in self.new)}
            if masks:
                yield self._piece(masks)

    def _turn(self, number: int, turns: int, turn: int) -> pl.Series:
        return self.shared[number] & (self.ids[number] % turns == turn).fill_null(value=False)

    def _piece(self, masks: Mapping[int, pl.Series], start: int = 0) -> Piece:
        parts = [_part(self.ready[n], start, mask, first=n in self.new) for n, mask in masks.items()]
        self.new.difference_update(masks)
        loaded = loaded_of(parts, self.wanted, self.options)
        return Piece(loaded, tuple(self.files[n] for n in masks), tuple(masks.values()), start)


def _needed(
    mapped: Mapped, wanted: Mapping[str, set[str]], options: Options, spill: Spill, number: int
) -> Mapped:
    """The file with the columns that are read alone; on our disk in a form that is quick to read piece by piece."""
    readers = plan(mapped, wanted[TICKETS], options, rated=False).readers
    names = {name for expr in scanned(readers) for name in expr.meta.root_names()}
    names |= {each.header for each in readers}
    frame = mapped.source.frame
    frame = frame.select(name for name in frame.collect_schema().names() if name in names)
    path = spill.path / f"file-{number}.parquet"
    frame.sink_parquet(path, compression="lz4", statistics=False)
    return _with_frame(mapped, pl.scan_parquet(path))


def _with_frame(mapped: Mapped, frame: pl.LazyFrame) -> Mapped:
    return replace(mapped, source=replace(mapped.source, frame=frame))


def _ids(mapped: Mapped) -> pl.Series:
    """A hash of the id of each row, without what ids of one ticket may differ in as they are written."""
    text = pl.col(mapped.fields[ID].header).cast(pl.String).str.strip_chars().str.replace(r"\.0+$", "")
    known = pl.when(text.is_not_null()).then(text.str.to_lowercase().hash())
    return mapped.source.frame.select(known.alias(ID)).collect()[ID]


def _shared(ids: Sequence[pl.Series]) -> pl.Series:
    """The ids of more than one row."""
    order = pl.concat(ids).drop_nulls().sort() if ids else pl.Series(dtype=pl.UInt64)
    return order.filter((order == order.shift()).fill_null(value=False)).unique()


def _part(mapped: Mapped, start: int, mask: pl.Series, *, first: bool) -> Mapped:
    """Some rows of a file, from this one on; what is said of the whole file is said with the first of them."""
    rows = mapped.source.frame.slice(start, len(mask)).filter(pl.lit(mask))
    source = replace(mapped.source, frame=rows)
    if not first:
        source = replace(source, rejects=(), apart=0, notices=(), remarks=())
    return replace(mapped, source=source)


def loaded_of(mapped: Sequence[Mapped], wanted: Mapping[str, set[str]], options: Options) -> Loaded:
    """The tickets of some rows, and how far these reach."""
    loaded = load(mapped, {TICKETS: wanted[TICKETS]}, options)[TICKETS]
    return replace(loaded, span=loaded.span or date_range(TICKETS, loaded.frame))


def joined(pieces: Sequence[Piece], language: Language) -> Loaded:
    """The account of all pieces as one; their rows are elsewhere."""
    accounts = [each.loaded for each in pieces]
    spans = [each.span for each in accounts if each.span]
    span = (min(first for first, _ in spans), max(last for _, last in spans)) if spans else None
    frame = pl.concat([each.frame for each in accounts], how="diagonal")
    return replace(
        accounts[0],
        frame=frame,
        fields=frozenset(frame.columns),
        sources=_added([*chain.from_iterable(each.sources for each in accounts)]),
        notices=_told(accounts, language),
        tallies=_tallied(pieces),
        span=span,
    )


def _added(sources: Sequence[Source]) -> list[Source]:
    """Each file with the rows of all its pieces."""
    found: dict[str, Source] = {}
    for each in sources:
        met = found.get(each.path)
        found[each.path] = each if met is None else _sum(met, each)
    return [*found.values()]


def _sum(one: Source, other: Source) -> Source:
    counts = ("rows", "used", "set_aside", "filtered")
    return replace(one, **{name: getattr(one, name) + getattr(other, name) for name in counts})


def _told(accounts: Sequence[Loaded], language: Language) -> list[Notice]:
    """One notice of each kind, field and file, the rows of all pieces added up.

    What is doubtful of a whole column is told where it is so in the pieces that most of the rows are in.
    """
    found: dict[Key, list[Notice]] = defaultdict(list)
    rows: Counter[Key] = Counter()
    for account in accounts:
        for each in account.notices:
            key = (each.code, each.table, each.field, each.path)
            found[key].append(each)
            rows[key] += sum(source.rows for source in account.sources)
    every = sum(source.rows for account in accounts for source in account.sources)
    return [
        _one(each, language)
        for key, each in found.items()
        if key[0] not in OF_COLUMNS or 2 * rows[key] > every
    ]


def _one(notices: Sequence[Notice], language: Language) -> Notice:
    """Notices of one kind as one."""
    first, rows = notices[0], sum(each.rows or 0 for each in notices)
    if len(notices) == 1 or not rows or first.code not in MESSAGES.keys() | _BY_FIELD:
        return first
    told = notice(
        first.code, language, table=first.table, field=first.field, rows=rows, example=first.example
    )
    return replace(told, path=first.path, level=first.level)


_BY_FIELD = {name.partition(".")[0] for name in MESSAGES}


def _tallied(pieces: Sequence[Piece]) -> tuple[Tally, ...]:
    """What was made of each row of each file, in the order of its rows."""
    found: dict[str, list[tuple[Mapped, Tally, pl.Series, int]]] = defaultdict(list)
    for piece in pieces:
        for file, tally, mask in zip(piece.files, piece.loaded.tallies, piece.masks, strict=True):
            found[file.source.path].append((file, tally, mask, piece.start))
    return tuple(_whole(each) for each in found.values())


def _whole(parts: Sequence[tuple[Mapped, Tally, pl.Series, int]]) -> Tally:
    """The tally of a file from those of its pieces."""
    file, first = parts[0][:2]
    code = pl.zeros(sum(len(tally.code) for _, tally, *_ in parts), dtype=pl.UInt8, eager=True)
    cells: Counter[str] = Counter()
    for _, tally, mask, start in parts:
        code = code.scatter(mask.arg_true() + start, tally.code)
        cells.update(tally.cells)
    odd = [*chain.from_iterable(tally.odd for _, tally, *_ in parts)]
    return Tally(replace(first.plan, mapped=file), code, dict(cells), odd)


def bucket_of(rows: pl.DataFrame, buckets: int) -> pl.Expr:
    """The bucket of each row, by its customer; of those without one anyhow."""
    ids = [name for name in ("customer_id", ID) if name in rows.columns]
    return pl.coalesce(*ids, pl.int_range(pl.len()).cast(pl.UInt64)).hash(11) % buckets


def written(rows: pl.DataFrame, folder: Path, number: int, buckets: int) -> None:
    """The rows of a piece, split by the customer; those without one anyhow."""
    placed = rows.with_columns(PLAIN).with_columns(bucket=bucket_of(rows, buckets))
    for (bucket,), some in placed.partition_by("bucket", as_dict=True, include_key=False).items():
        some.write_parquet(folder / f"{bucket:04d}-{number:04d}.parquet", compression="lz4", statistics=False)

"""Exports of tickets read piece by piece, each as a whole export would be; what is odd about the pieces adds up."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import polars as pl

from cx_kpi.engine.buckets.spill import Spill
from cx_kpi.model.options import Options
from cx_kpi.model.report import Notice, Source
from cx_kpi.normalise.load import load
from cx_kpi.normalise.mapping.reading_plan import plan
from cx_kpi.normalise.tables.combine import Loaded, Tally
from cx_kpi.normalise.tables.file_rows import by_member
from cx_kpi.normalise.values.coerce import scanned
from cx_kpi.normalise.vocabulary.date_range import date_range
from cx_kpi.normalise.vocabulary.notices import MESSAGES, notice
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


def pieces(
    mapped: Sequence[Mapped],
    wanted: Mapping[str, set[str]],
    options: Options,
    spill: Spill,
    size: int = PIECE,
) -> Iterator[Loaded]:
    """The tickets of some files in pieces of so many rows; rows that share an id are all in the last.

    Every piece is read by the samples of the whole files. Raises `InputProblem` as `load` does.
    """
    files = [one for each in mapped for one in (by_member(each) if each.source.members else [each])]
    files = [_needed(each, wanted, options, spill, number) for number, each in enumerate(files)]
    ids = [_ids(each) for each in files]
    shared = _shared(ids)
    said = set[int]()
    for number, each in enumerate(files):
        alone = ~ids[number].is_in(shared.implode())
        for start in range(0, len(alone), size):
            rows = each.source.frame.slice(start, size).filter(pl.lit(alone.slice(start, size)))
            yield _loaded([_part(each, rows, first=number not in said)], wanted, options)
            said.add(number)
    if len(shared):
        again = [
            _part(
                each,
                each.source.frame.filter(pl.lit(ids[number].is_in(shared.implode()))),
                first=number not in said,
            )
            for number, each in enumerate(files)
        ]
        yield _loaded(again, wanted, options)


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


def _part(mapped: Mapped, rows: pl.LazyFrame, *, first: bool) -> Mapped:
    """Some rows of a file; what is said of the whole file is said with the first of them."""
    source = replace(mapped.source, frame=rows)
    if not first:
        source = replace(source, rejects=(), apart=0, notices=(), remarks=())
    return replace(mapped, source=source)


def _loaded(mapped: Sequence[Mapped], wanted: Mapping[str, set[str]], options: Options) -> Loaded:
    loaded = load(mapped, {TICKETS: wanted[TICKETS]}, options)[TICKETS]
    return replace(loaded, span=loaded.span or date_range(TICKETS, loaded.frame))


def joined(accounts: Sequence[Loaded], language: Language) -> Loaded:
    """The account of all pieces as one; their rows are elsewhere."""
    spans = [each.span for each in accounts if each.span]
    span = (min(first for first, _ in spans), max(last for _, last in spans)) if spans else None
    return replace(
        accounts[0],
        sources=_added([*chain.from_iterable(each.sources for each in accounts)]),
        notices=_told(accounts, language),
        tallies=_tallied([*chain.from_iterable(each.tallies for each in accounts)]),
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


def _tallied(tallies: Sequence[Tally]) -> tuple[Tally, ...]:
    """What was made of each row of each file."""
    found: dict[str, Tally] = {}
    for each in tallies:
        path = each.plan.mapped.source.path
        met = found.get(path)
        if met is None:
            found[path] = each
            continue
        cells = {name: met.cells.get(name, 0) + n for name, n in each.cells.items()}
        found[path] = replace(
            met, code=pl.concat([met.code, each.code]), cells=cells, odd=[*met.odd, *each.odd]
        )
    return tuple(found.values())


def written(loaded: Loaded, folder: Path, number: int, buckets: int) -> None:
    """The rows of a piece, split by the customer; those without one anyhow."""
    ids = [name for name in ("customer_id", ID) if name in loaded.frame.columns]
    place = pl.coalesce(*ids, pl.int_range(pl.len()).cast(pl.UInt64)).hash(11) % buckets
    frame = loaded.frame.with_columns(pl.col(pl.Categorical).cast(pl.String), bucket=place)
    for (bucket,), rows in frame.partition_by("bucket", as_dict=True, include_key=False).items():
        rows.write_parquet(folder / f"{bucket:04d}-{number:04d}.parquet", compression="lz4", statistics=False)

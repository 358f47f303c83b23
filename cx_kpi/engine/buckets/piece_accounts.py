"""The accounts of pieces of the same files added up, as if these had been read at once."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain

import polars as pl

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Notice, Source
from cx_kpi.normalise.tables.combine import Loaded, Tally
from cx_kpi.normalise.vocabulary.notice_messages import MESSAGES
from cx_kpi.normalise.vocabulary.notices import notice
from cx_kpi.normalise.vocabulary.rules import Mapped
from cx_kpi.wording.language import Language

TICKETS, EVENTS, ID = "tickets", "ticket_events", "ticket_id"
SPREAD = (TICKETS, EVENTS)  # tables whose rows are in buckets
NUMBER = "cxkpi:row"  # the place of a row among all: of rows of one moment the last counts
OF_COLUMNS = {  # notices of a column as a whole, by a share of its cells
    "repeated_ids",
    "much_unread",
    "answered_after_solved",
    "answered_at_once",
    "answered_together",
    "constant_status",
}
Key = tuple[str, str | None, str | None, str | None]  # code, table, field and path of a notice


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of some files of a table: in each file those that its mask holds, from the row `start` on."""

    loaded: Loaded
    files: tuple[Mapped, ...]
    masks: tuple[pl.Series, ...]
    start: int


@dataclass(frozen=True, slots=True)
class Reading:
    """Some tickets with their events: a piece of each table, the ratings they carry, and those that other rows name.

    Tickets, and their ratings, have the number of their row.
    """

    pieces: Mapping[str, Piece]
    ratings: pl.DataFrame | None = None
    asked: pl.DataFrame | None = None

    @property
    def frames(self) -> dict[str, pl.DataFrame]:
        """The rows of each table."""
        return {name: each.loaded.frame for name, each in self.pieces.items()}

    def account(self, named: pl.Series) -> "Reading":
        """What is to be known of them, without their rows; but of the tickets that other rows name."""
        tickets = self.pieces[TICKETS].loaded
        every = tickets.frame if tickets.every is None else tickets.every
        asked = every.filter(pl.col(ID).is_in(named.implode())) if len(named) else tickets.frame.clear()
        return Reading({name: _bare(each) for name, each in self.pieces.items()}, self.ratings, asked)


def _bare(piece: Piece) -> Piece:
    frame = piece.loaded.frame.clear().drop(NUMBER, strict=False)
    return replace(piece, loaded=replace(piece.loaded, frame=frame, every=None))


def numbered(
    loaded: Mapping[str, Loaded], ratings: pl.DataFrame | None, numbers: pl.Series
) -> tuple[dict[str, Loaded], pl.DataFrame | None]:
    """Tickets with the numbers of their rows, given those of all rows that were read; and their ratings."""
    tickets = loaded[TICKETS]
    counts = pl.concat([each.code for each in tickets.tallies]) == 0
    frame = tickets.frame.with_columns(numbers.filter(counts).cast(pl.Int64).alias(NUMBER))
    if ratings is not None:
        ratings = ratings.join(frame.select(ID, NUMBER), on=ID, how="left", maintain_order="left")
    return {**loaded, TICKETS: replace(tickets, frame=frame)}, ratings


def in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows by their numbers, without these."""
    if NUMBER not in rows.columns:
        return rows
    return (rows if rows[NUMBER].is_sorted() else rows.sort(NUMBER)).drop(NUMBER)


def gathered(accounts: Sequence[Reading], language: Language) -> dict[str, Loaded]:
    """The account of each table; in memory are the tickets that others name, and as surveys the ratings of tickets."""
    held = {name: [each.pieces[name] for each in accounts if name in each.pieces] for name in SPREAD}
    found = {name: joined(pieces, language) for name, pieces in held.items() if pieces}
    asked = _together([each.asked for each in accounts])
    found[TICKETS] = replace(
        found[TICKETS], every=None if asked is None else asked.drop(NUMBER, strict=False)
    )
    ratings = _together([each.ratings for each in accounts])
    if ratings is not None:
        rows = in_order(ratings)
        found["surveys"] = Loaded("surveys", rows, frozenset(rows.columns), [], [])
    return found


def _together(frames: Sequence[pl.DataFrame | None]) -> pl.DataFrame | None:
    known = [each for each in frames if each is not None]
    return pl.concat(known, how="diagonal") if known else None


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
    example = _counted(notices) if first.code == "restated" else first.example
    told = notice(first.code, language, table=first.table, field=first.field, rows=rows, example=example)
    return replace(told, path=first.path, level=first.level)


def _counted(notices: Sequence[Notice]) -> str:
    """The columns that events changed, and in how many tickets: `status 3, solved_at 2`."""
    found: Counter[str] = Counter()
    for each in notices:
        told = (words.rpartition(" ") for words in (each.example or "").split(", ") if words)
        found.update({name: int(rows) for name, _, rows in told})
    return ", ".join(f"{name} {rows}" for name, rows in found.items())


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

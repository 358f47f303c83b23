"""The metrics in a terminal: one table through all groups, with as many columns as the width allows."""

from collections.abc import Iterable, Iterator
from operator import attrgetter

from rich.cells import cell_len
from rich.text import Text

from cx_kpi.model.frozen import dataclass
from cx_kpi.render.elements.report_view import Group, Heads, Row, Tone
from cx_kpi.render.elements.spark import blocks
from cx_kpi.render.terminal import marks
from cx_kpi.render.terminal.text_columns import Column, Piece, broken, first, headlines, needed, rest

TITLE = 40  # cells: a title breaks into lines rather than take more
INDENT = "\N{NO-BREAK SPACE}" * 2
VALUE = 16  # cells: a longer value goes to the line below


@dataclass(frozen=True, slots=True)
class Room:
    """The least room for titles, which columns beside them, and how many periods of history."""

    title: int
    interval: bool = False
    words: bool = False
    n: bool = True
    change: bool = True
    usual: bool = True
    whole: bool = True
    history: int = 0


ROOMS = (
    Room(title=30, interval=True, words=True, history=24),
    Room(title=28, interval=True, words=True, history=12),
    Room(title=28, words=True, history=12),
    Room(title=26, words=True, history=8),
    Room(title=26, history=12),
    Room(title=24, history=8),
    Room(title=24),
    Room(title=20, history=8, usual=False),
    Room(title=20, usual=False),
    Room(title=20, usual=False, n=False),
    Room(title=20, usual=False, n=False, whole=False),
    Room(title=0, usual=False, n=False, whole=False, change=False),
)


def metric_lines(groups: list[Group], heads: Heads, width: int, glyphs: bool) -> Iterator[Text]:
    """The lines of all groups."""
    rows = [row for group in groups for row in group.rows]
    room_of, columns = _columns(rows, heads, width, glyphs)
    room = max(width - needed(columns), 1)
    titles = max((cell_len(group.title) for group in groups), default=0)
    room = min(room, max(_longest(rows), titles), TITLE) if rows else room
    place = 0
    for group in groups:
        yield from headlines(group.title, columns, room, width)
        for row in group.rows:
            yield from _row(row, columns, place, room, width, _below(row, heads, room_of))
            place += 1


def _row(
    row: Row, columns: list[Column], place: int, room: int, width: int, below: list[str]
) -> Iterator[Text]:
    start, *more = first(Piece(_title(row), "" if row.known else "dim"), room)
    yield start + rest(columns, place)
    yield from more
    for line in broken(" · ".join(below), width - 2) if below else ():
        yield Text(f"  {line}", "dim")


def _below(row: Row, heads: Heads, room: Room) -> list[str]:
    """The lines under a metric: what has no column of its own, and its details."""
    long = [row.value] if cell_len(row.value) > VALUE else []
    usual = [f"{heads.usual.lower()} {row.usual}"] if row.usual and not room.usual else []
    whole = [f"{row.span or heads.whole}: {row.whole}"] if _is_whole_below(row, room) else []
    able = [f"{heads.able.lower()}: {row.able.text}"] if row.able.text else []
    facts = [*able, *(fact.said for fact in row.facts if fact.beside)]
    return [] if row.under else [*long, *usual, *whole, *facts]


def _title(row: Row) -> str:
    return f"{INDENT}{row.under}" if row.under else row.title


def _columns(rows: list[Row], heads: Heads, width: int, glyphs: bool) -> tuple[Room, list[Column]]:
    """The first room that the width allows, and its columns."""
    for room in ROOMS:
        columns = _of_room(rows, heads, room, glyphs)
        if needed(columns) + min(room.title, _longest(rows)) <= width:
            break
    return room, columns


def _of_room(rows: list[Row], heads: Heads, room: Room, glyphs: bool) -> list[Column]:
    """The columns of a room; those that hold nothing have no head."""
    status = [Piece(marks.status(row.status, not room.words), marks.STYLE[row.status.tone]) for row in rows]
    drawn = [_drawn(row, room, glyphs) for row in rows]
    columns = [
        (True, Column(heads.value, [*map(_value, rows)])),
        (room.interval, _dim(heads.interval, map(attrgetter("interval"), rows))),
        (room.n, _dim(heads.n, map(attrgetter("n"), rows))),
        (True, Column(heads.target, [Piece(row.target) for row in rows])),
        (True, Column(heads.status if room.words else "", status, right=False)),
        (room.change, Column(heads.change, [*map(_change, rows)], right=False)),
        (room.usual, _dim(heads.usual, map(attrgetter("usual"), rows))),
        (room.whole, _dim(heads.whole, [*map(_whole, rows)])),
        (bool(room.history), Column(heads.history, drawn, right=False)),
    ]
    return [column for shown, column in columns if shown and any(piece.text for piece in column.pieces)]


def _value(row: Row) -> Piece:
    return Piece(_short(row.value), _value_style(row))


def _change(row: Row) -> Piece:
    return Piece(marks.change(row), _change_style(row))


def _drawn(row: Row, room: Room, glyphs: bool) -> Piece:
    return Piece(blocks(row.history, room.history) if room.history and glyphs else "", "cyan")


def _dim(head: str, texts: Iterable[str]) -> Column:
    return Column(head, [Piece(text, "dim") for text in texts])


def _whole(row: Row) -> str:
    """The value of the window, where that is what its head says."""
    return "" if row.span else _short(row.whole)


def _is_whole_below(row: Row, room: Room) -> bool:
    return bool(row.whole) and (not room.whole or bool(row.span) or cell_len(row.whole) > VALUE)


def _short(text: str) -> str:
    """The text, where it is no longer than a column of values."""
    return text if cell_len(text) <= VALUE else ""


def _longest(rows: list[Row]) -> int:
    return max((cell_len(_title(row)) for row in rows), default=0)


def _change_style(row: Row) -> str:
    return "dim" if row.verdict.tone is Tone.UNSURE else marks.STYLE[row.verdict.tone]


def _value_style(row: Row) -> str:
    return "bold" if row.known else "dim"

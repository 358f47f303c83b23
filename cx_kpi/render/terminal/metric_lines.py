"""The metrics in a terminal: one table through all groups, with as many columns as the width allows."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

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
    history: int = 0


ROOMS = (
    Room(title=30, interval=True, words=True, history=24),
    Room(title=28, interval=True, words=True, history=12),
    Room(title=32, words=True, history=18),
    Room(title=28, words=True, history=12),
    Room(title=26, words=True, history=8),
    Room(title=24, history=8),
    Room(title=20),
    Room(title=20, n=False),
    Room(title=0, n=False, change=False),
)


def metric_lines(groups: list[Group], heads: Heads, width: int, glyphs: bool) -> Iterator[Text]:
    """The lines of all groups."""
    rows = [row for group in groups for row in group.rows]
    columns = _columns(rows, heads, width, glyphs)
    room = max(width - needed(columns), 1)
    titles = max((cell_len(group.title) for group in groups), default=0)
    room = min(room, max(_longest(rows), titles), TITLE) if rows else room
    place = 0
    for group in groups:
        yield from headlines(group.title, columns, room, width)
        for row in group.rows:
            yield from _row(row, columns, place, room, width)
            place += 1


def _row(row: Row, columns: list[Column], place: int, room: int, width: int) -> Iterator[Text]:
    start, *more = first(Piece(_title(row), "" if row.known else "dim"), room)
    yield start + rest(columns, place)
    yield from more
    below = [row.value] if cell_len(row.value) > VALUE else []
    below += [fact.said for fact in row.facts if fact.beside and not row.under]
    for line in broken(" · ".join(below), width - 2) if below else ():
        yield Text(f"  {line}", "dim")


def _title(row: Row) -> str:
    return f"{INDENT}{row.under}" if row.under else row.title


def _columns(rows: list[Row], heads: Heads, width: int, glyphs: bool) -> list[Column]:
    """The columns of the first room that the width allows."""
    for room in ROOMS:
        columns = _of_room(rows, heads, room, glyphs)
        if needed(columns) + min(room.title, _longest(rows)) <= width:
            return columns
    return columns


def _of_room(rows: list[Row], heads: Heads, room: Room, glyphs: bool) -> list[Column]:
    values = [Piece(row.value if cell_len(row.value) <= VALUE else "", _value_style(row)) for row in rows]
    columns = [Column(heads.value, values)]
    if room.interval:
        columns.append(Column(heads.interval, [Piece(row.interval, "dim") for row in rows]))
    if room.n:
        columns.append(Column(heads.n, [Piece(row.n, "dim") for row in rows]))
    columns.append(Column(heads.target, [Piece(row.target) for row in rows]))
    status = [Piece(marks.status(row.status, not room.words), marks.STYLE[row.status.tone]) for row in rows]
    columns.append(Column(heads.status if room.words else "", status, right=False))
    if room.change:
        changes = [Piece(marks.change(row), _change_style(row)) for row in rows]
        columns.append(Column(heads.change, changes, right=False))
    if room.history and glyphs:
        pieces = [Piece(blocks(row.history, room.history), "cyan") for row in rows]
        columns.append(
            Column(heads.history if any(piece.text for piece in pieces) else "", pieces, right=False)
        )
    return columns


def _longest(rows: list[Row]) -> int:
    return max((cell_len(_title(row)) for row in rows), default=0)


def _change_style(row: Row) -> str:
    return "dim" if row.verdict.tone is Tone.UNSURE else marks.STYLE[row.verdict.tone]


def _value_style(row: Row) -> str:
    return "bold" if row.known else "dim"

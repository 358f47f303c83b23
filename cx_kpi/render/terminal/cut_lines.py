"""Segments in a terminal: the judged metrics, a column for each segment, or a line where they are many."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from cx_kpi.render.elements.report_view import Cell, Cut, Table, Tone
from cx_kpi.render.terminal import marks
from cx_kpi.render.terminal.more import more
from cx_kpi.render.terminal.text_columns import (
    RULE,
    Column,
    Piece,
    broken,
    cropped,
    first,
    headlines,
    needed,
    rest,
)
from cx_kpi.wording.language import Language

FEW = 16  # metrics that are all shown, as where somebody named them
ROWS = 2  # of each group of metrics, where they are more
SEGMENTS = 12  # the largest
TITLE = 24  # cells
METRIC = 17  # cells of a title above its column


def cut_lines(cut: Cut, language: Language, width: int) -> Iterator[Text]:
    """The metrics by segment: all of a few, else those that have a target, else the first ones."""
    rows = _rows(cut.tables)
    heads, whole = (cut.tables[0].heads[1:-1], cut.tables[0].heads[-1]) if cut.tables else ([], "")
    shown = [*heads[:SEGMENTS], whole]
    rows = [[*row[: len(shown)], row[-1]] for row in rows]
    columns = [_column(head, [row[place] for row in rows]) for place, head in enumerate(shown, 1)]
    longest = max((cell_len(row[0].text) for row in rows), default=TITLE)
    if needed(columns) <= width - min(longest, TITLE):
        room = min(longest, max(width - needed(columns), 1))
        yield from headlines(cut.title, columns, room, width)
        yield from _block([row[0].text for row in rows], columns, room)
    else:
        yield from _segments(cut.title, shown, rows, width)
    yield from more(_hidden(cut, len(heads) - SEGMENTS, len(rows), language), language, width)


def _rows(tables: Sequence[Table]) -> list[list[Cell]]:
    every = [row for table in tables for row in table.rows]
    if len(every) <= FEW:
        return every
    return [row for table in tables for row in _judged(table)] or [table.rows[0] for table in tables]


def _segments(title: str, heads: list[str], rows: list[list[Cell]], width: int) -> Iterator[Text]:
    """A line for each segment, the metrics in as many blocks of columns as the width needs."""
    names = [cropped(head, TITLE) for head in heads]
    room = max(map(cell_len, names))
    columns = [_metric(row[0].text, row[1 : len(heads) + 1]) for row in rows]
    for place, block in enumerate(_evenly(columns, width - room)):
        yield from [Text(RULE * width, "dim")] if place else headlines(title, (), width, width)
        high = max(len(column.pieces) for column in block) - len(names)
        for line, name in enumerate([*[""] * high, *names]):
            level = [_sunk(column, high + len(names)) for column in block]
            yield Text(name + " " * (room - cell_len(name))) + rest(level, line)


def _metric(title: str, cells: list[Cell]) -> Column:
    """A column under the lines of its title."""
    return Column("", [*(Piece(line, "dim") for line in broken(title, METRIC)), *_pieces(cells)])


def _sunk(column: Column, high: int) -> Column:
    """The column with empty lines above, up to this height."""
    return Column("", [*[Piece("")] * (high - len(column.pieces)), *column.pieces])


def _judged(table: Table) -> list[list[Cell]]:
    """The first rows of a table that hold a verdict."""
    return [row for row in table.rows if any(cell.tone is not Tone.PLAIN for cell in row)][:ROWS]


def _column(head: str, cells: list[Cell]) -> Column:
    return Column(cropped(head, TITLE), _pieces(cells))


def _pieces(cells: list[Cell]) -> list[Piece]:
    return [Piece(cropped(_marked(cell), TITLE), marks.STYLE[cell.tone]) for cell in cells]


def _marked(cell: Cell) -> str:
    return cell.text if cell.tone is Tone.PLAIN else f"{cell.text} {marks.MARK[cell.tone]}"


def _evenly(columns: list[Column], width: int) -> list[list[Column]]:
    """As few blocks as there have to be, as equal as they can be."""
    blocks = _blocks(columns, width)
    size = -(-len(columns) // len(blocks))
    equal = [columns[start : start + size] for start in range(0, len(columns), size)]
    return equal if all(needed(block) <= width for block in equal) else blocks


def _blocks(columns: list[Column], width: int) -> list[list[Column]]:
    """The columns in blocks that fit into a width, at least one in each."""
    blocks: list[list[Column]] = [[]]
    for column in columns:
        if blocks[-1] and needed([*blocks[-1], column]) > width:
            blocks.append([])
        blocks[-1].append(column)
    return blocks


def _block(titles: list[str], columns: list[Column], room: int) -> Iterator[Text]:
    for place, title in enumerate(titles):
        start, *others = first(Piece(title), room)
        yield start + rest(columns, place)
        yield from others


def _hidden(cut: Cut, segments: int, shown: int, language: Language) -> list[str]:
    """How many segments and metrics are not shown."""
    metrics = sum(len(table.rows) for table in cut.tables) - shown
    return [
        *([language.plural("{n} more segment", "{n} more segments", segments)] if segments > 0 else []),
        *([language.plural("{n} more metric", "{n} more metrics", metrics)] if metrics > 0 else []),
    ]

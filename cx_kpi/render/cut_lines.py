"""Segments in a terminal: the judged metrics, in as many blocks of segments as the width needs."""

from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

from cx_kpi.language import Language
from cx_kpi.render import marks
from cx_kpi.render.layout import Column, Piece, cropped, first, headlines, needed, rest
from cx_kpi.render.more import more
from cx_kpi.render.view import Cell, Cut, Table, Tone

ROWS = 2  # of each group of metrics
SEGMENTS = 12  # the largest
TITLE = 24  # cells


def cut_lines(cut: Cut, language: Language, width: int) -> Iterator[Text]:
    """Blocks of the metrics that have a target, else of the first ones; how much is not shown."""
    rows = [row for table in cut.tables for row in _judged(table)] or [
        row for table in cut.tables for row in table.rows[:1]
    ]
    heads = cut.tables[0].heads[1:] if cut.tables else []
    columns = [_column(head, [row[place] for row in rows]) for place, head in enumerate(heads[:SEGMENTS], 1)]
    longest = max((cell_len(row[0].text) for row in rows), default=TITLE)
    blocks = _blocks(columns, width - min(longest, TITLE))
    room = min(longest, max(width - max(map(needed, blocks)), 1))
    for place, block in enumerate(blocks):
        yield from headlines("" if place else cut.title, block, room, width)
        yield from _block([row[0].text for row in rows], block, room)
    hidden = _hidden(cut, len(heads) - len(columns), len(rows), language)
    yield from more(hidden, language, width)


def _judged(table: Table) -> list[list[Cell]]:
    """The first rows of a table that hold a verdict."""
    return [row for row in table.rows if any(cell.tone is not Tone.PLAIN for cell in row)][:ROWS]


def _column(head: str, cells: list[Cell]) -> Column:
    return Column(
        cropped(head, TITLE), [Piece(cropped(_marked(cell), TITLE), marks.STYLE[cell.tone]) for cell in cells]
    )


def _marked(cell: Cell) -> str:
    return cell.text if cell.tone is Tone.PLAIN else f"{cell.text} {marks.MARK[cell.tone]}"


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

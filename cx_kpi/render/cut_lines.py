"""Segments in a terminal: the judged metrics, and as many segments as the width allows."""

from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

from cx_kpi.language import Language
from cx_kpi.render import marks
from cx_kpi.render.layout import Column, Piece, cropped, first, headline, needed, rest
from cx_kpi.render.view import Cell, Cut, Table, Tone

ROWS = 2  # of each group of metrics
TITLE = 24  # cells


def cut_lines(cut: Cut, language: Language, width: int) -> Iterator[Text]:
    """A table of the metrics that have a target, else of the first ones; how many segments have no room."""
    rows = [row for table in cut.tables for row in _judged(table)] or [
        row for table in cut.tables for row in table.rows[:1]
    ]
    heads = cut.tables[0].heads[1:] if cut.tables else []
    columns = _that_fit(
        [_column(head, [row[place] for row in rows]) for place, head in enumerate(heads, 1)], width
    )
    room = min(max(width - needed(columns), 1), max((cell_len(row[0].text) for row in rows), default=TITLE))
    yield headline(cut.title, columns, room, width)
    for place, row in enumerate(rows):
        yield next(first(Piece(cropped(row[0].text, room)), room)) + rest(columns, place)
    if len(columns) < len(heads):
        yield Text.assemble("  … ", language("and {n} more", n=len(heads) - len(columns)), style="dim")


def _judged(table: Table) -> list[list[Cell]]:
    """The first rows of a table that hold a verdict."""
    return [row for row in table.rows if any(cell.tone is not Tone.PLAIN for cell in row)][:ROWS]


def _column(head: str, cells: list[Cell]) -> Column:
    return Column(
        cropped(head, TITLE), [Piece(cropped(_marked(cell), TITLE), marks.STYLE[cell.tone]) for cell in cells]
    )


def _marked(cell: Cell) -> str:
    return cell.text if cell.tone is Tone.PLAIN else f"{cell.text} {marks.MARK[cell.tone]}"


def _that_fit(columns: list[Column], width: int) -> list[Column]:
    while len(columns) > 1 and needed(columns) + TITLE > width:
        columns = columns[:-1]
    return columns

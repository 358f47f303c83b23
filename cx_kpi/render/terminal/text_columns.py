"""Columns of text for a terminal: how wide each is, which to leave out, and one line after another."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from cx_kpi.model.frozen import dataclass
from cx_kpi.render.terminal.marks import ELLIPSIS

ACCENT = "bold cyan"
RULE = "─"
GAP = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A text and its style."""

    text: str
    style: str = ""


@dataclass(frozen=True)  # without slots: its width is kept
class Column:
    """A head and a piece for each row; `right` puts them to the right."""

    head: str
    pieces: Sequence[Piece]
    right: bool = True

    @cached_property
    def width(self) -> int:
        """Cells needed by the widest piece."""
        return max(
            (cell_len(text) for text in (self.head, *(piece.text for piece in self.pieces))), default=0
        )


def needed(columns: Iterable[Column]) -> int:
    """Cells that these columns take, gaps before each included."""
    return sum(column.width + GAP for column in columns if column.width)


def headlines(title: str, columns: Sequence[Column], room: int, width: int) -> Iterator[Text]:
    """A title and the heads of the columns, the title in lines of its own where it needs more than its room."""
    if cell_len(title) <= room:
        yield _headline(title, columns, room, width)
        return
    lines = broken(title, width)
    above, last = (lines, "") if columns else (lines[:-1], lines[-1])
    yield from (Text(line, ACCENT) for line in above)
    yield _headline(last, columns, room if columns else width, width)


def _headline(title: str, columns: Iterable[Column], room: int, width: int) -> Text:
    """A title and the heads of the columns, a rule between them and up to the width."""
    line = title + " " * (room - cell_len(title))
    for column in columns:
        if column.width:
            space = " " * (column.width - cell_len(column.head))
            line += " " * GAP + (space + column.head if column.right else column.head + space)
    line = re.sub(
        " {3,}", lambda gap: f"{' ' if gap.start() else RULE}{RULE * (len(gap[0]) - 2)} ", line.rstrip() + " "
    )
    text = Text(line + RULE * (width - cell_len(line)), "dim")
    text.stylize(f"not dim {ACCENT}", 0, len(title))
    return text


def rest(columns: Iterable[Column], row: int) -> Text:
    """One line of the columns after the first."""
    line = Text()
    for column in columns:
        if column.width:
            piece = column.pieces[row]
            space = " " * (column.width - cell_len(piece.text))
            line.append(" " * GAP + (space if column.right else ""))
            line.append(piece.text, piece.style)
            line.append("" if column.right else space)
    return line


def first(piece: Piece, width: int) -> Iterator[Text]:
    """The lines of the first column: a text broken at words to this width, each line filled up."""
    for text in broken(piece.text, width):
        line = Text(text, piece.style)
        line.pad_right(width - cell_len(text))
        yield line


def broken(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells, broken at spaces, inside a word only where one is too long."""
    lines = [""]
    for word in text.split(" "):
        piece = word
        if lines[-1] and cell_len(lines[-1]) + 1 + cell_len(piece) <= width:
            lines[-1] += f" {piece}"
            continue
        if lines[-1]:
            lines.append("")
        while cell_len(piece) > width:
            head = set_cell_size(piece, max(width, 0)).rstrip() or piece[0]
            lines[-1:] = [head, ""]
            piece = piece[len(head) :]
        lines[-1] = piece
    return lines


def cropped(text: str, width: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + ELLIPSIS

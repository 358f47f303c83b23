"""Where the table begins in a delimited file, and what its columns are called."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cx_kpi.read.grammar import Grammar, gather
from cx_kpi.read.names import unique
from cx_kpi.report import Level, Notice

_LOOKED_AT = 200  # rows
_FILLERS = ("", "response", "open-ended response")  # second header cells that add nothing


@dataclass(frozen=True, slots=True)
class Row:
    """One row near the beginning of the file: its cells, and the line after its last."""

    cells: list[str]
    text: str
    after: int

    @property
    def filled(self) -> int:
        """How many cells hold something."""
        return sum(bool(cell.strip()) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A column whose cells look alike and hold digits: it tells a row from a line of running text."""

    place: int
    shapes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the rows begin and how wide they are."""

    headers: tuple[str, ...]
    header: tuple[str, ...]  # its cells as written, to know it when it comes again
    text: str  # its first row as written
    named: tuple[bool, ...]  # which columns have a name of their own
    lines: int  # before the first row
    anchor: Anchor | None
    notices: tuple[Notice, ...]

    @property
    def width(self) -> int:
        """Cells in a row."""
        return len(self.headers)

    def is_anchored(self, cells: Sequence[str]) -> bool:
        """Whether these cells, as many as there are, can be the beginning of a row."""
        anchor = self.anchor
        return (
            anchor is not None and len(cells) > anchor.place and shape(cells[anchor.place]) in anchor.shapes
        )

    def begins(self, line: str, grammar: Grammar) -> bool:
        """Whether the line looks like the beginning of a row, quotes aside."""
        cells = line.split(grammar.separator)
        return len(cells) >= self.width and self.is_anchored(cells)


def lay_out(rows: Sequence[Row]) -> Layout | None:
    """The layout of a table that begins with these rows; None where there is no header."""
    if not rows:
        return None
    usual = Counter(len(row.cells) for row in rows).most_common(1)[0][0]
    start = _preamble(rows, usual)
    depth = _depth(rows[start:])
    top, body = rows[start], rows[start + depth :]
    cells = _fit(_merge([row.cells for row in rows[start : start + depth]]), body, usual)
    return Layout(
        headers=unique(cells),
        named=tuple(bool(cell.strip()) for cell in cells),
        header=tuple(top.cells),
        text=top.text,
        lines=rows[start + depth - 1].after,
        anchor=_anchor(body, len(cells)),
        notices=_notices(start, depth),
    )


def first_rows(text: str, grammar: Grammar, skip: int) -> list[Row]:
    """The first rows that can be read of a text, after so many lines."""
    lines = text.split("\n")
    rows: list[Row] = []
    place = skip
    while place < len(lines) and len(rows) < _LOOKED_AT:
        row, taken = gather(lines, place, grammar, lambda _: False)
        cells = grammar.cells(row) if taken else None
        place += taken if cells else 1
        if cells and row.strip():
            rows.append(Row(cells, row, place))
    return rows


def _preamble(rows: Sequence[Row], usual: int) -> int:
    """How many rows stand above the header: each much narrower or emptier than the table."""
    for place, row in enumerate(rows):
        narrow = len(row.cells) < usual and 2 * row.filled <= usual
        if not (narrow or (usual > 2 and row.filled <= max(1, usual // 5))):
            return place
    return 0


def _depth(rows: Sequence[Row]) -> int:
    """How many rows the header takes: survey tools write a second and a third."""
    for place, row in enumerate(rows[:3]):
        if sum('{"ImportId"' in cell for cell in row.cells) * 2 > len(row.cells):
            return place + 1
    return 2 if len(rows) > 1 and _is_second(rows[0].cells, rows[1].cells) else 1


def _is_second(top: Sequence[str], below: Sequence[str]) -> bool:
    """The second header row names what the first leaves empty, and leaves the key of the row empty."""
    if len(top) != len(below) or all(cell.strip() for cell in top):
        return False
    gaps_filled = all(under.strip() for over, under in zip(top, below, strict=True) if not over.strip())
    return bool(top[0].strip()) and not below[0].strip() and gaps_filled


def _merge(rows: Sequence[Sequence[str]]) -> list[str]:
    """One name per column: the question, and the answer's label where one question takes several columns."""
    if len(rows) != 2:
        return list(rows[0])
    names, question = [], ""
    for over, under in zip(*rows, strict=True):
        question = over.strip() or question
        label = under.strip()
        names.append(question if label.lower() in _FILLERS else f"{question}: {label}")
    return names


def _fit(header: list[str], body: Sequence[Row], usual: int) -> list[str]:
    """The header as wide as the rows, where only empty cells or row numbers make the difference."""
    if not body or usual == len(header):
        return header
    if usual < len(header):
        return header if "".join(header[usual:]).strip() else header[:usual]
    wide = [row.cells for row in body if len(row.cells) == usual]
    extra = [""] * (usual - len(header))
    if not any("".join(cells[len(header) :]).strip() for cells in wide):
        return header + extra
    numbers = [cells[0] for cells in wide] == [str(place) for place in range(1, len(wide) + 1)]
    return extra + header if numbers and len(extra) == 1 else header


def shape(cell: str) -> str:
    """What a cell looks like: `INC-0042` is `a-9`."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", cell.strip(" '\"")))


def _anchor(body: Sequence[Row], width: int) -> Anchor | None:
    rows = [row.cells for row in body if len(row.cells) == width]
    for place in range(width if width > 2 else 0):
        shapes = Counter(shape(cells[place]) for cells in rows)
        usual = [one for one, times in shapes.most_common(3) if "9" in one]
        if rows and sum(shapes[one] for one in usual) >= 0.95 * len(rows):
            return Anchor(place, frozenset(usual))
    return None


def _notices(preamble: int, depth: int) -> tuple[Notice, ...]:
    notices = []
    if preamble:
        message = f"Lines above the header, not part of the table, left out: {preamble}"
        notices.append(Notice(Level.INFO, "preamble", message, rows=preamble))
    if depth > 1:
        message = f"The header takes {depth} rows, read as one"
        notices.append(Notice(Level.INFO, "header_rows", message, rows=depth))
    return tuple(notices)

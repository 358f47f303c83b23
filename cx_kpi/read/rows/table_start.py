"""Where the table begins in a delimited file, and what its columns are called."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cx_kpi.model.values import Level
from cx_kpi.read.raw.column_names import unique
from cx_kpi.read.raw.source import Phrase, Remark, counted
from cx_kpi.read.rows.anchor import Anchor, find_anchor
from cx_kpi.read.rows.grammar import Grammar, gather
from cx_kpi.wording.language import mark

_NO_HEADER = mark(
    "There is no header row: the first row looks like the others; columns are named by their place."
)
_LOOKED_AT = 200  # rows
_DEEPEST = 3  # rows of a header: codes, texts, and what an import needs
_NEAR = 6  # rows in which a header stands below what is written above it
_NAME = re.compile(r"(\d+[.)] *)?[^\w#№]*([^\W\d_]|[#№])")
_MOMENT = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}[ T]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?Z?")
_FILLERS = ("", "response", "open-ended response")  # second header cells that add nothing


@dataclass(frozen=True, slots=True)
class Row:
    """One row near the beginning of the file: its cells, and how many lines there are before and up to its end."""

    cells: list[str]
    text: str
    before: int
    after: int

    @property
    def filled(self) -> int:
        """How many cells hold something."""
        return sum(bool(cell.strip()) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the rows begin and how wide they are."""

    headers: tuple[str, ...]
    header: tuple[str, ...]  # its cells as written, to know it when it comes again
    text: str  # its first row as written
    named: tuple[bool, ...]  # which columns have a name of their own
    lines: int  # before the first row
    anchor: Anchor
    remarks: tuple[Remark, ...]
    second: tuple[str, ...] = ()  # of three header rows the second, which says what the names mean

    @property
    def labels(self) -> dict[str, str]:
        """What the names mean, where a second row says it."""
        return dict(zip(self.headers, self.second, strict=False))

    @property
    def width(self) -> int:
        """Cells in a row."""
        return len(self.headers)


def lay_out(rows: Sequence[Row], skip: int = 0) -> Layout | None:
    """The layout of a table that begins with these rows, below `skip` lines; None where there is no header."""
    if not rows:
        return None
    usual = Counter(len(row.cells) for row in rows).most_common(1)[0][0]
    start = _preamble(rows, usual)
    depth = _depth(rows[start:])
    top = rows[start]
    body = [row for row in rows[start + depth :] if row.cells != top.cells]  # a header may come again
    cells = _fit(_merge([row.cells for row in rows[start : start + depth]]), body, usual)
    anchor = find_anchor([row.cells for row in body], len(cells))
    if len(body) > 2 and ((anchor.is_sure and anchor.holds(top.cells)) or _holds_moment(top, body[0])):
        cells, depth = [""] * usual, 0
    return Layout(
        headers=unique(cells),
        named=tuple(bool(cell.strip()) for cell in cells),
        header=tuple(top.cells) if depth else (),
        text=top.text if depth else "",
        lines=rows[start + depth - 1].after if start + depth else skip,
        anchor=anchor,
        remarks=_remarks(start, depth),
        second=tuple(rows[start + 1].cells) if depth == _DEEPEST else (),
    )


def _holds_moment(top: Row, below: Row) -> bool:
    """Whether a date with a time of day stands in the same place in both rows: no header holds one."""
    pairs = zip(top.cells, below.cells, strict=False)
    return any(_MOMENT.fullmatch(over.strip()) and _MOMENT.fullmatch(under.strip()) for over, under in pairs)


def first_rows(text: str, grammar: Grammar, skip: int) -> list[Row]:
    """The first rows that can be read of a text, after so many lines."""
    lines = text.split("\n")
    rows: list[Row] = []
    place = skip
    while place < len(lines) and len(rows) < _LOOKED_AT:
        row, taken = gather(lines, place, grammar, lambda _: False)
        cells = grammar.cells(row) if taken else None
        before, place = place, place + (taken if cells else 1)
        if cells and row.strip():
            rows.append(Row(cells, row, before, place))
    return rows


def _preamble(rows: Sequence[Row], usual: int) -> int:
    """How many rows stand above the header: each much narrower or emptier than the table."""
    for place, row in enumerate(rows):
        narrow = len(row.cells) < usual and 2 * row.filled <= usual
        sparse = usual > 2 and (row.filled <= max(1, usual // 5) or _is_above(rows[place : place + _NEAR]))
        if not (narrow or sparse):
            return place
    return 0


def _is_above(rows: Sequence[Row]) -> bool:
    """Whether the first row fills less than half of the columns that a row of mere words below it names."""
    top = rows[0]
    if len(rows) > 1 and _is_second(top.cells, rows[1].cells):
        return False
    return any(2 * top.filled < row.filled and _names(row.cells) for row in rows[1:])


def _names(cells: Sequence[str]) -> bool:
    """Whether these cells can be names of columns: all different, none a number or a date."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(set(filled)) == len(filled) and all(_NAME.match(cell) for cell in filled)


def _depth(rows: Sequence[Row]) -> int:
    """How many rows the header takes: survey tools write a second and a third."""
    for place, row in enumerate(rows[:_DEEPEST]):
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


def _remarks(preamble: int, depth: int) -> tuple[Remark, ...]:
    above = mark("Lines above the header, not part of the table, left out: {rows}.")
    nameless = () if depth else (Remark("no_header", Phrase(_NO_HEADER), None, Level.WARNING),)
    rows = counted("header_rows", mark("Header rows, read as one: {rows}."), depth if depth > 1 else 0)
    return (*counted("preamble", above, preamble), *nameless, *rows)

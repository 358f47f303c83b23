"""Where the table begins in a delimited file, and what its columns are called."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.values import Level
from cx_kpi.read.raw.column_names import unique
from cx_kpi.read.raw.source import Phrase, Remark, Values, counted
from cx_kpi.read.rows.anchor import Anchor, find_anchor
from cx_kpi.read.rows.first_rows import Row
from cx_kpi.read.rows.header_names import NAME, are_names, merged, says_little
from cx_kpi.read.rows.totals import is_total
from cx_kpi.wording.language import mark

_NO_HEADER = mark(
    "There is no header row: the first row looks like the others; columns are named by their place."
)
_SHORT = mark(
    "The header has {names} names, but every row has {cells} cells: names may have run together, "
    "and then columns stand under wrong names; check the header."
)
_LEAST = 3  # rows, two of a header and one below
_WORDS = re.compile(r"[(\[]?[^\W\d_][^\d]*[)\]]?")
_DEEPEST = 3  # rows of a header: codes, texts, and what an import needs
_RARELY = 10  # rows as wide as the header may be damaged ones, where as many times more are wider
_NEAR = 6  # rows in which a header is below what is written above it
_MOMENT = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}[ T]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?Z?")

_DAY = re.compile(r"\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2\d{4}")


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
    unplaced: tuple[str, ...] = ()  # the names of a header one name short: it is not known whose they are

    @property
    def labels(self) -> dict[str, str]:
        """What the names mean, by a second header row, where there is one."""
        return dict(zip(self.headers, self.second, strict=False))

    def begins(self, separator: str) -> tuple[str, ...]:
        """How a line begins that repeats the header, in whatever quotes and letter case."""
        name = self.header[0].strip(" '\"") if self.header else ""
        spelt = (
            dict.fromkeys((name, name.lower(), name.upper(), name.title(), name.capitalize())) if name else ()
        )
        return tuple(f"{quote}{each}{quote}{separator}" for each in spelt for quote in ("", '"', "'"))

    def repeats(self, cells: Sequence[str]) -> bool:
        """Whether these cells are the header again."""
        return bool(self.header) and _bare(cells) == _bare(self.header)

    def order_in(self, cells: Sequence[str]) -> list[int] | None:
        """Where each column is below these cells, if they are the header in another order."""
        names, own = _bare(cells), _bare(self.header)
        is_other = names != own and sorted(names) == sorted(own) and len({*own}) == len(own) > 1
        return [names.index(each) for each in own] if is_other else None

    @property
    def width(self) -> int:
        """Cells in a row."""
        return len(self.headers)


def _body(below: Sequence[Row], top: Row) -> list[Row]:
    """The rows below a header, which may come again."""
    return [row for row in below if _bare(row.cells) != _bare(top.cells)]


def _untotalled(body: Sequence[Row]) -> list[Sequence[str]]:
    return [row.cells for row in body if not is_total(row.cells)]


def lay_out(rows: Sequence[Row], skip: int = 0) -> Layout | None:
    """The layout of a table that begins with these rows, below `skip` lines; None where there is no header."""
    if not rows:
        return None
    usual = Counter(len(row.cells) for row in rows).most_common(1)[0][0]
    start = _preamble(rows, usual)
    depth = _depth(rows[start:])
    top = rows[start]
    body = _body(rows[start + depth :], top)
    names = merged([row.cells for row in rows[start : start + depth]])
    unplaced = tuple(names) if depth == 1 and _is_short(names, body, usual) else ()
    cells = _fit(names, body, usual, is_short=bool(unplaced))
    anchor = find_anchor(_untotalled(body), len(cells))
    if _is_a_row(top, body, anchor):
        return _headless(rows, start, usual, skip, anchor)
    return Layout(
        headers=unique(cells),
        named=tuple(bool(cell.strip()) for cell in cells),
        header=tuple(top.cells) if depth else (),
        text=top.text if depth else "",
        lines=_above(rows, start + depth, skip),
        anchor=anchor,
        remarks=(*_remarks(start, depth), *(_short(names, cells, body) if depth else ())),
        second=tuple(rows[start + 1].cells) if depth == _DEEPEST else (),
        unplaced=unplaced,
    )


def _is_a_row(top: Row, body: Sequence[Row], anchor: Anchor) -> bool:
    """Whether the row at the top is as the rows below it, and no header."""
    if not body:
        return False
    return _holds_moment(top, body[0]) or (len(body) > 2 and anchor.is_sure and anchor.holds(top.cells))


def _headless(rows: Sequence[Row], start: int, usual: int, skip: int, anchor: Anchor) -> Layout:
    """The layout of a table without a header."""
    return Layout(
        headers=unique([""] * usual),
        named=(False,) * usual,
        header=(),
        text="",
        lines=_above(rows, start, skip),
        anchor=anchor,
        remarks=tuple(_remarks(start, 0)),
        second=(),
    )


def _above(rows: Sequence[Row], count: int, skip: int) -> int:
    """How many lines of the file are above the Nth row."""
    return rows[count - 1].after if count else skip


def _bare(cells: Sequence[str]) -> list[str]:
    """The cells without quotes, in lower case: a header may come again in other letters."""
    return [cell.strip(" '\"").casefold() for cell in cells]


def _holds_moment(top: Row, below: Row) -> bool:
    """Whether a date, with a time of day or without, is in the same place in both rows: no header has one over others."""
    pairs = zip(top.cells, below.cells, strict=False)
    return any(_is_moment(over) and _is_moment(under) for over, under in pairs)


def _is_moment(cell: str) -> bool:
    return bool(_MOMENT.fullmatch(cell.strip()) or _DAY.fullmatch(cell.strip()))


def _preamble(rows: Sequence[Row], usual: int) -> int:
    """How many rows are above the header: each much narrower or emptier than the table."""
    for place, row in enumerate(rows):
        narrow = len(row.cells) < usual and 2 * row.filled <= usual
        sparse = usual > 2 and (row.filled <= max(1, usual // 5) or _is_above(rows[place : place + _NEAR]))
        if not (narrow or sparse or _is_over_header(rows[place : place + _NEAR], usual)):
            return place
    return 0


def _is_above(rows: Sequence[Row]) -> bool:
    """Whether the first row fills less than half of the columns that a row of mere words below it names."""
    top = rows[0]
    if len(rows) > 1 and _is_second(top.cells, rows[1].cells):
        return False
    return any(2 * top.filled < row.filled and are_names(row.cells) for row in rows[1:])


def _is_over_header(rows: Sequence[Row], usual: int) -> bool:
    """Whether the first row fills cells on the left alone, above a row of words for every column over the first digits."""
    top = rows[0]
    if top.filled >= usual or not all(map(str.strip, top.cells[: top.filled])):
        return False
    return any(
        head.filled == usual and are_names(head.cells) and [*map(_has_digits, (head, below))] == [False, True]
        for head, below in pairwise(rows[1:])
    )


def _depth(rows: Sequence[Row]) -> int:
    """How many rows the header takes: survey tools write a second and a third."""
    for place, row in enumerate(rows[:_DEEPEST]):
        if sum('{"ImportId"' in cell for cell in row.cells) * 2 > len(row.cells):
            return place + 1
    if len(rows) < 2:
        return 1
    told = _is_second(rows[0].cells, rows[1].cells) or _has_units(rows) or _has_groups(rows)
    return 2 if told or _has_fillers(rows) else 1


def _has_fillers(rows: Sequence[Row]) -> bool:
    """Whether the second row has no key, and nothing but words such as `Response` below the questions."""
    below = rows[1].cells
    return not "".join(below[:1]).strip() and any(map(str.strip, below)) and all(map(says_little, below))


def _has_units(rows: Sequence[Row]) -> bool:
    """Whether the second row has no key, and words alone over numbers: units, for example."""
    if not _are_paired(rows):
        return False
    top, below, body = rows[0].cells, rows[1].cells, [row.cells for row in rows[2:]]
    words = {place: cell.strip() for place, cell in enumerate(below) if cell.strip()}
    if not are_names(top) or not words or 0 in words or not all(map(_WORDS.fullmatch, words.values())):
        return False
    return all(_are_numbers(_column(body, place)) for place in words)


def _are_paired(rows: Sequence[Row]) -> bool:
    """Whether the first two rows are of one width, with rows below them."""
    return len(rows) >= _LEAST and len(rows[0].cells) == len(rows[1].cells)


def _column(body: Sequence[Sequence[str]], place: int) -> Iterator[str]:
    """The cells of a column, where rows are long enough to have one."""
    return (cells[place] for cells in body if place < len(cells))


def _are_numbers(cells: Iterable[str]) -> bool:
    said = [cell for cell in cells if cell.strip()]
    return bool(said) and all(any(map(str.isdigit, cell)) for cell in said)


def _has_groups(rows: Sequence[Row]) -> bool:
    """Whether the first row names groups of the columns that the second names, with gaps where a group goes on."""
    if not _are_paired(rows):
        return False
    top, below = ([*map(str.strip, row.cells)] for row in rows[:2])
    if not top[0] or "" not in top or not all(map(NAME.match, filter(None, top))):
        return False
    return _names_more(below, top) and [_has_digits(row) for row in rows[1:3]] == [False, True]


def _names_more(below: Sequence[str], top: Sequence[str]) -> bool:
    """Whether mere words stand below groups: of the key, and of no fewer columns than there are groups."""
    named = [*filter(None, below)]
    worded = all(NAME.match(cell) and not _MOMENT.fullmatch(cell) for cell in named)
    return bool(below[0]) and worded and len(named) >= len([*filter(None, top)])


def _has_digits(row: Row) -> bool:
    return any(map(str.isdigit, "".join(row.cells)))


def _is_second(top: Sequence[str], below: Sequence[str]) -> bool:
    """The second header row names what the first leaves empty, and leaves the key of the row empty."""
    if len(top) != len(below) or all(cell.strip() for cell in top):
        return False
    gaps_filled = all(under.strip() for over, under in zip(top, below, strict=True) if not over.strip())
    return bool(top[0].strip()) and not below[0].strip() and gaps_filled


def _short(names: Sequence[str], cells: Sequence[str], body: Sequence[Row]) -> tuple[Remark, ...]:
    """Rows with more cells than the header has names, all empty: two names may have run together."""
    wide = [row.cells for row in body if len(row.cells) == len(cells)]
    if len(cells) <= len(names) or not wide or not any(cells):
        return ()
    values: Values = {"names": len(names), "cells": len(cells)}
    return (Remark("short_header", Phrase(_SHORT, values), None, Level.INFO),)


def _are_empty(rows: Sequence[Sequence[str]], start: int) -> bool:
    """Whether all cells from a place on are empty."""
    return not "".join(cell for cells in rows for cell in cells[start:]).strip()


def _fit(header: list[str], body: Sequence[Row], usual: int, *, is_short: bool) -> list[str]:
    """The header as wide as the rows, where only empty cells make the difference; none of its names where one lacks."""
    if not body or usual == len(header):
        return header
    if usual < len(header):
        return header if "".join(header[usual:]).strip() else header[:usual]
    wide = [row.cells for row in body if len(row.cells) == usual]
    if _are_empty(wide, len(header)):
        return header + [""] * (usual - len(header))
    return [""] * usual if is_short else header


def _is_short(header: Sequence[str], body: Sequence[Row], usual: int) -> bool:
    """Whether nearly all rows have one cell more than the header has names."""
    widths = Counter(len(row.cells) for row in body)
    is_rare = widths[len(header)] * _RARELY <= widths[usual]
    return len(header) == usual - 1 and is_rare and are_names(header)


def _remarks(preamble: int, depth: int) -> tuple[Remark, ...]:
    above = mark("Lines above the header, not part of the table, left out: {rows}.")
    nameless = () if depth else (Remark("no_header", Phrase(_NO_HEADER), None, Level.WARNING),)
    rows = counted("header_rows", mark("Header rows, read as one: {rows}."), depth if depth > 1 else 0)
    return (*counted("preamble", above, preamble), *nameless, *rows)

"""Damaged blocks, row by row: what can be read exactly is kept, the rest is set aside with line and reason."""

from dataclasses import dataclass, field
from typing import TypeGuard

from cx_kpi.read.raw.source import Phrase, Reject, Remark, counted
from cx_kpi.read.rows.anchor import plain_cells
from cx_kpi.read.rows.grammar import Grammar, gather
from cx_kpi.read.rows.table_start import Layout
from cx_kpi.read.rows.totals import is_total
from cx_kpi.wording.language import mark

LONGEST = 1 << 24  # characters; a quote open for longer is taken for a stray one
SWALLOWS = Phrase(mark("a quoted cell holds what looks like another row"))
FOLLOWS = Phrase(mark("it follows a damaged row and cannot be told from it"))
TORN = Phrase(mark("the line below it seems to be its end"))
UNCLOSED = Phrase(mark("a quoted cell is not closed"))
STRAY = Phrase(mark("a quote inside a cell or text after one"))
WIDTH = mark("{cells} cells instead of {width}")


def footer(rows: int) -> tuple[Remark, ...]:
    """The remark on rows under the table that were left out, if any."""
    return counted("footer", mark("Totals and remarks under the table, left out: {rows}."), rows)


@dataclass
class Mender:
    """Reads rows one by one; keeps count of what it left out."""

    layout: Layout
    grammar: Grammar
    line: int = 0  # of the next row, from 1
    rejects: list[Reject] = field(default_factory=list)
    repeated: int = 0  # header rows among the others
    footers: int = 0
    is_joined: bool = False  # a cell of JSON without quotes was put together
    shifts: list[tuple[int, int]] = field(default_factory=list)  # from this line of what is kept on: so many
    _tail: list[tuple[Reject, bool]] = field(default_factory=list)  # since the last row kept; is it a footer?
    _order: list[int] | None = None  # where the columns are, since a header in another order came
    _doubtful: bool = False  # a quote went wrong above, and no row has begun for certain since
    _wary: bool = False  # the line above was too narrow: it may be the beginning of the next
    _is_cut: bool = False  # the end of the last row does not look like those of the others
    _gap: bool = False  # the last line was blank
    _kept: int = 0  # lines of what is kept
    _above: tuple[int, int, int] | None = None  # the row right above: its place, its line, how many it takes
    _torn: tuple[int, int, int] | None = None  # that row, where the line below it may be its end

    def __post_init__(self) -> None:
        self.line = self.layout.lines + 1

    @property
    def is_settled(self) -> bool:
        """Whether the next line begins a row for certain, and one as it is."""
        return not (self._doubtful or self._wary or self._order)

    def skip(self, block: str) -> None:
        """Pass by a block of rows that need no mending."""
        if block:
            self._note(block.count("\n"))
            self.line += block.count("\n")
            self._flush()

    def mend(self, block: str, *, last: bool) -> tuple[list[list[str]], str]:
        """The rows that could be read, and the text left over for the next block."""
        self._above = self._torn = None
        lines = block.split("\n")
        rest = "" if last else lines.pop()
        rows: list[list[str]] = []
        place = 0
        while place < len(lines) and (taken := self._take(lines, place, rows, last or len(block) > LONGEST)):
            place += taken
            self.line += taken
        while last and rows and is_total(rows[-1]) and not self.layout.anchor.holds(rows[-1]):
            rows.pop()
            self.footers += 1
        return rows, "\n".join([*lines[place:], rest])

    def finish(self) -> None:
        """At the end of the file: totals and remarks after the last row are left out."""
        self.footers += sum(footer for _, footer in self._tail)
        self._tail = [(reject, footer) for reject, footer in self._tail if not footer]
        self._flush()

    def _begins(self, line: str) -> bool:
        return self.layout.anchor.begins(line, self.grammar.separator, self.grammar.quote)

    def _surely_begins(self, line: str) -> bool:
        return self.layout.anchor.is_sure and self._begins(line)

    def _take(self, lines: list[str], place: int, rows: list[list[str]], last: bool) -> int:
        """Read the row at `place`; how many lines it took, none where it needs the next block."""
        if not lines[place].strip(" \t\r" + self.grammar.separator):
            self._gap, self._above = True, None
            return 1
        text, taken = gather(lines, place, self.grammar, self._surely_begins)
        if not taken and not last:
            return 0
        cells = self.grammar.cells(text)
        if not self._fits(cells) and (whole := self.grammar.with_json(text)) and self._fits(whole):
            cells, self.is_joined = whole, True
        if not self._fits(cells) and taken == 1 and "\r" in text:
            lines[place : place + 1] = text.split("\r")
            return self._take(lines, place, rows, last)
        taken = self._keep(cells, lines[place : place + max(taken, 1)], rows)
        self._gap = False
        return taken

    def _fits(self, cells: list[str] | None) -> TypeGuard[list[str]]:
        return (
            cells is not None
            and len(cells) == self.layout.width
            and not (len(cells) == 1 and "\r" in cells[0])
        )

    def _keep(self, cells: list[str] | None, lines: list[str], rows: list[list[str]]) -> int:
        """Keep or set aside what was read from these lines; how many of them are dealt with."""
        if self._fits(cells):
            if any(map(self._begins, lines[1:])):
                self._set_aside(SWALLOWS)
            else:
                self._accept(cells, rows)
            return len(lines)
        if cells is None or any(map(self._begins, lines[1:])):
            self._refuse_line(lines[0])
            return 1
        self._refuse_cells(cells)
        return len(lines)

    def _accept(self, cells: list[str], rows: list[list[str]]) -> None:
        anchor, unsure = self.layout.anchor, not (self.is_settled or self._order)
        if unsure and anchor.is_sure and not anchor.holds(cells):
            self._torn = None  # the line above was the beginning of this one
            self._set_aside(FOLLOWS)
            return
        if self._torn:
            self._take_back(*self._torn, rows)
            self._torn = None
        placed = self._in_order(cells)
        if placed:
            cells = placed
            lines = 1 + sum(cell.count("\n") for cell in cells)
            self._above = (len(rows), self.line, lines)
            self._is_cut = not self.layout.anchor.may_end(cells[-1])
            rows.append(cells)
            self._note(lines)
        self._doubtful = self._wary = False
        self._flush()

    def _in_order(self, cells: list[str]) -> list[str] | None:
        """The row in the order of the first header; None of a header that comes again, in whatever order."""
        order = self.layout.order_in(cells)
        if order or self.layout.repeats(cells):
            self.repeated += 1
            self._order = order
            return None
        return [cells[place] for place in self._order] if self._order else cells

    def _take_back(self, place: int, line: int, lines: int, rows: list[list[str]]) -> None:
        """Set a row aside after all: the line below it is its end."""
        del rows[place]
        self._kept -= lines
        self._tail.insert(0, (Reject(line, TORN), False))

    def _note(self, lines: int) -> None:
        """Remember how far the lines from here on have moved."""
        shift = self.line - 1 - self.layout.lines - self._kept
        if shift != (self.shifts[-1][1] if self.shifts else 0):
            self.shifts.append((self._kept, shift))
        self._kept += lines

    def _refuse_line(self, line: str) -> None:
        """A line whose quotes are wrong."""
        cells = plain_cells(line, self.grammar.separator, self.grammar.quote)
        if self._is_fragment(line.split(self.grammar.separator), cells):
            return
        unclosed = self.grammar.is_open(line)
        self._tear(line, ends=not unclosed)
        self._doubtful = True
        self._set_aside(UNCLOSED if unclosed else STRAY)

    def _refuse_cells(self, cells: list[str]) -> None:
        """A row of the wrong width."""
        if self._is_fragment(cells, cells):
            return
        narrow = 2 * sum(bool(cell.strip()) for cell in cells) <= self.layout.width
        remark = self._gap and narrow and not self.layout.anchor.holds(cells)
        footer = remark or is_total(cells)
        self._tear(cells[0], ends=len(cells) == 1 and self._is_cut and not footer)
        self._doubtful = self._doubtful or (not footer and not self.layout.anchor.holds(cells))
        self._wary = not footer
        widths = {"cells": len(cells), "width": self.layout.width}
        self._set_aside(Phrase(WIDTH, widths), footer=footer)

    def _tear(self, line: str, *, ends: bool) -> None:
        """Where the line looks like the end of the row right above it, that row is not to be trusted."""
        anchor = self.layout.anchor
        if ends and self._above and anchor.is_sure and not anchor.may_begin(line):
            self._torn = self._above
        self._above = None

    def _is_fragment(self, cells: list[str], plain: list[str]) -> bool:
        """Whether this is a later line of the damaged row above."""
        anchor = self.layout.anchor
        return (
            self._doubtful and anchor.is_sure and len(cells) < self.layout.width and not anchor.holds(plain)
        )

    def _set_aside(self, reason: Phrase, *, footer: bool = False) -> None:
        self._tail.append((Reject(self.line, reason), footer))

    def _flush(self) -> None:
        self.rejects.extend(reject for reject, _ in self._tail)
        self._tail.clear()

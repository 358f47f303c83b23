"""Damaged blocks, row by row: what can be read exactly is kept, the rest is set aside with line and reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cx_kpi.read.grammar import Grammar, gather
from cx_kpi.read.layout import Layout
from cx_kpi.read.source import Reject
from cx_kpi.report import Level, Notice

LONGEST = 1 << 24  # characters; a quote open for longer is taken for a stray one
_TOTALS = frozenset(
    {
        *("total", "totals", "grand total", "sum", "итого", "всего", "итог", "общий итог"),
        *("gesamt", "summe", "total general", "totaux", "somme", "totale"),
    }
)


def is_total(cells: Sequence[str]) -> bool:
    """Whether this is a row of totals under a table."""
    first = next((cell.strip(" :").lower() for cell in cells if cell.strip()), "")
    return first in _TOTALS


def footer_notice(rows: int) -> Notice:
    """Says that so many rows under the table were left out."""
    return Notice(Level.INFO, "footer", f"Totals and remarks under the table, left out: {rows}", rows=rows)


@dataclass
class Mender:
    """Reads rows one by one; keeps count of what it left out."""

    layout: Layout
    grammar: Grammar
    line: int = 0  # of the next row, from 1
    rejects: list[Reject] = field(default_factory=list)
    repeated: int = 0  # header rows among the others
    footers: int = 0
    _tail: list[tuple[Reject, bool]] = field(default_factory=list)  # since the last row kept; is it a footer?
    _doubtful: bool = False  # a quote went wrong above, and no row has begun for certain since
    _gap: bool = False  # the last line was blank

    def __post_init__(self) -> None:
        self.line = self.layout.lines + 1

    @property
    def is_settled(self) -> bool:
        """Whether the next line begins a row for certain."""
        return not self._doubtful

    def skip(self, block: str) -> None:
        """Pass by a block of rows that need no mending."""
        if block:
            self.line += block.count("\n")
            self._flush()

    def mend(self, block: str, *, last: bool) -> tuple[list[list[str]], str]:
        """The rows that could be read, and the text left over for the next block."""
        lines = block.split("\n")
        rest = "" if last else lines.pop()
        rows: list[list[str]] = []
        place = 0
        while place < len(lines) and (taken := self._take(lines, place, rows, last or len(block) > LONGEST)):
            place += taken
            self.line += taken
        while last and rows and is_total(rows[-1]) and not self.layout.is_anchored(rows[-1]):
            rows.pop()
            self.footers += 1
        return rows, "\n".join([*lines[place:], rest])

    def finish(self) -> None:
        """At the end of the file: totals and remarks since the last row stand under the table."""
        self.footers += sum(footer for _, footer in self._tail)
        self._tail = [(reject, footer) for reject, footer in self._tail if not footer]
        self._flush()

    def _begins(self, line: str) -> bool:
        return self.layout.begins(line, self.grammar)

    def _is_anchored(self, line: str) -> bool:
        return self.layout.is_anchored(line.split(self.grammar.separator))

    def _take(self, lines: list[str], place: int, rows: list[list[str]], last: bool) -> int:
        """Read the row at `place`; how many lines it took, none where it needs the next block."""
        if not lines[place].strip(" \t\r"):
            self._gap = True
            return 1
        text, taken = gather(lines, place, self.grammar, self._begins)
        if not taken and not last:
            return 0
        cells = self.grammar.cells(text)
        if cells is not None and len(cells) == self.layout.width and ("\r" not in text or len(cells) > 1):
            self._accept(cells, rows)
        elif "\r" in text.rstrip("\r") and taken == 1:
            lines[place : place + 1] = lines[place].rstrip("\r").split("\r")
            return self._take(lines, place, rows, last)
        else:
            whole = cells is not None and not any(map(self._is_anchored, lines[place + 1 : place + taken]))
            self._refuse(text if whole else lines[place], cells)
            taken = taken if whole else 1
        self._gap = False
        return taken or 1

    def _accept(self, cells: list[str], rows: list[list[str]]) -> None:
        if tuple(cells) == self.layout.header:
            self.repeated += 1
        elif self._doubtful and self.layout.anchor and not self.layout.is_anchored(cells):
            self._set_aside("it follows a damaged row and cannot be told from it", footer=False)
            return
        else:
            rows.append(cells)
        self._doubtful = False
        self._flush()

    def _refuse(self, text: str, cells: list[str] | None) -> None:
        naive = cells or text.split(self.grammar.separator)
        anchored = self.layout.is_anchored(naive)
        if self._doubtful and self.layout.anchor and not anchored and len(naive) < self.layout.width:
            return  # a later line of the damaged row
        if cells is None:
            self._doubtful = True
            unclosed = self.grammar.is_open(text)
            reason = "a quoted cell is not closed" if unclosed else "a quote inside a cell or text after one"
        else:
            reason = f"{len(cells)} cells instead of {self.layout.width}"
        narrow = 2 * sum(bool(cell.strip()) for cell in naive) <= self.layout.width
        self._set_aside(reason, footer=is_total(naive) or (self._gap and narrow and not anchored))

    def _set_aside(self, reason: str, *, footer: bool) -> None:
        self._tail.append((Reject(self.line, reason), footer))

    def _flush(self) -> None:
        self.rejects.extend(reject for reject, _ in self._tail)
        self._tail.clear()

"""The first rows of a text that can be read, by which its table is known."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from cx_kpi.model.frozen import dataclass
from cx_kpi.read.rows.grammar import Grammar, gather
from cx_kpi.read.rows.header_names import are_names

_LOOKED_AT = 200  # rows
_SEPARATORS = (";", ",", "\t", "|")


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


def first_rows(text: str, grammar: Grammar, skip: int) -> list[Row]:
    """The first rows that can be read in a text, after N lines."""
    lines = text.split("\n")
    rows: list[Row] = []
    place = skip
    while place < len(lines) and len(rows) < _LOOKED_AT:
        row, taken = gather(lines, place, grammar, lambda _: False)
        cells = _cells(row, grammar, is_first=not rows) if taken else None
        before, place = place, place + (taken if cells else 1)
        if cells and row.strip():
            rows.append(Row(cells, row, before, place))
    return _with_own_header(rows)


def _cells(row: str, grammar: Grammar, *, is_first: bool) -> list[str] | None:
    """The cells of a row, JSON in it whole; a header in quotes with other separators as one cell."""
    cells = (grammar.with_json(row) if "{" in row else None) or grammar.cells(row)
    return [row] if is_first and cells is None and any(_otherwise(row)) else cells


def _with_own_header(rows: list[Row]) -> list[Row]:
    """The rows, where the header is written with another separator than what is below it."""
    for place, (row, below) in enumerate(pairwise(rows)):
        if len(row.cells) > 1:
            break
        if len(below.cells) > 1 and not are_names(below.cells):
            found = (cells for cells in _otherwise(row.text) if len(cells) == len(below.cells))
            cells = next(found, row.cells)
            return [*rows[:place], replace(row, cells=cells), *rows[place + 1 :]]
    return rows


def _otherwise(text: str) -> Iterator[list[str]]:
    """A line as names between separators of each kind."""
    for separator in _SEPARATORS:
        cells = Grammar(separator, '"').cells(text)
        if cells and len(cells) > 1 and are_names(cells):
            yield cells

"""The first rows of a text that can be read, by which its table is known."""

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
        cells = _cells(row, grammar) if taken else None
        before, place = place, place + (taken if cells else 1)
        if cells and row.strip():
            rows.append(Row(cells, row, before, place))
    return _with_own_header(rows)


def _cells(row: str, grammar: Grammar) -> list[str] | None:
    """The cells of a row, JSON in it whole."""
    return (grammar.with_json(row) if "{" in row else None) or grammar.cells(row)


def _with_own_header(rows: list[Row]) -> list[Row]:
    """The rows, where the header is written with another separator than what is below it."""
    for place, (row, below) in enumerate(pairwise(rows)):
        if len(row.cells) > 1:
            break
        if len(below.cells) > 1 and not are_names(below.cells):
            cells = _otherwise(row.text, len(below.cells))
            return [*rows[:place], replace(row, cells=cells), *rows[place + 1 :]] if cells else rows
    return rows


def _otherwise(text: str, width: int) -> list[str] | None:
    """A line as so many names between separators of another kind."""
    found = (Grammar(separator, '"').cells(text) for separator in _SEPARATORS)
    return next((cells for cells in found if cells and len(cells) == width and are_names(cells)), None)

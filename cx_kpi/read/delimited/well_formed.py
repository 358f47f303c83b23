"""The proof that a block of delimited text is well-formed: one regular expression, run by polars."""

import re
from dataclasses import dataclass, field

import polars as pl

from cx_kpi.read.rows.grammar import Grammar
from cx_kpi.read.rows.table_start import Layout
from cx_kpi.read.rows.totals import is_total

_WIDEST = 2000  # columns; beyond it the expression is too large


@dataclass
class Proof:
    """Proves that every row in a block of whole lines is exactly as wide as the header."""

    layout: Layout
    grammar: Grammar
    _strict: str = field(init=False)  # no row takes two lines
    _loose: str = field(init=False)
    _line: bytes = field(init=False)  # a row without its text
    _text: bytes = field(init=False)  # all bytes but the separator and the newline

    def __post_init__(self) -> None:
        self._strict = _pattern(self.grammar, self.layout.width, inside="\\n")
        self._loose = _pattern(self.grammar, self.layout.width, inside="")
        self._line = (self.grammar.separator * (self.layout.width - 1) + "\n").encode()
        self._text = bytes(sign for sign in range(256) if sign not in self._line)

    def holds(self, block: str, *, last: bool) -> bool:
        """Whether polars will read the block's rows exactly; never so where a row may be no row."""
        if not block:
            return True
        ended = block if block.endswith("\n") else block + "\n"
        if not self.grammar.is_ascii or self.layout.width > _WIDEST or self._has_extras(ended, last=last):
            return False
        if self.layout.width > 1 and not (self.grammar.quote and self.grammar.quote in block):
            return self._is_even(ended)
        text = pl.Series([ended])
        if text.str.contains(self._strict).item():
            return True
        return bool(text.str.contains(self._loose).item()) and not self._swallows(block)

    def _is_even(self, block: str) -> bool:
        """Where nothing is quoted, what is left without the text has to be the same on every line."""
        if block.count("\r") != block.count("\r\n"):
            return False
        skeleton = block.encode().translate(None, self._text)
        line = self._line
        return skeleton == line * (len(skeleton) // len(line))

    def _has_extras(self, block: str, *, last: bool) -> bool:
        """A repeated header, a blank row, or totals under the table."""
        blank = self.grammar.blank(self.layout.width)
        single = self.layout.text if self.layout.width == 1 else ""
        ends = [f"{extra}{end}" for extra in (blank, single) if extra for end in "\n\r"]
        for start in (*ends, *(self.layout.begins(self.grammar.separator) if not single else ())):
            if block.startswith(start) or f"\n{start}" in block:
                return True
        return last and is_total(self.grammar.cells(block.rstrip("\r\n").rpartition("\n")[2]) or [])

    def _swallows(self, block: str) -> bool:
        """Whether a quoted cell holds what looks like the beginning of a row: two lost quotes can do that."""
        quote = re.escape(self.grammar.quote or "")
        for cell in re.finditer(f"{quote}[^{quote}]*+{quote}", block):
            for end in re.finditer("\n", cell[0]):
                start = cell.start() + end.end()
                line = block[start : block.find("\n", start)]
                if self.layout.anchor.begins(line, self.grammar.separator, self.grammar.quote):
                    return True
        return False


def _pattern(grammar: Grammar, width: int, inside: str) -> str:
    return f"\\A(?:{row_pattern(grammar, width, inside)}\\r?\\n)*\\z"


def row_pattern(grammar: Grammar, width: int, inside: str, outside: str = "") -> str:
    """One row with this number of cells; these signs are not allowed `inside` and `outside` of quotes, either."""
    separator, quote = _code(grammar.separator), _code(grammar.quote or "")
    repeat = "+" if width == 1 else "*"
    cell = f"[^{quote}{separator}\\r\\n{outside}]{repeat}"
    if quote:
        cell = f"(?:{cell}|{quote}(?:[^{quote}{inside}]|{quote}{quote})*{quote})"
    return f"{cell}(?:{separator}{cell}){{{width - 1}}}"


def _code(sign: str) -> str:
    return "".join(f"\\x{{{ord(one):x}}}" for one in sign)

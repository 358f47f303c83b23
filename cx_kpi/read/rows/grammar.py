"""What one row of delimited text is: cells between separators, quoted ones whole."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from cx_kpi.model.frozen import dataclass

_JSON = json.JSONDecoder(parse_int=str, parse_float=str)
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")


@dataclass(frozen=True)
class Grammar:
    """The rules of one dialect; blanks around a quoted cell are allowed, anything else is not."""

    separator: str
    quote: str | None

    @property
    def is_ascii(self) -> bool:
        """Whether polars takes the separator."""
        return self.separator.isascii()

    @cached_property
    def _cell(self) -> str:
        plain = f"([^{self._quote}{re.escape(self.separator)}]*+)"
        return rf"(?: *+{self._open}{self._quote} *+|{plain})" if self.quote else f"(\\Z.)?{plain}"

    @cached_property
    def _quote(self) -> str:
        return re.escape(self.quote or "")

    @cached_property
    def _open(self) -> str:
        quote = self._quote
        return f"{quote}([^{quote}]*+(?:{quote}{quote}[^{quote}]*+)*+)"

    @cached_property
    def _cells(self) -> re.Pattern[str]:
        return re.compile(self._cell + re.escape(self.separator))

    @cached_property
    def _row(self) -> re.Pattern[str]:
        return re.compile(f"(?:{self._cell}{re.escape(self.separator)})++")

    @cached_property
    def _unfinished(self) -> re.Pattern[str]:
        return re.compile(f"(?:{self._cell}{re.escape(self.separator)})*+ *+{self._open}")

    def cells(self, text: str) -> list[str] | None:
        """The cells of one row, or None where a quote is in the wrong place."""
        ended = text + self.separator
        if self.quote == "'" and not self._row.fullmatch(ended):
            ended = _APOSTROPHE.sub("''", ended)  # inside a word it ends no cell
        if not self._row.fullmatch(ended):
            return None
        quote = self.quote or ""
        return [
            quoted.replace(quote * 2, quote) if quoted else plain
            for quoted, plain in self._cells.findall(ended)
        ]

    def with_json(self, text: str) -> list[str] | None:
        """The cells of one row in which some are JSON without quotes around it; None where none is, or one is broken."""
        ended, place, cells, is_met = text + self.separator, 0, [], False
        while place < len(ended):
            end = _json_end(ended, place)
            if end and ended[end] == self.separator:
                cells.append(ended[place:end])
                place, is_met = end + 1, True
            elif (found := self._cells.match(ended, place)) and end is not None:
                quoted, plain = found.groups()
                cells.append(
                    quoted.replace(f"{self.quote}{self.quote}", self.quote or "") if quoted else plain
                )
                place = found.end()
            else:
                return None
        return cells if is_met else None

    def is_open(self, text: str) -> bool:
        """Whether the text ends inside a quoted cell."""
        return bool(self.quote and self._unfinished.fullmatch(text))

    def closes(self, text: str) -> bool:
        """Whether a line that begins inside a quoted cell ends outside of one."""
        return bool(self.quote) and text.count(self.quote or "") % 2 == 1

    def blank(self, width: int) -> str:
        """A row of empty cells, as spreadsheets write them below a table."""
        return self.separator * (width - 1)

    def row(self, cells: Iterable[str]) -> str:
        """The cells as one row, quoted where needed."""
        return self.separator.join(map(self._written, cells)) + "\n"

    def _written(self, cell: str) -> str:
        if not self.quote or not any(sign in cell for sign in (self.separator, self.quote, "\n", "\r")):
            return cell
        return self.quote + cell.replace(self.quote, self.quote * 2) + self.quote


def _json_end(text: str, place: int) -> int | None:
    """Where the object or list of JSON ends that begins here; 0 where none does, None where it is broken."""
    if text[place] not in "{[":
        return 0
    try:
        return _JSON.raw_decode(text, place)[1]
    except (ValueError, RecursionError):
        return None


def gather(
    lines: Sequence[str], place: int, grammar: Grammar, begins: Callable[[str], bool]
) -> tuple[str, int]:
    """The row at `place` and the lines it takes: 1 where it never closes before a line that `begins` a row.

    Zero lines mean that the lines end before the row does.
    """
    first = lines[place].rstrip("\r")
    if not grammar.is_open(lines[place]):
        return first, 1
    for end in range(place + 1, len(lines)):
        if begins(lines[end]):
            return first, 1
        if grammar.closes(lines[end]):
            return "\n".join(lines[place : end + 1]).rstrip("\r"), end + 1 - place
    return first, 0

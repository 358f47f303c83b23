"""Makes sure that polars will read a delimited file exactly: proves it well-formed, or rewrites what is not."""

import io
from collections.abc import Iterable, Iterator

from cx_kpi.model.frozen import dataclass
from cx_kpi.read.delimited.decoded import Text
from cx_kpi.read.delimited.fast_path import is_exact
from cx_kpi.read.delimited.well_formed import Proof
from cx_kpi.read.raw.endless import ENDLESS, endless
from cx_kpi.read.rows.grammar import Grammar
from cx_kpi.read.rows.repair import LONGEST, Mender
from cx_kpi.read.rows.table_start import Layout

_TRIES = 64  # at finding the end of a row from behind
_QUOTING = Grammar(",", '"')
_SMALL = 1 << 14  # characters; a piece this small that is not well-formed is read row by row


@dataclass(frozen=True, slots=True)
class Tidied:
    """What to scan, in which grammar: these rows, or the file itself where there was nothing to repair."""

    rows: bytes | None
    grammar: Grammar
    mender: Mender
    text: Text


def tidy(text: Text, layout: Layout, grammar: Grammar) -> Tidied:
    """The rows of the text below its header, none of them wrong."""
    if _is_well_formed(text, layout, grammar):
        return Tidied(None, grammar, Mender(layout, grammar), text)
    found = Tidier(layout, grammar, grammar if grammar.is_ascii else _QUOTING).tidy(_again(text))
    if found.mender.is_joined and not grammar.quote:  # a cell that holds a separator has to be quoted
        return Tidier(layout, grammar, _QUOTING).tidy(_again(text))
    return found


def _again(text: Text) -> Text:
    return Text(text.file, text.dialect, text.encoding, settled=text.settled, numbered=True)


def _is_well_formed(text: Text, layout: Layout, grammar: Grammar) -> bool:
    """Whether polars will read every row of the file itself exactly as it is."""
    if text.is_plain and is_exact(text.file, layout, grammar):
        return True
    proof, block = Proof(layout, grammar), ""
    for more, last in _below(text, layout.lines):
        block = block + more if block else more
        end = len(block) if last else row_end(block, grammar.quote)
        if not text.is_plain or len(block) > LONGEST or not proof.holds(block[:end], last=last):
            return False
        block = block[end:]
    return text.is_plain


class Tidier:
    """Rewrites a file: well-formed pieces as they are, the rest row by row."""

    def __init__(self, layout: Layout, grammar: Grammar, target: Grammar) -> None:
        self._layout, self._grammar, self._target = layout, grammar, target
        self._mender, self._proof = Mender(layout, grammar), Proof(layout, grammar)
        self._rows = io.BytesIO()
        self._step = LONGEST  # how large a piece to try next

    def tidy(self, text: Text) -> Tidied:
        """All rows that could be read; raises `InputProblem` for a row without an end."""
        block = ""
        for more, last in _below(text, self._layout.lines):
            block = self._advance(block + more, last=last)
            if len(block) > ENDLESS:
                raise endless(text.file.name, self._mender.line)
        self._mender.finish()
        return Tidied(self._rows.getvalue(), self._target, self._mender, text)

    def _advance(self, block: str, *, last: bool) -> str:
        """Write the rows of the block, in steps as large as the damage allows; give back what is left over."""
        place = 0
        while place < len(block):
            piece = block[place : place + self._step]
            final = last and place + len(piece) == len(block)
            taken = self._copy(piece, final=final)
            if not taken and len(piece) > _SMALL:
                self._step = len(piece) // 4
                continue
            taken = taken or self._mend(piece, last=final) or self._mend(block[place:], last=last)
            if not taken:
                return block[place:]
            place += taken
        return ""

    def _copy(self, piece: str, *, final: bool) -> int:
        """Write the whole rows of the piece as they are, if they are well-formed; how many characters."""
        end = len(piece) if final else row_end(piece, self._grammar.quote)
        if self._target != self._grammar:
            return 0
        if not end or not self._mender.is_settled or not self._proof.holds(piece[:end], last=final):
            return 0
        self._rows.write(piece[:end].encode())
        self._mender.skip(piece[:end])
        self._step = min(2 * self._step, LONGEST)
        return end

    def _mend(self, piece: str, *, last: bool) -> int:
        """Write the rows of the piece that can be read; how many characters were dealt with."""
        rows, rest = self._mender.mend(piece, last=last)
        self._rows.write("".join(map(self._target.row, rows)).encode())
        return len(piece) - len(rest)


def _below(blocks: Iterable[str], lines: int) -> Iterator[tuple[str, bool]]:
    """The blocks without the first lines, each with whether it is the last."""
    source = iter(blocks)
    block = next(source, "").split("\n", lines)[lines:]
    current = "".join(block)
    for following in source:
        yield current, False
        current = following
    yield current, True


def row_end(block: str, quote: str | None) -> int:
    """Where the last whole row of the block ends: after a newline outside of quotes."""
    end = block.rfind("\n") + 1
    if not quote:
        return end
    place, is_open = end, block.count(quote, 0, end) % 2
    for _ in range(_TRIES):
        if not is_open:
            return place
        before = block.rfind("\n", 0, block.rfind(quote, 0, place)) + 1
        is_open = (is_open + block.count(quote, before, place)) % 2
        place = before
    return end

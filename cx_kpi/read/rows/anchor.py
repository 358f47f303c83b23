"""The anchor of rows: how they begin, which separates a row from a line of running text."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from cx_kpi.model.frozen import dataclass

_DIGITS, _LETTERS = re.compile(r"\d+"), re.compile(r"[^\W\d_]+")
_MOST_SHAPES = 3
_MOST_PLACES = 2
_ALIKE = 0.95  # of the rows
_RARE = 0.02  # a shape met less often may come of damage


@dataclass(frozen=True, slots=True)
class Anchor:
    """The first columns whose cells look alike and hold digits, such as a key and a date."""

    width: int  # cells in a row
    places: tuple[tuple[int, frozenset[str]], ...]
    ends: frozenset[str] = frozenset()  # what the last cells look like, where they look alike

    @property
    def is_sure(self) -> bool:
        """Whether running text hardly ever looks like this; plain numbers prove nothing."""
        return any(len(shape) > 1 for _, shapes in self.places for shape in shapes)

    def holds(self, cells: Sequence[str]) -> bool:
        """Whether these cells can be the beginning of a row."""
        seen = [(shape(cells[place]), shapes) for place, shapes in self.places if place < len(cells)]
        return bool(seen) and all(one in shapes for one, shapes in seen)

    def may_end(self, cell: str) -> bool:
        """Whether a row may end with this cell."""
        return not self.ends or shape(cell) in self.ends

    def may_begin(self, line: str) -> bool:
        """Whether a row with something wrong in it may begin so: with what looks like its first cell."""
        first = next((shapes for place, shapes in self.places if place == 0), None)
        return first is None or shape(re.sub("[\"']", "", line)).startswith(tuple(first))

    def begins(self, line: str, separator: str, quote: str | None) -> bool:
        """Whether the line looks like the beginning of a row."""
        if line.count(separator) < self.width - 1:
            return False
        return self.holds(plain_cells(line, separator, quote))


def plain_cells(line: str, separator: str, quote: str | None) -> list[str]:
    """The cells of a line up to the first that holds a separator or a line end in quotes."""
    cells = line.split(separator)
    sound = (place for place, cell in enumerate(cells) if quote and cell.count(quote) % 2)
    return cells[: next(sound, len(cells))]


def shape(cell: str) -> str:
    """What a cell looks like: `INC-0042` is `a-9`."""
    return _LETTERS.sub("a", _DIGITS.sub("9", cell.strip(" '\"")))


def find_anchor(rows: Sequence[Sequence[str]], width: int) -> Anchor:
    """What these rows have in common at their beginning."""
    whole = [cells for cells in rows if len(cells) == width]
    places = tuple(islice(_places(whole), _MOST_PLACES)) if width > 2 else ()
    ends = _alike([cells[-1] for cells in whole if cells[-1].strip()])
    return Anchor(width, places, ends | {""} if ends else ends)


def _places(rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, frozenset[str]]]:
    """The columns whose cells look alike and hold digits, one after the other."""
    for place, cells in enumerate(zip(*rows, strict=True)):
        if alike := _alike(cells, of="9"):
            yield place, alike


def _alike(cells: Sequence[str], of: str = "") -> frozenset[str]:
    """The usual shapes of these cells that hold some sign; none where the cells differ too much."""
    counts = Counter(map(shape, cells)).most_common(_MOST_SHAPES)
    usual = {one: times for one, times in counts if of in one and times >= _RARE * len(cells)}
    return frozenset(usual) if sum(usual.values()) >= _ALIKE * len(cells) else frozenset()

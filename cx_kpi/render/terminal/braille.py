"""A line drawn in braille: two by four dots in a cell, from value to value, gaps left open."""

from collections.abc import Iterator, Mapping, Sequence

DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # by row, then column of a cell
EMPTY = 0x2800


def plot(values: Sequence[float | None], low: float, high: float, width: int, height: int) -> list[str]:
    """Rows of braille, top first, with the values from left to right between `low` and `high`."""
    cells = [[EMPTY] * width for _ in range(height)]
    for x, y in _dots(values, low, high, width * 2 - 1, height * 4 - 1):
        cells[y // 4][x // 2] |= DOTS[y % 4][x % 2]
    return ["".join(map(chr, row)) for row in cells]


def level(value: float, low: float, high: float, height: int) -> int:
    """The row, top first, that a value falls into."""
    return _down(value, low, high, height * 4 - 1) // 4


def labelled(ends: Mapping[float, str], height: int) -> dict[int, str]:
    """The texts of the least and the greatest value, each by its row."""
    return {level(value, min(ends), max(ends), height): text for value, text in ends.items()}


def _dots(
    values: Sequence[float | None], low: float, high: float, right: int, bottom: int
) -> Iterator[tuple[int, int]]:
    """Every dot of the line: the points, and what lies between two neighbours."""
    step = right / max(len(values) - 1, 1)
    before: tuple[int, int] | None = None
    for place, value in enumerate(values):
        point = None if value is None else (round(place * step), _down(value, low, high, bottom))
        if point:
            yield from _between(before or point, point)
        before = point


def _between(start: tuple[int, int], end: tuple[int, int]) -> Iterator[tuple[int, int]]:
    steps = max(abs(end[0] - start[0]), abs(end[1] - start[1]), 1)
    for step in range(steps + 1):
        share = step / steps
        yield (
            round(start[0] + (end[0] - start[0]) * share),
            round(start[1] + (end[1] - start[1]) * share),
        )


def _down(value: float, low: float, high: float, bottom: int) -> int:
    """How far below the top."""
    flat = 0.5 * (low != 0)  # nothing but zeros lies at the bottom
    share = (value - low) / (high - low) if high > low else flat
    return bottom - round(min(max(share, 0.0), 1.0) * bottom)

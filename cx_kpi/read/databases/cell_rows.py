"""Rows of a database as frames of text, bounded in what they take."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import polars as pl

_BATCH = 1 << 20  # cells
_CELL = 8  # bytes that each takes beside its text
Row = tuple[object, ...]


class TooMuch(Exception):
    """More than may come of it."""


def counter(most: int) -> Callable[[Row], int]:
    """Counts what rows take in all, and the cells of each; raises `TooMuch` beyond `most` bytes."""
    total = 0

    def count(row: Row) -> int:
        nonlocal total
        total += sum(_CELL + (len(cell) if isinstance(cell, str) else 0) for cell in row)
        if total > most:
            raise TooMuch
        return len(row)

    return count


def frame_of(names: Sequence[str], rows: Iterable[Row], count: Callable[[Row], int]) -> pl.DataFrame:
    """All rows, all columns text, empty cells and bytes null."""
    frames = [pl.DataFrame(schema=dict.fromkeys(names, pl.String))]
    return pl.concat([*frames, *(_frame(names, batch) for batch in _batches(rows, count))])


def _batches(rows: Iterable[Row], count: Callable[[Row], int]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    cells = 0
    for row in rows:
        cells += count(row)
        batch.append(row)
        if cells > _BATCH:
            yield batch
            batch, cells = [], 0
    if batch:
        yield batch


def _frame(names: Sequence[str], rows: list[Row]) -> pl.DataFrame:
    columns = zip(names, zip(*rows, strict=True), strict=True)
    return pl.DataFrame([_text(header, cells) for header, cells in columns])


def _text(header: str, cells: Row) -> pl.Series:
    plain = [None if cell is None or cell == "" or isinstance(cell, bytes) else str(cell) for cell in cells]
    return pl.Series(header, plain, dtype=pl.String)

"""Plain delimited files of one folder with one header, as daily exports are, opened together: one scan for all."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TypeVar

import polars as pl

from cx_kpi.read.containers.columnar import hushed
from cx_kpi.read.containers.loaded_rows import loads_objects
from cx_kpi.read.delimited.dialect import first_lines, sniff
from cx_kpi.read.delimited.fast_path import row_holds
from cx_kpi.read.raw.binary import printable
from cx_kpi.read.raw.encoding import LABELS
from cx_kpi.read.raw.source import SAMPLE, TextFrame
from cx_kpi.read.rows.first_rows import first_rows
from cx_kpi.read.rows.grammar import Grammar
from cx_kpi.read.rows.table_start import Layout, lay_out
from cx_kpi.read.rows.totals import is_total

PLAIN_SUFFIXES = (".csv", ".tsv", ".txt")
LARGEST = 1 << 22  # bytes of a file; opening a larger one by itself costs little beside reading it
TOGETHER = 1 << 26  # bytes of all
_HEAD = 1 << 16
_PLAIN = ("utf-8", "ascii")
Input = TypeVar("Input")  # a path, or what else is read; the last is alone
Rows = dict[Path, int]  # how many rows a file has that polars reads exactly as they are


def runs(files: Sequence[Input]) -> Iterator[list[Input]]:
    """The files in their order; neighbours of one folder that begin with the same line together."""
    run: list[Input] = []
    known: tuple[object, ...] | None = None
    size = 0
    for file in files:
        mark = _mark(file)
        length = file.stat().st_size if mark is not None and isinstance(file, Path) else 0
        if run and (mark is None or mark != known or size + length > TOGETHER):
            yield run
            run, size = [], 0
        run.append(file)
        known, size = mark, size + length
    if run:
        yield run


def open_together(paths: Sequence[Path]) -> list[TextFrame | Path]:
    """Neighbours that are alike as one frame each, in their order; what has to be opened by itself as its path."""
    head = _head(paths[0])
    dialect = sniff(head, whole=len(head) < _HEAD)
    grammar = Grammar(dialect.separator, dialect.quote)
    text = first_lines(head[dialect.mark :], dialect.encoding, whole=len(head) < _HEAD)
    layout = lay_out(first_rows(text, grammar, 0)) if dialect.encoding in _PLAIN else None
    if layout is None or dialect.declared or dialect.mac or not _is_plain(layout) or not grammar.is_ascii:
        return [*paths]
    rows = _proved(paths, layout, grammar)
    found: list[TextFrame | Path] = []
    for members in _neighbours(paths, rows):
        alike = len(members) > 1
        found += [_joined(members, rows, layout, grammar, LABELS["utf-8"])] if alike else members
    return found


def _mark(file: object) -> tuple[object, ...] | None:
    """What files that are alike have in common; None of one that is read by itself."""
    if not isinstance(file, Path) or file.suffix.lower() not in PLAIN_SUFFIXES:
        return None
    try:
        if not file.is_file() or file.stat().st_size > LARGEST:
            return None
        head, _, below = _head(file).partition(b"\n")
    except OSError:
        return None
    return (file.parent, file.suffix, head) if head.strip() and below.strip() else None


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def _is_plain(layout: Layout) -> bool:
    """Whether the table begins plainly: one line that names every column, and rows are what they are."""
    return (
        not loads_objects(layout.headers)
        and layout.lines == 1
        and bool(layout.text)
        and all(layout.named)
        and not layout.remarks
    )


def _proved(paths: Sequence[Path], layout: Layout, grammar: Grammar) -> Rows:
    """Those of the files that are exact, in one scan; one that breaks the scan is found by halves."""
    lines = pl.scan_csv(
        [*paths],
        has_header=False,
        schema={"line": pl.String},
        separator="\x01",
        quote_char=None,
        skip_lines=1,
        glob=False,
        include_file_paths="file",
    )
    holds, last = row_holds(layout, grammar), pl.col("line").last().alias("last")
    query = lines.group_by("file", maintain_order=True).agg(
        pl.len().alias("rows"), holds.alias("holds"), last
    )
    try:
        with hushed():
            table = query.collect()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        half = len(paths) // 2
        parts = [paths[:half], paths[half:]] if half else []
        return dict(chain.from_iterable(_proved(each, layout, grammar).items() for each in parts))
    return {
        Path(file): rows
        for file, rows, exact, end in table.iter_rows()
        if exact and not is_total(grammar.cells(end or "") or [])
    }


def _neighbours(paths: Sequence[Path], rows: Rows) -> Iterator[list[Path]]:
    """Exact files that follow one another together, each other one by itself."""
    run: list[Path] = []
    for path in paths:
        if path in rows:
            run.append(path)
            continue
        if run:
            yield run
        yield [path]
        run = []
    if run:
        yield run


def _joined(
    members: Sequence[Path], rows: Rows, layout: Layout, grammar: Grammar, encoding: str
) -> TextFrame:
    """The files as one frame; its sample takes the first rows of each."""
    frame = _scan(members, layout, grammar)
    whole = frame.collect()
    each = max(1, SAMPLE // len(members))
    alone, first, chosen = [], 0, []
    for path in members:
        sample = whole.slice(first, min(SAMPLE, rows[path]))
        chosen.append(sample.head(each))
        one = TextFrame(
            printable(path),
            frame.slice(first, rows[path]),
            layout.headers,
            sample,
            encoding,
            separator=grammar.separator,
            above=1,
            height=rows[path],
        )
        alone.append(one)
        first += rows[path]
    sample = pl.concat(chosen, rechunk=True).head(SAMPLE)
    return replace(alone[0], frame=frame, sample=sample, members=tuple(alone), height=first)


def _scan(paths: Sequence[Path], layout: Layout, grammar: Grammar) -> pl.LazyFrame:
    return pl.scan_csv(
        [*paths],
        has_header=False,
        schema=dict.fromkeys(layout.headers, pl.String),
        skip_lines=1,
        separator=grammar.separator,
        quote_char=grammar.quote,
        null_values=[""],
        glob=False,
    )

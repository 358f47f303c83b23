"""The files of a store as they were when they were read; neighbours that are alike as one, as exports are."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath

import polars as pl

from cx_kpi.model.errors import InputProblem, NoData
from cx_kpi.read.containers.columnar import hushed
from cx_kpi.read.containers.same_columns import SUFFIXES, as_one
from cx_kpi.read.delimited.alike import LARGEST, PLAIN_SUFFIXES, TOGETHER
from cx_kpi.read.raw.binary import printable
from cx_kpi.read.raw.source import SAMPLE, TextFrame
from cx_kpi.read.store.in_use import Reading
from cx_kpi.read.store.manifest import Batch, StoredFile, read_manifest


def open_store(folder: Path) -> list[TextFrame]:
    """Every file of the store, in the order in which they were added.

    Raises `NoData` where there is none, `InputProblem` where the store is damaged.
    """
    reading = Reading(folder)
    batches = read_manifest(folder).batches
    if not batches:
        raise NoData(f"{printable(folder)}: nothing is in this store; add exports: cxkpi store add")
    for each in batches:
        _check(folder, each)
    places: dict[str, list[str]] = {}
    runs = [*_runs(batches)]
    return [_opened(folder, run, places, reading) for run in runs]


def _check(folder: Path, batch: Batch) -> None:
    """Raises where a file of the store is gone, cut short, or a link to another."""
    path = folder / batch.name
    if path.is_symlink() or not path.is_file() or path.stat().st_size != batch.bytes:
        raise InputProblem(
            f"{printable(folder)}: {batch.name} of this store is missing or damaged; make it again from the exports"
        )


def _runs(batches: Sequence[Batch]) -> Iterator[list[Batch]]:
    """Neighbours that are read as one."""
    run: list[Batch] = []
    size = 0
    for each in batches:
        kind, length = _kind(each), sum(file.bytes for file in each.files)
        plain = each.files[0].separator is not None
        if run and (kind is None or kind != _kind(run[-1]) or (plain and size + length > TOGETHER)):
            yield run
            run, size = [], 0
        run.append(each)
        size += length
    if run:
        yield run


def _kind(batch: Batch) -> tuple[object, ...] | None:
    """What batches that are read as one have in common; None of one that stands alone."""
    first, path = batch.files[0], PurePath(batch.files[0].path)
    odd = first.remarks or first.rejects or first.file or first.shifts or first.labels or not batch.rows
    suffixes = SUFFIXES if first.separator is None else PLAIN_SUFFIXES
    if odd or path.suffix.lower() not in suffixes:
        return None
    if first.separator is not None and (
        first.above != 1 or any(each.bytes > LARGEST for each in batch.files)
    ):
        return None
    return path.parent, path.suffix, first.encoding, first.separator, batch.columns


def _opened(folder: Path, run: Sequence[Batch], places: dict[str, list[str]], reading: Reading) -> TextFrame:
    """The files of one run as one frame."""
    paths = [folder / each.name for each in run]
    scans = [pl.scan_parquet(path, glob=False) for path in paths]
    try:
        with hushed():
            heads = pl.collect_all(
                [
                    scan if len(each.files) > 1 else scan.head(SAMPLE)
                    for each, scan in zip(run, scans, strict=True)
                ]
            )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        raise InputProblem(
            f"{printable(folder)}: this store is damaged; make it again from the exports"
        ) from None
    frame = scans[0] if len(run) == 1 else pl.scan_parquet(paths, glob=False)
    alone, start = [], 0
    for batch, head in zip(run, heads, strict=True):
        within = 0
        for each in batch.files:
            sample = head.slice(within, min(SAMPLE, each.rows))
            found = _frame(each, frame.slice(start, each.rows), sample, _times(each, places))
            alone.append(replace(found, stored=reading))
            start, within = start + each.rows, within + each.rows
    return replace(alone[0], frame=frame, height=0) if len(alone) == 1 else as_one(alone, frame)


def _times(file: StoredFile, places: dict[str, list[str]]) -> int:
    """How many inputs were added under this name up to this one."""
    known = places.setdefault(file.input, [])
    if file.digest not in known:
        known.append(file.digest)
    return known.index(file.digest) + 1


def _frame(file: StoredFile, frame: pl.LazyFrame, sample: pl.DataFrame, times: int) -> TextFrame:
    return TextFrame(
        _numbered(file.path, times),
        frame,
        tuple(sample.columns),
        sample,
        encoding=file.encoding,
        remarks=file.remarks,
        rejects=file.rejects,
        separator=file.separator,
        above=file.above,
        shifts=file.shifts,
        labels=file.labels,
        file=_numbered(file.file, times) if file.file else "",
        part=file.part,
        height=file.rows,
        said=file.table if file.said else "",
    )


def _numbered(path: str, times: int) -> str:
    """The path; from the second time on `tickets (2).csv`."""
    if times == 1:
        return path
    whole, mark, inner = path.partition("#")
    suffix = PurePath(whole).suffix
    return f"{whole.removesuffix(suffix)} ({times}){suffix}{mark}{inner}"

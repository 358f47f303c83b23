"""Parquet and Arrow files of one folder with the same columns, read as one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import polars as pl

from cx_kpi.read.containers.probe import scan
from cx_kpi.read.raw.source import SAMPLE, TextFrame

SUFFIXES = (".parquet", ".arrow", ".feather", ".ipc")
_PARQUET = b"PAR1"


def with_same_columns(frames: Sequence[TextFrame]) -> list[TextFrame]:
    """The frames in their order; neighbours of one folder and with columns of the same types as one."""
    found: list[TextFrame] = []
    for kind, group in groupby(frames, key=_kind):
        run = [*group]
        found += [_joined(run)] if kind and len(run) > 1 else run
    return found


def _kind(frame: TextFrame) -> tuple[object, ...] | None:
    """What files that can be read as one have in common; None of one that is read by itself."""
    path = Path(frame.path)
    if (
        path.suffix.lower() not in SUFFIXES
        or frame.remarks
        or frame.rejects
        or frame.members
        or frame.sample.is_empty()
    ):
        return None
    return path.parent, path.suffix, tuple(frame.sample.schema.items())


def _joined(frames: Sequence[TextFrame]) -> TextFrame:
    heights = pl.collect_all([each.frame.select(pl.len()) for each in frames])
    alone = [replace(each, height=int(rows.item())) for each, rows in zip(frames, heights, strict=True)]
    return as_one(alone, _together(alone))


def _together(frames: Sequence[TextFrame]) -> pl.LazyFrame:
    """The rows of all, file after file: by one scan where they lie as they are, which passes over files outside a slice."""
    paths = [Path(each.path) for each in frames]
    written = {_written(path) for path in paths} if all(path.is_file() for path in paths) else set()
    if len(written) != 1:
        return pl.concat([each.frame for each in frames])
    ((kind, headers),) = written
    return scan(paths, kind).rename(dict(zip(headers, frames[0].headers, strict=True)))


def _written(path: Path) -> tuple[str, tuple[str, ...]]:
    """What kind of file it is, whatever its name says, and its headers as they are."""
    with path.open("rb") as file:
        kind = "parquet" if file.read(len(_PARQUET)) == _PARQUET else "arrow"
    return kind, tuple(scan(path, kind).collect_schema())


def as_one(members: Sequence[TextFrame], frame: pl.LazyFrame) -> TextFrame:
    """Files with the same columns, and all of their rows, as one; its sample takes the first rows of each."""
    most = max(1, SAMPLE // len(members))
    return replace(
        members[0],
        frame=frame,
        sample=pl.concat([*_heads(members, most)], rechunk=True).head(SAMPLE),
        members=tuple(members),
        height=sum(each.height for each in members),
    )


def _heads(frames: Sequence[TextFrame], most: int) -> Iterator[pl.DataFrame]:
    return (each.sample.head(most) for each in frames)

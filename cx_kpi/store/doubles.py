"""Rows without ids that would count twice: a whole export again, under the name of the one before."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from cx_kpi.model.errors import UsageProblem
from cx_kpi.normalise.tables.row_reasons import IDS
from cx_kpi.normalise.vocabulary.rules import Mapped
from cx_kpi.read.raw.source import TextFrame
from cx_kpi.read.store.manifest import Manifest

SAME = 0.5  # of the rows; fewer may be chance


def refuse_doubles(
    folder: Path, manifest: Manifest, mapped: tuple[Mapped, ...], frames: Mapping[str, TextFrame]
) -> None:
    """Raises `UsageProblem` where most rows of a file are in the store already and nothing tells them apart."""
    for each in mapped:
        if IDS.get(each.table) in each.fields:
            continue
        for path in [one.path for one in each.source.members or (each.source,)]:
            rows = frames[path].frame if path in frames else None
            earlier = [*_earlier(folder, manifest, path)]
            if rows is not None and earlier:
                _refuse(path, rows, earlier)


def _earlier(folder: Path, manifest: Manifest, path: str) -> Iterator[pl.LazyFrame]:
    """The rows that were added under this name."""
    for batch in manifest.batches:
        first = 0
        for each in batch.files:
            if each.path == path:
                yield pl.scan_parquet(folder / batch.name, glob=False).slice(first, each.rows)
            first += each.rows


def _refuse(path: str, rows: pl.LazyFrame, earlier: list[pl.LazyFrame]) -> None:
    columns = rows.collect_schema()
    known = [each for each in earlier if each.collect_schema() == columns]
    if not known:
        return
    again = rows.join(pl.concat(known), on=columns.names(), how="semi", nulls_equal=True)
    times, height = pl.collect_all([again.select(pl.len()), rows.select(pl.len())])
    if times.item() > SAME * height.item():
        raise UsageProblem(
            f"{path}: {times.item()} of {height.item()} rows are in the store already, and have no id to tell them "
            "apart; export only what is new, or add the file with --replace"
        )

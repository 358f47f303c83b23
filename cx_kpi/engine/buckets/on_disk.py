"""Rows of a table on the disk, with their facts, read again by each query that asks for them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
import polars.selectors as cs

from cx_kpi.engine.aggregation.parts import Parts
from cx_kpi.engine.buckets.spill import Spill
from cx_kpi.engine.facts.fact import Rows
from cx_kpi.model.frozen import dataclass
from cx_kpi.normalise.vocabulary.derived import UNTOLD

PLAIN = (cs.categorical().cast(pl.String), cs.signed_integer().cast(pl.Int64))  # the same types for any rows
GROUP = 2**15  # counted values with a least and a greatest of their own


@dataclass(frozen=True, slots=True)
class OnDisk(Rows):
    """Rows of which no more than the columns are in memory; they stay as long as their folder."""

    files: tuple[Path, ...] = ()
    spill: Spill | None = None

    def lazy(self) -> pl.LazyFrame:
        """The table with its facts."""
        return rows_in(self.files, self.base) if self.files else self.base.lazy()

    def buckets(self) -> Sequence[Rows]:
        """The rows of each."""
        return [OnDisk(self.base, {}, (file,), self.spill) for file in self.files] or (self,)

    def series(self, name: str) -> pl.Series:
        """One column."""
        return self.lazy().select(name).collect()[name]

    @property
    def height(self) -> int:
        """How many rows there are."""
        return int(self.lazy().select(pl.len()).collect().item())


def on_disk(spill: Spill, pattern: str, like: pl.DataFrame) -> OnDisk:
    """The rows in the files of this name, with columns as those of a table without rows."""
    return OnDisk(like.clear(), {}, tuple(sorted(spill.path.glob(f"{pattern}.parquet"))), spill)


def keep(rows: Rows, path: Path) -> None:
    """Write rows with their facts, in types that are the same for any rows."""
    rows.lazy().with_columns(PLAIN).sink_parquet(path, compression="lz4", statistics=False)


def counted_on_disk(parts: Parts, spill: Spill, number: int) -> Parts:
    """The parts of a bucket of this number, their counted values on the disk; of those in order, a range is quick to read."""
    found = []
    for place, each in enumerate(parts):
        counted = {}
        for more, (key, table) in enumerate(each.counted.items()):
            path = spill.path / f"counted-{number}-{place}-{more}.parquet"
            table.sink_parquet(path, compression="lz4", row_group_size=GROUP)
            counted[key] = pl.scan_parquet(path)
        found.append(replace(each, counted=counted))
    return tuple(found)


def rows_in(files: Sequence[Path], like: pl.DataFrame) -> pl.LazyFrame:
    """The rows in files, with the columns of a table: nulls where a file lacks one, flags of what it is not told false."""
    plain = like.clear().with_columns(PLAIN)
    rows = pl.scan_parquet([*files], schema=plain.schema, missing_columns="insert", extra_columns="ignore")
    flags = [name for name in UNTOLD.values() if name in plain.columns]
    words = [name for name, kind in like.schema.items() if kind == pl.Categorical]
    return rows.with_columns(pl.col(words).cast(pl.Categorical), pl.col(flags).fill_null(value=False))

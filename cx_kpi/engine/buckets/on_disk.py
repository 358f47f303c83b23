"""Rows of a table on the disk, with their facts, read again by each query that asks for them."""

from pathlib import Path

import polars as pl
import polars.selectors as cs

from cx_kpi.engine.buckets.spill import Spill
from cx_kpi.engine.facts.fact import Rows
from cx_kpi.model.frozen import dataclass


@dataclass(frozen=True, slots=True)
class OnDisk(Rows):
    """Rows of which no more than the columns are in memory; they stay as long as their folder."""

    files: tuple[Path, ...] = ()
    spill: Spill | None = None

    def lazy(self) -> pl.LazyFrame:
        """The table with its facts."""
        words = [name for name, kind in self.base.schema.items() if kind == pl.Categorical]
        rows = pl.scan_parquet([*self.files]) if self.files else self.base.lazy()
        return rows.with_columns(pl.col(words).cast(pl.Categorical))

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
    plain = [cs.categorical().cast(pl.String), cs.signed_integer().cast(pl.Int64)]
    rows.lazy().with_columns(plain).sink_parquet(path, compression="lz4", statistics=False)

"""The rows of one clock, placed in time and coded by dimension: what every fold of them starts from."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

import polars as pl

from cx_kpi.engine.aggregation.apart.groups import Groups
from cx_kpi.engine.aggregation.binning import AT, GROUPS, Binned, Stock, binned, in_stretches
from cx_kpi.engine.aggregation.cells import OVERALL, Cell
from cx_kpi.engine.aggregation.cuts import WHOLE, Cut, Dimension, Segments, encode, fitting, segments
from cx_kpi.engine.facts.fact import Rows
from cx_kpi.engine.time.windows import GroupName, Windows, midnight
from cx_kpi.metrics.definition.metric import Clock
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.schema import TABLES

Slice = tuple[GroupName, Cut]
Coded = tuple[Rows, dict[str, Dimension]]


def coded(rows: Rows, names: Sequence[str]) -> Coded:
    """The rows with a code column for each dimension."""
    if not names:
        return rows, {}
    codes, dimensions = encode(pl.DataFrame({name: rows.series(name) for name in names}), names)
    for dimension in dimensions.values():
        rows = rows.add(dimension.column, codes[dimension.column])
    return rows, dimensions


@dataclass(frozen=True, slots=True)
class Bins:
    """Rows, their clock, the windows they fall in and the cuts to fold them by.

    With `within`, every cut is made finer by that column.
    """

    rows: Rows
    dimensions: dict[str, Dimension]
    clock: Clock
    within: str | None
    cuts: list[Cut]
    windows: Windows | None
    placed: Binned

    def slices(self) -> list[Slice]:
        """The groups of windows and the cuts to fold: every cut over the report's window alone."""
        groups = [name for name in GROUPS if self._placed(name)]
        cuts = self.cuts if "overall" in groups else []
        return [(name, WHOLE) for name in groups] + [("overall", cut) for cut in cuts]

    def _placed(self, name: GroupName) -> set[int]:
        """The windows of a group whose rows are here."""
        return {code for code in self.placed.codes.get(name, ()) if code >= 0}

    def spans(self, name: GroupName) -> int:
        """How many windows the group has."""
        return len(self.windows.group(name)) if self.windows else int(name == "overall")

    def segments(self, cut: Cut) -> Segments:
        """The segments of a cut."""
        inner = (self.within,) if self.within else ()
        return segments((*cut, *inner), self.dimensions)

    def window(self, name: GroupName) -> pl.Expr:
        """The number of each row's window in the group, −1 outside all."""
        codes = self.placed.codes[name]
        inside = pl.col(AT).is_between(0, len(codes) - 1)
        at = pl.when(inside).then(pl.col(AT)).otherwise(len(codes))
        return pl.lit(pl.Series([*codes, -1], dtype=pl.Int64)).gather(at)

    def groups(self) -> dict[Slice, Groups]:
        """For each slice, the number of each row's window and segment together."""
        met = self._met()
        slices = self.slices()
        sizes = [self.spans(name) * self.segments(cut).size for name, cut in slices]
        asked = [self._number(*each, met) for each in slices]
        read = {
            str(place): number.cast(fitting(size))
            for place, ((number, _), size) in enumerate(zip(asked, sizes, strict=True))
            if number is not None
        }
        known = self.placed.frame.select(**read).collect().to_dict()
        return {
            each: Groups(known.get(str(place)), size, partial=partial)
            for place, (each, (_, partial), size) in enumerate(zip(slices, asked, sizes, strict=True))
        }

    def _number(self, name: GroupName, cut: Cut, met: range | None) -> tuple[pl.Expr | None, bool]:
        """The number of each row's group, none where all are in one; and whether some are in none (−1)."""
        found = self.segments(cut)
        codes = self.placed.codes[name]
        if self.spans(name) == 1 and met and met.stop <= len(codes) and {codes[code] for code in met} == {0}:
            return found.code() if found.dimensions else None, False
        window = self.window(name)
        return pl.when(window >= 0).then(window * found.size + found.code()).otherwise(-1), True

    def _met(self) -> range | None:
        """From the first bin of any row to the last; none where a row is in no bin."""
        at = pl.col(AT)
        edges = self.placed.frame.select(low=at.min(), high=at.max(), unknown=at.null_count())
        low, high, unknown = edges.collect().row(0)
        return None if unknown or low is None or low < 0 else range(low, high + 1)

    def covered(self) -> list[Cell]:
        """The windows that the data covers: no rows there mean zero, not unknown."""
        if self.windows is None or self.clock.undated:
            return [] if self.rows.base.is_empty() else [OVERALL]
        return covered_of(self.rows, self.clock, self.windows, {name: self._placed(name) for name in GROUPS})


def covered_of(
    rows: Rows, clock: Clock, windows: Windows, placed: Mapping[GroupName, Collection[int]]
) -> list[Cell]:
    """The windows of those placed that the rows of a clock cover."""
    return [] if rows.base.is_empty() else covered_since(known_since(rows, clock), windows, placed)


def known_since(rows: Rows, clock: Clock) -> datetime | None:
    """Since when there are rows, by the date that unsolved tickets have, too."""
    table = TABLES.get(clock.table)
    first = rows.series(table.clock if table and table.clock in rows.columns else clock.at).min()
    return first if isinstance(first, datetime) else None


def covered_since(
    first: datetime | None, windows: Windows, placed: Mapping[GroupName, Collection[int]] | None = None
) -> list[Cell]:
    """The windows that rows from this moment on cover; of those `placed` alone, where they are said."""
    return [
        Cell(name, i)
        for name in GROUPS
        for i, span in enumerate(windows.group(name))
        if first
        and (placed is None or i in placed.get(name, ()))
        and midnight(span.end, windows.zone) > first
        and midnight(span.start, windows.zone) <= windows.as_of
    ]


def make_bins(
    table: Coded,
    clock: Clock,
    within: str | None,
    columns: set[str],
    cuts: list[Cut],
    windows: Windows | None,
) -> Iterator[Bins]:
    """Place the rows of a table by a clock; `columns` are those the fold will read. A stock comes in stretches."""
    rows, dimensions = table
    if within and within not in dimensions:
        rows, inner = coded(rows, [within])
        dimensions = {**dimensions, **inner}
    codes = {dimension.column for dimension in dimensions.values()}
    for placed in binned(rows, columns | codes, clock, windows):
        yield Bins(rows, dimensions, clock, within, cuts, windows, placed)


def bins_of_stock(
    table: Coded, clock: Clock, stock: Stock, cuts: list[Cut], groups: Collection[GroupName]
) -> Iterator[Bins]:
    """The same for the rows of a stock at the ends of the windows of these groups alone."""
    rows, dimensions = table
    for placed in in_stretches(stock, groups):
        yield Bins(rows, dimensions, clock, None, cuts, stock.windows, placed)

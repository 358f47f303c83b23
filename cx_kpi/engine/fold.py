"""Fold every metric over every window and cut: rows → cells → merged → figures."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple, TypeGuard

import polars as pl

from cx_kpi.engine import order
from cx_kpi.engine.cube import WINDOW, Additive, cube, merged
from cx_kpi.engine.cuts import WHOLE, Cut, Dimension, Segments, Values, encode, segments
from cx_kpi.engine.fact import Rows
from cx_kpi.engine.groups import Groups, prepare
from cx_kpi.engine.place import AT, GROUPS, place
from cx_kpi.engine.plan import Job
from cx_kpi.engine.windows import GroupName, Windows, midnight
from cx_kpi.engine.words import NOTHING_TOLD
from cx_kpi.figures import Figure
from cx_kpi.metrics.metric import Clock, Distinct, Measure, Modal, Spread, Sum, Terms

_WIDEST = 200_000  # cells of one cube over all dimensions together; above it, one cube a cut


class Cell(NamedTuple):
    """Where a figure stands: a window of a group, and the values of a cut."""

    group: GroupName
    window: int
    cut: Cut = WHOLE
    values: Values = ()


Figures = dict[str, dict[Cell, Figure]]
Measured = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Jobs that fold the same rows in the same groups."""

    clock: Clock
    within: str | None
    latest: str | None
    jobs: list[Job]

    def measures(self) -> dict[str, Measure]:
        """Every different measure of the jobs, by a name that two jobs share where they fold the same."""
        return {_name(measure): measure for job in self.jobs for measure in job.way.shape.measures.values()}


def _name(measure: Measure) -> str:
    parts = (str(getattr(measure, part.name)) for part in fields(measure))
    return f"{type(measure).__name__}({', '.join(parts)})"


def fold_all(
    tables: Mapping[str, Rows], jobs: Sequence[Job], cuts: Sequence[Cut], windows: Windows | None
) -> Figures:
    """Figures of every job by its key and cell; metrics a cut says nothing about have none there."""
    bundles: dict[tuple[Clock, str | None, str | None], list[Job]] = defaultdict(list)
    for job in jobs:
        bundles[job.way.clock, job.way.shape.within, job.way.shape.latest].append(job)
    figures: Figures = {job.key: {} for job in jobs}
    encoded: dict[str, tuple[Rows, dict[str, Dimension]]] = {}
    for (clock, within, latest), members in bundles.items():
        rows = tables[clock.table]
        possible = [cut for cut in cuts if cut and set(cut) <= rows.columns]
        if clock.table not in encoded:
            encoded[clock.table] = _encoded(rows, [name for cut in possible for name in cut])
        bundle = Bundle(clock, within, latest, members)
        apart = [cut for cut in possible if within not in cut]
        for metric, found in _Fold(*encoded[clock.table], bundle, apart, windows).figures().items():
            figures[metric] |= found
    return figures


def _encoded(rows: Rows, names: Sequence[str]) -> tuple[Rows, dict[str, Dimension]]:
    """The rows with a code column for each dimension."""
    if not names:
        return rows, {}
    codes, dimensions = encode(pl.DataFrame({name: rows.series(name) for name in names}), names)
    for dimension in dimensions.values():
        rows = rows.add(dimension.column, codes[dimension.column])
    return rows, dimensions


class _Fold:
    """The fold of one bundle."""

    def __init__(
        self,
        rows: Rows,
        dimensions: dict[str, Dimension],
        bundle: Bundle,
        cuts: list[Cut],
        windows: Windows | None,
    ) -> None:
        if bundle.within and bundle.within not in dimensions:
            rows, inner = _encoded(rows, [bundle.within])
            dimensions = {**dimensions, **inner}
        self.rows, self.dimensions, self.bundle = rows, dimensions, bundle
        self.cuts, self.windows = cuts, windows
        self.measures = bundle.measures()
        self.additive: dict[str, Additive] = {
            name: measure for name, measure in self.measures.items() if _adds_up(measure)
        }
        columns = {column for job in bundle.jobs for column in job.way.shape.columns()}
        codes = {dimension.column for dimension in dimensions.values()}
        self.placed = place(rows, columns | codes, bundle.clock, windows)

    def slices(self) -> list[tuple[GroupName, Cut]]:
        """The groups of windows and the cuts to fold: every cut over the report's window alone."""
        groups = [name for name in GROUPS if name in self.placed.codes and self.spans(name)]
        return [(name, WHOLE) for name in groups] + [("overall", cut) for cut in self.cuts]

    def spans(self, name: GroupName) -> int:
        """How many windows the group has."""
        return len(self.windows.group(name)) if self.windows else int(name == "overall")

    def figures(self) -> dict[str, dict[Cell, Figure]]:
        """Everything finished."""
        cells = self._cells()
        found: dict[str, dict[Cell, Figure]] = {}
        for job in self.bundle.jobs:
            names = {name: _name(measure) for name, measure in job.way.shape.measures.items()}
            found[job.key] = {
                cell: job.way.shape.finish(_pick(measured, names))
                for cell, measured in cells.items()
                if not job.metric.not_by.intersection(cell.cut)
            }
        return found

    def _cells(self) -> dict[Cell, Any]:
        """What was measured in every cell; with `within`, a list of (value, measured)."""
        cells = self._added_up()
        if self.bundle.within:
            return self._nested(cells)
        for cell in self._covered():
            cells.setdefault(cell, {})
        self._apart(cells)
        for measured in cells.values():
            for key, measure in self.measures.items():
                if measured.get(key) is None:
                    measured[key] = _nothing(measure)
        return cells

    def _segments(self, cut: Cut) -> Segments:
        inner = (self.bundle.within,) if self.bundle.within else ()
        return segments((*cut, *inner), self.dimensions)

    def _added_up(self) -> dict[Cell, Measured]:
        cells: dict[Cell, Measured] = {}
        if self.bundle.latest:
            parts = [(piece, self._latest(*piece)) for piece in self.slices()]
        else:
            parts = self._from_cubes()
        frames = pl.collect_all([query for _, query in parts])
        for ((name, cut), _), frame in zip(parts, frames, strict=True):
            found = self._segments(cut)
            for row in frame.iter_rows(named=True):
                cell = Cell(name, row[WINDOW], found.cut, found.decode([row[key] for key in found.keys]))
                cells[cell] = {key: row[key] for key in self.additive}
        return cells

    def _from_cubes(self) -> list[tuple[tuple[GroupName, Cut], pl.LazyFrame]]:
        parts = []
        cubes = {
            keys: frame.lazy()
            for keys, frame in zip(
                self._cube_keys(),
                pl.collect_all([self._cube(self.placed.frame, keys) for keys in self._cube_keys()]),
                strict=True,
            )
        }
        for name, cut in self.slices():
            keys = next(keys for keys in cubes if set(cut) <= set(keys))
            codes = self.placed.codes[name]
            parts.append(((name, cut), merged(cubes[keys], codes, self._segments(cut).keys, self.additive)))
        return parts

    def _cube_keys(self) -> list[Cut]:
        """All dimensions at once where that stays small, else each cut on its own."""
        union = tuple(dict.fromkeys(name for cut in self.cuts for name in cut))
        small = self._segments(union).size * max(map(len, self.placed.codes.values())) <= _WIDEST
        return [union] if small else [WHOLE, *self.cuts]

    def _cube(self, rows: pl.LazyFrame, cut: Cut) -> pl.LazyFrame:
        return cube(rows, self._segments(cut).keys, self.additive, self.bundle.clock.at)

    def _latest(self, name: GroupName, cut: Cut) -> pl.LazyFrame:
        """The fold of one slice over the last row of each key in each window."""
        latest = self.bundle.latest
        assert latest is not None  # noqa: S101 - the caller has checked
        rows = self.placed.frame.with_columns(self._window(name).cast(pl.Int32).alias(AT)).filter(
            pl.col(AT) >= 0
        )
        if not self.bundle.clock.undated:
            rows = rows.sort(self.bundle.clock.at, maintain_order=True)
        rows = rows.unique([AT, latest], keep="last", maintain_order=True)
        return merged(
            self._cube(rows, cut), list(range(self.spans(name))), self._segments(cut).keys, self.additive
        )

    def _window(self, name: GroupName) -> pl.Expr:
        """The number of each row's window in the group, −1 outside all."""
        codes = self.placed.codes[name]
        inside = pl.col(AT).is_between(0, len(codes) - 1)
        place = pl.when(inside).then(pl.col(AT)).otherwise(len(codes))
        return pl.lit(pl.Series([*codes, -1], dtype=pl.Int64)).gather(place)

    def _groups(self, name: GroupName, cut: Cut) -> Groups:
        found, spans = self._segments(cut), self.spans(name)
        if spans == 1 and self._all_inside(name):
            if not found.dimensions:
                return Groups(None, 1)
            return Groups(self._numbers(found.code()), found.size)
        window = self._window(name)
        number = pl.when(window >= 0).then(window * found.size + found.code()).otherwise(-1)
        return Groups(self._numbers(number), spans * found.size, partial=True)

    def _numbers(self, number: pl.Expr) -> pl.Series:
        return self.placed.frame.select(number.cast(pl.Int32).alias("n")).collect()["n"]

    def _all_inside(self, name: GroupName) -> bool:
        """Whether every row is in the one window of the group."""
        edges = self.placed.frame.select(
            low=pl.col(AT).min(), high=pl.col(AT).max(), unknown=pl.col(AT).null_count()
        )
        low, high, unknown = edges.collect().row(0)
        codes = self.placed.codes[name]
        return (
            not unknown
            and low is not None
            and low >= 0
            and set(codes[low : high + 1]) == {0}
            and high < len(codes)
        )

    def _apart(self, cells: dict[Cell, Measured]) -> None:
        """What does not add up, a measure at a time to save memory."""
        apart = {key: measure for key, measure in self.measures.items() if key not in self.additive}
        groups = {piece: self._groups(*piece) for piece in self.slices()} if apart else {}
        for key, measure in apart.items():
            fold = prepare(measure, self.placed.frame)
            for (name, cut), numbers in groups.items():
                if self._wanted(key, name, cut):
                    self._fill(cells, key, name, cut, fold(numbers))

    def _wanted(self, key: str, name: GroupName, cut: Cut) -> bool:
        """Whether any metric shows the measure here: helpers in the series and before, nobody."""
        return any(
            not job.metric.not_by.intersection(cut) and (name == "overall" or not job.metric.internal)
            for job in self.bundle.jobs
            for measure in job.way.shape.measures.values()
            if _name(measure) == key
        )

    def _fill(
        self, cells: dict[Cell, Measured], key: str, name: GroupName, cut: Cut, values: list[Any]
    ) -> None:
        found = self._segments(cut)
        every = found.all()
        for number, value in enumerate(values):
            window, segment = divmod(number, found.size)
            cell = Cell(name, window, found.cut, every[segment])
            if cell in cells:
                cells[cell][key] = value

    def _nested(self, cells: dict[Cell, Measured]) -> dict[Cell, list[tuple[str | None, Measured]]]:
        nested: dict[Cell, list[tuple[str | None, Measured]]] = {cell: [] for cell in self._covered()}
        for cell, measured in cells.items():
            outer = Cell(cell.group, cell.window, cell.cut[:-1], cell.values[:-1])
            nested.setdefault(outer, []).append((cell.values[-1], measured))
        return nested

    def _covered(self) -> list[Cell]:
        """The windows the data reaches, in which no rows mean zero and not silence."""
        if self.rows.base.is_empty():
            return []
        if self.windows is None or self.bundle.clock.undated:
            return [Cell("overall", 0)]
        first = self.rows.series(self.bundle.clock.at).min()
        if first is None:
            return []
        zone, until = self.windows.zone, self.windows.as_of
        return [
            Cell(name, i)
            for name in GROUPS
            for i, span in enumerate(self.windows.group(name))
            if midnight(span.end, zone) > first and midnight(span.start, zone) <= until  # type: ignore[operator]
        ]


def _adds_up(measure: Measure) -> TypeGuard[Additive]:
    return not isinstance(measure, (Spread, Distinct, Modal, Terms))


def _nothing(measure: Measure) -> Any:
    match measure:
        case Sum() | Distinct():
            return 0
        case Spread():
            return order.EMPTY
        case Modal():
            return {}
        case Terms():
            return NOTHING_TOLD
        case _:
            return None


def _pick(measured: Any, names: Mapping[str, str]) -> Any:
    if isinstance(measured, list):
        return [(value, _pick(parts, names)) for value, parts in measured]
    return {name: measured[key] for name, key in names.items()}

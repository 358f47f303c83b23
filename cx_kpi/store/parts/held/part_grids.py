"""Charts of hours and of waits in a part: rows counted over all of it, which add up."""

from collections.abc import Mapping, Sequence

from cx_kpi.engine.chart_grids import DAYS, HOURS, Grid, Grids
from cx_kpi.metrics.charts import CHARTS
from cx_kpi.metrics.definition.chart import Hours, Waits
from cx_kpi.model.figures import Figure
from cx_kpi.model.values import Unit
from cx_kpi.store.parts.held.summed import Account, Counts

ADDED = {chart.id: chart for chart in CHARTS if isinstance(chart.source, Hours | Waits)}


def counts_of(grids: Grids) -> dict[str, Counts]:
    """The rows of each cell of the charts that add up, and those of them that hit."""
    return {
        name: tuple((each.n, _hits(each, ADDED[name].unit)) for row in grid.cells for each in row)
        for name, grid in grids.items()
        if name in ADDED
    }


def _hits(figure: Figure, unit: Unit) -> int:
    share = figure.value if unit is Unit.SHARE and isinstance(figure.value, float) else 1.0
    return round(share * figure.n)


def grids_of(told: Mapping[str, Sequence[Account]]) -> dict[str, Grid]:
    """The charts of several parts; `told` are for each metric the parts that tell it."""
    found = {}
    for name, chart in ADDED.items():
        counts = [each.grids[name] for each in told.get(chart.metric, ()) if name in each.grids]
        if counts:
            cells = [
                _figure(sum(n for n, _ in cell), sum(hits for _, hits in cell), chart.unit)
                for cell in zip(*counts, strict=True)
            ]
            found[name] = _grid(chart.source, cells)
    return found


def _figure(n: int, hits: int, unit: Unit) -> Figure:
    if unit is Unit.SHARE:
        return Figure(hits / n if n else None, n)
    return Figure(n, n)


def _grid(source: object, cells: Sequence[Figure]) -> Grid:
    if isinstance(source, Waits):
        return Grid((0,), (0.0, *source.edges), [cells])
    rows = [cells[day * HOURS : (day + 1) * HOURS] for day in range(DAYS)]
    return Grid(range(DAYS), range(HOURS), rows)

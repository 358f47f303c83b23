"""Cells: a window, a group and the values of a cut, and what was measured there."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, NamedTuple

from cx_kpi.engine.aggregation.apart import order_statistics
from cx_kpi.engine.aggregation.apart.foremost import Top
from cx_kpi.engine.aggregation.apart.words.word_counts import NOTHING_TOLD
from cx_kpi.engine.aggregation.cuts import WHOLE, Cut, Values
from cx_kpi.engine.time.windows import GroupName
from cx_kpi.metrics.definition.metric import Distinct, Foremost, Measure, Mode, Quantiles, Ranked, Sum, Terms
from cx_kpi.model.figures import Figure, Ordered


class Cell(NamedTuple):
    """The place of a figure: a window of a group, and the values of a cut."""

    group: GroupName
    window: int
    cut: Cut = WHOLE
    values: Values = ()


OVERALL = Cell("overall", 0)
Figures = dict[str, dict[Cell, Figure]]
Cells = dict[Cell, dict[str, Any]]


_NOTHING: Mapping[type, Callable[[], Any]] = {
    Sum: int,
    Distinct: int,
    Quantiles: order_statistics.OrderStatistics,
    Ranked: lambda: Ordered(0),
    Mode: dict,
    Foremost: Top,
    Terms: lambda: NOTHING_TOLD,
}


def nothing(measure: Measure) -> Any:
    """A measure without any rows."""
    return _NOTHING.get(type(measure), lambda: None)()


def measure_name(measure: Measure) -> str:
    """The name of a measure: the same for those that fold the same, so that metrics share them."""
    parts = (str(getattr(measure, part.name)) for part in fields(measure))
    return f"{type(measure).__name__}({', '.join(parts)})"

"""Charts as numbers: what a picture shows, and a table under it."""

from dataclasses import field
from enum import StrEnum

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.values import Scale, Unit


class ChartKind(StrEnum):
    """How an exhibit is drawn; its columns run along the horizontal axis."""

    LINES = "lines"  # a line for each row
    BARS = "bars"  # bars side by side
    STACK = "stack"  # bars on top of one another: parts of a whole
    PARETO = "pareto"  # bars, greatest first, under the line of their running share
    HEAT = "heat"  # a coloured cell for each row and column


class Axis(StrEnum):
    """What the columns of an exhibit are: ISO dates that begin a period, or texts for people."""

    PERIOD = "period"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of an exhibit: a value and its rows for each column; young cells have not ended yet."""

    name: str
    values: list[float | None]
    n: list[int | None] = field(default_factory=list)
    young: list[bool] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture in numbers, which a chart draws and a table shows; `group` is the group of metrics it is shown with."""

    id: str
    group: str
    title: str
    about: str
    kind: ChartKind
    unit: Unit
    axis: Axis
    columns: list[str]
    rows: list[Line]
    metric: str | None = None  # the one it belongs to, where there is one
    scale: Scale = "parts"  # what its rows are: of a kind each, from least to most, or for, neutral, against

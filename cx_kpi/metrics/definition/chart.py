"""What an exhibit is: words, a kind, the metric it goes with, and where its numbers come from."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from cx_kpi.metrics.definition.metric import Aggregation
from cx_kpi.model.chart_data import ChartKind
from cx_kpi.model.figures import Figure
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.values import Scale, Unit


class Part(NamedTuple):
    """A part of a figure, and the rows it is of."""

    value: float | None
    n: int


Names = Mapping[str, str]  # what people call a word of ours
Take = Callable[[Figure], Mapping[str | None, Part]]  # the parts of a figure by name, None for unknown


@dataclass(frozen=True, slots=True)
class Values:
    """A line for each of these metrics over the periods."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """What the figure of the metric is made of: a row for each part, over the periods."""

    take: Take
    names: Names
    ranked: bool = False  # most first, for parts that have no order of their own


@dataclass(frozen=True, slots=True)
class Whole:
    """The same over the whole window: a column for each part, in one row of this name."""

    take: Take
    name: str
    names: Names


@dataclass(frozen=True, slots=True)
class Hours:
    """The metric by the local hour and weekday of its clock; `missed`: one less its share."""

    missed: bool = False


@dataclass(frozen=True, slots=True)
class Waits:
    """How many durations of the metric are between the edges, in seconds; `name` is what they are of."""

    edges: Sequence[float]
    name: str


@dataclass(frozen=True, slots=True)
class Weeks:
    """A row for each of the `weeks` before the end of the window by date created, a column for each limit in days.

    A cell is over when every row of its week is at least as old as the limit.
    """

    weeks: int
    aggregations: Mapping[int, Aggregation]


Source = Values | Parts | Whole | Hours | Waits | Weeks


@dataclass(frozen=True, slots=True)
class ChartDefinition:
    """One exhibit; it is shown with its metric."""

    id: str
    title: str
    about: str
    kind: ChartKind
    unit: Unit
    metric: str
    source: Source
    scale: Scale = "parts"

    @property
    def uses(self) -> set[str]:
        """The metrics whose figures it shows."""
        return {self.metric, *(self.source.lines if isinstance(self.source, Values) else ())}


def details(*names: str) -> Take:
    """Counts that are shown as details with these names."""

    def take(figure: Figure) -> dict[str | None, Part]:
        return {name: _count(figure.details[name]) for name in names if name in figure.details}

    return take


def counts(key: str) -> Take:
    """The counts by name that one detail holds."""
    return lambda figure: {name: _count(n) for name, n in figure.details.get(key, {}).items()}


def table(column: str) -> Take:
    """A column of the figure's table, by the name of its row."""
    return lambda figure: {
        row["name"]: Part(row[column], row["n"]) for row in figure.details.get("table", ())
    }


def _count(n: Any) -> Part:
    return Part(int(n), int(n))

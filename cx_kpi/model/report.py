"""The report: plain frozen values that every renderer reads and `-f json` prints. Keys are a contract."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Literal

SCHEMA_VERSION = 1

Value = float | int | str | list[str] | None
Scale = Literal["parts", "ordered", "net"]


class Unit(StrEnum):
    """What a value is measured in. Seconds and shares (0 to 1) in JSON; words for people elsewhere."""

    COUNT = "count"
    SECONDS = "seconds"
    SHARE = "share"
    POINTS = "points"
    SCORE = "score"
    RATIO = "ratio"
    CURRENCY = "currency"
    NAME = "name"
    LIST = "list"


class Better(StrEnum):
    """Which direction is good news."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Status(StrEnum):
    """What a target says of a value; a reading with fewer than five rows has no status at all."""

    MET = "met"
    MISSED = "missed"
    INCONCLUSIVE = "inconclusive"
    NO_DATA = "no_data"


class Verdict(StrEnum):
    """What can be said of a change; `rose` and `fell` where neither direction is better."""

    IMPROVED = "improved"
    WORSENED = "worsened"
    ROSE = "rose"
    FELL = "fell"
    UNCHANGED = "no change can be shown"


class Level(StrEnum):
    """How much a notice matters: `warning` may move a figure, `info` only says what was done."""

    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Tool:
    """Who made the report."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Window:
    """The half-open span `[start, end)` of the report, ISO dates in its time zone, and its period."""

    start: str
    end: str
    grain: Literal["day", "week", "month", "quarter", "year"]
    year_starts: int = 1  # the month in which years and their quarters start


@dataclass(frozen=True, slots=True)
class Source:
    """One input file: rows = used + set_aside + filtered."""

    path: str
    table: str
    preset: str
    rows: int
    used: int
    set_aside: int = 0
    filtered: int = 0
    encoding: str | None = None
    columns: dict[str, str] = field(default_factory=dict)  # canonical field: header


@dataclass(frozen=True, slots=True)
class Target:
    """A target: the value has to be `operator` (`>=` or `<=`) `value`, in the metric's unit."""

    operator: Literal[">=", "<="]
    value: float


@dataclass(frozen=True, slots=True)
class Span:
    """One of two compared periods and what was read there."""

    start: str
    end: str
    value: Value
    n: int


@dataclass(frozen=True, slots=True)
class Compared:
    """Two full periods side by side; `change` = current − previous, with its 95 % interval and p value."""

    current: Span
    previous: Span
    change: float | None
    interval: tuple[float, float] | None
    p: float | None


@dataclass(frozen=True, slots=True)
class Reading:
    """One metric over the window."""

    title: str
    group: str
    unit: Unit
    better: Better
    value: Value
    n: int
    interval: tuple[float, float] | None
    clock: str
    cohort: str
    about: str
    formula: str
    target: Target | None
    status: Status | None
    previous: Value
    change: float | None
    verdict: Verdict | None
    compared: Compared | None
    details: dict[str, Any] = field(default_factory=dict)
    worked: str | None = None  # the formula with its own figures, for people
    twin_of: str | None = None  # the headline of the same wait, in the other clock; this one stands under it


@dataclass(frozen=True, slots=True)
class Point:
    """One metric in one period of the series; a partial period is not over and is never judged."""

    metric: str
    start: str
    end: str
    partial: bool
    value: Value
    n: int
    status: Status | None = None
    details: dict[str, Any] = field(default_factory=dict)
    interval: tuple[float, float] | None = None
    target: Target | None = None  # the one in force in this period


@dataclass(frozen=True, slots=True)
class Segment:
    """One metric over the window, for the rows where every dimension in `by` has the value given."""

    metric: str
    by: dict[str, str | None]
    value: Value
    n: int
    interval: tuple[float, float] | None = None
    target: Target | None = None
    status: Status | None = None
    details: dict[str, Any] = field(default_factory=dict)


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
    """One row of an exhibit: a value and its rows for each column; young cells are not over yet."""

    name: str
    values: list[float | None]
    n: list[int | None] = field(default_factory=list)
    young: list[bool] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture in numbers, which a chart draws and a table shows; `group` says with which metrics it goes."""

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


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A metric that could not be computed, the fields it needs, and why."""

    metric: str
    title: str
    needs: list[str]
    why: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something odd in the input, how many rows it touched, and what was done about it."""

    level: Level
    code: str
    message: str
    table: str | None = None
    field: str | None = None
    rows: int | None = None
    example: str | None = None
    path: str | None = None  # the file, where it is about one


@dataclass(frozen=True, slots=True)
class Headline:
    """Metrics that are shown first, side by side, under one title."""

    title: str
    metrics: list[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence worth ten seconds, about one metric."""

    metric: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a renderer needs; nothing in it needs polars."""

    schema_version: int
    tool: Tool
    as_of: str | None
    timezone: str
    language: str
    window: Window | None
    sources: list[Source]
    groups: dict[str, str]  # id: title, in the order to show
    metrics: dict[str, Reading]
    series: list[Point]
    segments: list[Segment]
    left_out: list[LeftOut]
    notices: list[Notice]
    findings: list[Finding]
    exhibits: list[Chart] = field(default_factory=list)
    headlines: list[Headline] = field(default_factory=list)
    where: str | None = None  # the condition that rows had to hold
    configuration: str | None = None  # the file that settings were read from

    def as_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers, ready for JSON and for templates."""
        return asdict(self)


def from_dict(data: dict[str, Any]) -> Report:
    """The report that `as_dict` gave; raises `ValueError` where the data does not fit the schema."""
    from pydantic import TypeAdapter

    return TypeAdapter(Report).validate_python(data)

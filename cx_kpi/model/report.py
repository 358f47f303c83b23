"""The report: plain frozen values that every renderer reads and `-f json` prints. Keys are a contract."""

from dataclasses import field
from typing import Any, Literal

from cx_kpi.model.chart_data import Chart
from cx_kpi.model.frozen import as_dict, dataclass
from cx_kpi.model.sums import SavedWeeks
from cx_kpi.model.values import Better, Capability, Level, Outlook, Span, Status, Target, Unit, Value, Verdict

SCHEMA_VERSION = 1


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
class Compared:
    """Two full periods side by side; `change` = current − previous, with its 95 % interval and p value."""

    current: Span
    previous: Span
    change: float | None
    interval: tuple[float, float] | None
    p: float | None


@dataclass(frozen=True, slots=True)
class Cause:
    """One segment in a change: its part of it by its own rate and by its share of the rows; `named` where it stands out."""

    by: dict[str, str | None]
    value: Value
    previous: Value
    n: int
    rate: float
    mix: float
    named: bool


@dataclass(frozen=True, slots=True)
class Account:
    """A change taken apart by one dimension: rate + mix + chance = change; of a count, in rows of spans of one length.

    `looked_at` are all dimensions that were tried. `reversed`: every segment went one way and the whole the other, because the mix changed.
    """

    dimension: str
    change: float
    rate: float
    mix: float
    chance: float
    causes: list[Cause]
    reversed: bool = False
    looked_at: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Usual:
    """The usual range of a period, in the unit of the metric; a `trial` one rests on 8 to 11 periods, a `wide` one tells little."""

    low: float
    high: float
    middle: float
    trial: bool = False
    wide: bool = False  # half of the scale, or one and a half times its middle


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a whole, its share of the rows, and its share over the baseline."""

    name: str
    value: float
    previous: float


@dataclass(frozen=True, slots=True)
class Latest:
    """What is judged: the latest full period, or the window where one was chosen.

    `change` is against the periods of `baseline` together: a difference in the unit of the metric, or with `relative` a ratio
    less 1, with its 95 % interval. A `verdict` other than "no change can be shown" has survived the error budget of the report.
    """

    start: str
    end: str
    value: Value
    n: int
    interval: tuple[float, float] | None = None
    target: Target | None = None
    status: Status | None = None
    change: float | None = None
    change_interval: tuple[float, float] | None = None
    relative: bool = False
    p: float | None = None
    verdict: Verdict | None = None
    baseline: Span | None = None
    recorded: Span | None = None  # of the baseline, what is out of a history
    baseline_without: list[str] = field(
        default_factory=list
    )  # periods left out of it: outside their usual range
    usual: Usual | None = None
    since: str | None = None  # the start of the first period that is as the latest is
    can_meet: Capability | None = None  # whether the process as it is can meet the target
    more_rows: int | None = None  # how many more would tell, where that is not known
    part: Part | None = None  # of what is made of parts: the one that changed most


@dataclass(frozen=True, slots=True)
class Reading:
    """One metric over the window; `latest` is the part of it that is judged."""

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
    twin_of: str | None = None  # the headline of the same wait, in the other clock; this one is under it
    latest: Latest | None = None
    account: Account | None = None  # of a change that was shown: what it is made of
    of_length: bool = False  # whether it depends on how long a span is, so that longer ones do not compare


@dataclass(frozen=True, slots=True)
class Point:
    """One metric in one period of the series; a partial period has not ended, or is known in part, and is never judged."""

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
    usual: Usual | None = None
    outside: bool = False  # of its usual range
    recorded: bool = False  # out of a history
    change: float | None = None  # against the periods before it, as in `latest`
    verdict: Verdict | None = None  # as if it were the latest


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
    stands_out: bool = False  # worse than all others together, by more than chance explains


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A metric that could not be computed, the fields it needs, and why; `bring` is the file or columns to add, in words."""

    metric: str
    title: str
    needs: list[str]
    why: str
    by: list[str] | None = None  # the cut, where it is there as a whole and lacks that alone
    bring: str = ""


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
class TicketLink:
    """A ticket, and where it is in the help desk."""

    id: str
    link: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence to read first, about one metric."""

    metric: str
    text: str
    account: Account | None = None  # of the change it tells of
    tickets: list[TicketLink] = field(
        default_factory=list
    )  # the worst, where the configuration has [report] ticket_link


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
    alarm: str | None = None  # what has to be reported first: that much of a file is in no figure
    configuration: str | None = None  # the file that settings were read from
    outlook: Outlook | None = None  # what comes
    weeks: SavedWeeks | None = None  # by which it can be compared with another report

    def as_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers, ready for JSON and for templates."""
        return as_dict(self)


def from_dict(data: dict[str, Any]) -> Report:
    """The report that `as_dict` gave; raises `ValueError` where the data does not fit the schema."""
    from pydantic import TypeAdapter

    return TypeAdapter(Report).validate_python(data)

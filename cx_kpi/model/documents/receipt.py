"""The receipt of one number: plain frozen values that `cxkpi explain` prints. Keys are a contract."""

from dataclasses import field
from typing import Any

from cx_kpi.model.frozen import as_dict, dataclass
from cx_kpi.model.report import Finding, LeftOut, Reading, Tool, Window
from cx_kpi.model.values import Unit, Value

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """One method of the metric; the first that lacks nothing is used."""

    method: str
    table: str
    clock: str
    cohort: str
    needs: list[str]
    lacks: str  # what the files do not have for it; nothing where it can be computed
    taken: bool


@dataclass(frozen=True, slots=True)
class Step:
    """Rows that came in (more than 0) or went out (less) for one reason, and how many are left after it."""

    reason: str
    rows: int
    left: int


@dataclass(frozen=True, slots=True)
class RowGoal:
    """A target of single rows, in seconds: how many rows count against it, and how many keep it.

    `seconds` is null for those whose target is a deadline by working days.
    """

    seconds: float | None
    rows: int
    hits: int


@dataclass(frozen=True, slots=True)
class Behind:
    """One row of the figure; `values` are its other columns, where they were asked for.

    Its target is a length of time in seconds, or a deadline, `due`.
    """

    id: str | None
    at: str | None
    value: Value
    target: float | None = None
    values: dict[str, Any] = field(default_factory=dict)
    due: str | None = None
    link: str | None = None  # where the ticket is, by [report] ticket_link


@dataclass(frozen=True, slots=True)
class Worst:
    """The worst rows of the figure, worst first; `order` is how they are sorted, in words."""

    order: str
    unit: Unit
    rows: list[Behind]


@dataclass(frozen=True, slots=True)
class Part:
    """One segment in the whole: its share of the rows, and by how much it pulls the whole from where it would be.

    `pull` = share × (value − value of the whole); all of them add up to 0. Null where the whole is not the mean
    of its segments, or where fewer than 5 rows are there.
    """

    by: dict[str, str | None]
    value: Value
    n: int
    share: float
    pull: float | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The account of one figure. `steps` add up: rows that came in less rows that went out are the rows that count."""

    schema_version: int
    tool: Tool
    as_of: str | None
    timezone: str
    language: str
    window: Window | None
    metric: str
    reading: Reading
    ways: list[Choice]
    steps: list[Step]
    target_from: str
    segment_targets: str  # in words: `≤ 4 min (channel phone)`
    row_goals: list[RowGoal]
    time: str  # which hours a length of time counts, or the deadlines of rows
    interval_by: str
    change_by: str
    worst: Worst
    parts: list[Part]
    where: str | None = None  # the condition that rows had to hold
    history: str | None = None  # the file that earlier periods are out of
    findings: list[Finding] = field(default_factory=list)  # what is said of it, now and of a past period
    uncut: list[LeftOut] = field(
        default_factory=list
    )  # cuts that were asked for and that the metric cannot have

    def as_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers, ready for JSON."""
        return as_dict(self)

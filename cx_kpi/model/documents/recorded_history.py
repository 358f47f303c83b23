"""The history of readings: plain frozen values, as `cxkpi history -f json` prints them. Keys are a contract."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

from cx_kpi.model.frozen import as_dict, dataclass
from cx_kpi.model.report import Tool
from cx_kpi.model.sums import Sums
from cx_kpi.model.values import Better, Target, Unit, Value

SCHEMA_VERSION = 1
BETWEEN = "; "  # the parts of a segment, `channel=email; priority=high`
PeriodName = Literal["day", "week", "month", "quarter", "year", "span"]
Dates = tuple[str, str]  # the first day of a period and the first after it, ISO


@dataclass(frozen=True, slots=True)
class Recorded:
    """One metric in one period, as the run that knew most of it told it; `by` names a segment, nothing of the whole.

    `as_of` is the moment of that run's data, in UTC. `definition` numbers how it was counted.
    """

    start: str
    end: str
    by: str
    value: Value
    n: int
    low: float | None
    high: float | None
    target: Target | None
    status: str | None
    at_least: bool
    as_of: str
    definition: int


@dataclass(frozen=True, slots=True)
class Track:
    """A metric or a segment of it over its recorded periods, all of one length, in order of time."""

    metric: str
    title: str
    unit: Unit
    better: Better
    period: PeriodName
    by: str
    points: list[Recorded]
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """How recorded figures of a metric were counted: what differs between two of these tells them apart."""

    definition: int
    metric: str
    how: dict[str, Any]


@dataclass(frozen=True, slots=True)
class History:
    """What was recorded, metric by metric."""

    schema_version: int
    tool: Tool
    language: str
    path: str
    tracks: list[Track]
    definitions: list[Counted]

    def as_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers."""
        return as_dict(self)


Parts = Mapping[str, Mapping[int, Sums]]  # of a metric, by day; the whole is the part without a name


@dataclass(frozen=True, slots=True)
class PastMetric:
    """What was recorded of one metric as it is counted now: sums by part and day, spans that are known, and its readings."""

    parts: Parts = field(default_factory=dict)
    known: tuple[Dates, ...] = ()
    points: Mapping[Dates, Recorded] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Past:
    """What a history holds for a run; `otherwise` says of metrics that were counted otherwise what differs."""

    path: str = ""
    metrics: Mapping[str, PastMetric] = field(default_factory=dict)
    otherwise: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


NO_PAST = Past()

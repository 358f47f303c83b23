"""What values are: units, directions, statuses and verdicts, targets and spans. The smallest parts of a report."""

from enum import StrEnum
from typing import Literal

from cx_kpi.model.frozen import dataclass

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
    """A value against its target; a reading with fewer than five rows has no status at all."""

    MET = "met"
    MISSED = "missed"
    INCONCLUSIVE = "inconclusive"
    NO_DATA = "no_data"


class Verdict(StrEnum):
    """The verdict on a change; `rose` and `fell` where neither direction is better, `changed` where there is none."""

    IMPROVED = "improved"
    WORSENED = "worsened"
    ROSE = "rose"
    FELL = "fell"
    CHANGED = "changed"
    UNCHANGED = "no change can be shown"


class Capability(StrEnum):
    """Whether a process can meet its target, by its usual range."""

    RELIABLY = "reliably"
    BY_LUCK = "by luck"
    NOT = "not without changing how you work"
    CANNOT_TELL = "cannot tell"


class Level(StrEnum):
    """How much a notice matters: `warning` may move a figure, `info` only reports what was done."""

    WARNING = "warning"
    INFO = "info"


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
class Ahead:
    """A week to come: what is expected, the range it falls into four times in five, and how far past forecasts were off."""

    start: str
    end: str
    value: float
    low: float
    high: float
    error: float  # the median, of 1


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The weeks to come of one metric, in words too; `seasonal`: as a year ago, else as the latest four weeks."""

    metric: str
    weeks: list[Ahead]
    seasonal: bool
    text: str


@dataclass(frozen=True, slots=True)
class Paced:
    """A share in the quarter so far, and what the `to_come` rows of its rest have to be to reach the target.

    `needed` of them must count (at most, for a share that is better low), None where the target cannot be met;
    `cases` more (fewer) would have met it so far.
    """

    metric: str
    start: str
    end: str  # of the quarter
    value: float
    n: int
    target: Target
    met: bool
    to_come: int
    needed: float | None
    cases: int
    text: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What comes: forecasts of volumes and levels, and the pace to targets."""

    forecasts: list[Foreseen]
    paces: list[Paced]

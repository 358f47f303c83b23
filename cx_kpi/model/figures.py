"""A figure: the value of one metric in one cut, and the sample that shows how sure it is."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.values import Unit, Value

LOWER_BOUND = "lower_bound"  # the detail that is there, and true, where a value is at least what it says
UNKNOWN = "unknown"  # the rows of which a condition is not known

APPROXIMATE = "approximate"  # the detail that is there, and true, where quantiles are known to within a share of themselves
ERROR = "error"  # and that share
SCALARS = (int, float, str, type(None))
_SCALARS = frozenset({*SCALARS, bool})
QUANTILES = ("median", "p90", "censored_median", "median_interval", "p90_interval")


def is_approximate(details: Mapping[str, Any], name: str = "") -> bool:
    """Whether a value, or the detail of this name, is approximate: beside a median the value is a mean, which is exact."""
    return bool(details.get(APPROXIMATE)) and (name in QUANTILES if name else "median" not in details)


def nearly(error: float) -> dict[str, Any]:
    """The details of a figure whose quantiles are as near as this share of themselves; none where they are exact."""
    return {APPROXIMATE: True, ERROR: error} if error else {}


def scalars(details: dict[str, Any]) -> dict[str, Any]:
    """The details that are numbers or words; the same dict where they all are."""
    if _SCALARS.issuperset(map(type, details.values())):
        return details
    return {name: value for name, value in details.items() if isinstance(value, SCALARS)}


@dataclass(frozen=True, slots=True)
class Proportion:
    """`hits` of `n`, `per` 1 or per 100."""

    hits: int
    n: int
    per: float = 1.0


@dataclass(frozen=True, slots=True)
class Mean:
    """`n` values with this mean and sample variance (n − 1); their scale bounds the interval where known."""

    n: int
    mean: float
    variance: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Net:
    """A net promoter score: promoters and detractors of n."""

    promoters: int
    detractors: int
    n: int


@dataclass(frozen=True, slots=True)
class Ordered:
    """A quantile of n ordered values, and the values of two ranks that bound it at 95 %."""

    n: int
    value: float | None = None
    bounds: tuple[float, float] | None = None
    error: float = 0.0  # the share of themselves by which they may be off


Sample = Proportion | Mean | Net | Ordered


@dataclass(frozen=True, slots=True)
class Worked:
    """The worked formula of a value: a pattern such as `{hits} ÷ {n}`, and the number for each name in it.

    Whole numbers are counts, others are in `unit`, that of the metric when not set. If it `states` the value,
    it needs no result.
    """

    pattern: str
    parts: Mapping[str, float]
    states: bool = False
    unit: Unit | None = None


def worked(pattern: str, **parts: float) -> Worked:
    """The working of a value, from its pattern and its parts."""
    return Worked(pattern, parts)


@dataclass(frozen=True, slots=True)
class Figure:
    """A value from n rows; no rows: value None. `sample` is None where no interval can be given."""

    value: Value
    n: int
    sample: Sample | None = None
    details: dict[str, Any] = field(default_factory=dict)
    worked: Worked | None = None
    pairs: tuple[tuple[Sample, Sample], ...] = ()  # of each row of the table: whose difference it gives

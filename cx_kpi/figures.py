"""A figure: what one metric comes to in one cut, and the sample that says how sure it is."""

from dataclasses import dataclass, field
from typing import Any

from cx_kpi.report import Value


@dataclass(frozen=True, slots=True)
class Proportion:
    """`hits` of `n`."""

    hits: int
    n: int


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


Sample = Proportion | Mean | Net


@dataclass(frozen=True, slots=True)
class Figure:
    """A value from n rows; no rows: value None. `sample` is None where no interval can be given."""

    value: Value
    n: int
    sample: Sample | None = None
    details: dict[str, Any] = field(default_factory=dict)

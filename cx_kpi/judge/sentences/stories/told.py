"""A judged metric with all that its sentences need."""

from collections.abc import Callable, Sequence
from math import inf

from cx_kpi.judge.verdicts.procedure import Judgement
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Account
from cx_kpi.model.sums import Quantity
from cx_kpi.model.values import Better, Unit, Value


@dataclass(frozen=True, slots=True)
class Place:
    """The segment that stands out in a period, its figure there and before, and whether most of the change is in it."""

    segment: str
    value: Value
    is_most: bool = True
    before: Value = None


@dataclass(frozen=True, slots=True)
class Told:
    """A judged metric with what its sentences need; `figures` and `periods` (ISO days) go period by period.

    `place` finds the segment that stands out in a period and `account` what its change is made of: asked of what is said
    alone, for they take time. `family` names metrics of the same rows, `theme` those that tell the same side of a past event.
    """

    judgement: Judgement
    title: str
    quantity: Quantity
    unit: Unit
    better: Better
    periods: Sequence[tuple[str, str]]
    figures: Sequence[Value]
    value: Value  # of the subject
    family: str = ""
    theme: str = ""
    currency: str = ""
    scale: tuple[float, float] | None = None
    part: str = ""  # the name of the part that shifted
    place_shown: float = inf  # among the metrics that are shown first of its theme
    place: Callable[[int], Place | None] = lambda _: None
    account: Callable[[int], Account | None] = lambda _: None

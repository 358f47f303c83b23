"""What a metric is: words, clock, shape, direction and target, in one declaration."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from functools import cached_property
from typing import Any

import polars as pl

from cx_kpi.model.figures import Figure
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Config
from cx_kpi.model.sums import Quantity
from cx_kpi.model.values import Better, Target, Unit


class Cohort(StrEnum):
    """Which rows a metric is about: opened, solved or answered in the window, or alive at one end of it."""

    CREATED = "created"
    SOLVED = "solved"
    EVENT = "event"
    STOCK = "stock"


@dataclass(frozen=True, slots=True)
class Clock:
    """A table and the date that places its rows in a period; with `until`, a row is alive in `[at, until)`.

    Such a row counts where it is alive at the end of a window; with `opening`, at its start.
    """

    name: str
    table: str
    at: str
    cohort: Cohort
    until: str | None = None
    opening: bool = False
    undated: bool = False  # all rows count once, whatever the window
    who: str | None = None  # whose life a row is a part of, where one may have several
    spells: str = ""  # a list of {from, to} that replaces `[at, until)` where it is known

    @property
    def is_stock(self) -> bool:
        """Whether rows count where they are alive at the end of a window."""
        return self.until is not None and not (self.opening or self.undated)


@dataclass(frozen=True, slots=True)
class Sum:
    """Adds up what each row contributes: a condition (counted) or a number.

    One that changes while a row of a stock is alive may say how, so that it is not looked at at every edge: it holds
    once `since` does, which then goes on holding, and no more once `until` does.
    """

    expr: pl.Expr
    since: pl.Expr | None = None
    until: pl.Expr | None = None


@dataclass(frozen=True, slots=True)
class Smallest:
    """The least value."""

    expr: pl.Expr


@dataclass(frozen=True, slots=True)
class Largest:
    """The greatest value."""

    expr: pl.Expr


@dataclass(frozen=True, slots=True)
class Opening:
    """The value of the earliest row."""

    expr: pl.Expr


@dataclass(frozen=True, slots=True)
class Closing:
    """The value of the latest row."""

    expr: pl.Expr


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Order statistics of durations in seconds; `censored` are ages of what has not finished yet.

    With `since_start`, they are of every row of a stock, and the longer the earlier a row began.
    """

    expr: pl.Expr
    censored: pl.Expr | None = None
    since_start: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """One quantile of any numbers, and its interval."""

    expr: pl.Expr
    q: float


@dataclass(frozen=True, slots=True)
class Distinct:
    """How many different keys."""

    expr: pl.Expr


@dataclass(frozen=True, slots=True)
class Mode:
    """The value of `of` that most keys of `per` use most; a key's ties go to its latest row."""

    of: str
    per: str
    at: str


@dataclass(frozen=True, slots=True)
class Foremost:
    """The keys with most rows, no more than `most`: their names, rows and weights, and those of all.

    `called` is what a key is called whose name may say who somebody is.
    """

    key: str
    name: str
    weight: pl.Expr
    most: int
    called: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Words in a text column, by how many of the low and of the high rows hold them.

    Those to read are named by the first of `ids` that is there: low ones first, of these the latest by `at`, where that is known.
    """

    text: pl.Expr
    low: pl.Expr
    high: pl.Expr
    at: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Why rows do not count: those for which the condition holds, save those out for a reason before it."""

    why: str
    where: pl.Expr


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one row contributes to a figure: whether it counts, and a hit or a number.

    `size` is its length among hits and misses, in seconds; `target` its own target, in seconds; `folds` why
    the n of the figure is less than the rows that count.
    """

    counts: pl.Expr
    value: pl.Expr | None = None
    size: pl.Expr | None = None
    target: pl.Expr | None = None
    exclusions: tuple[Exclusion, ...] = ()
    quantity: Quantity | None = None  # how rows are weighed in judging; None: no verdict on a change
    happened: str | None = None  # the date of a hit that takes time, so that periods are compared at one age
    folds: str = ""


Measure = (
    Sum | Smallest | Largest | Opening | Closing | Quantiles | Ranked | Distinct | Mode | Foremost | Terms
)
Measured = Mapping[str, Any]


@dataclass(frozen=True)  # without slots: its columns are kept
class Aggregation:
    """What a group of rows is aggregated to (`measures`), and how that becomes a figure (`finish`).

    With `within`, groups are aggregated per value of that column and `finish` takes pairs (value, measured).
    With `latest`, only the last row of each key in a window counts. `contribution` is what one row adds. Of a segment no
    table is shown: `brief` finishes without one.
    """

    measures: Mapping[str, Measure]
    finish: Callable[[Any], Figure]
    within: str | None = None
    latest: str | None = None
    contribution: Contribution | None = None
    brief: Callable[[Any], Figure] | None = None

    @cached_property
    def columns(self) -> frozenset[str]:
        """The columns the shape reads: fields and row facts."""
        named = frozenset(name for name in (self.within, self.latest) if name)
        return named.union(*(measure_columns(measure) for measure in self.measures.values()))


def measure_columns(measure: Measure) -> set[str]:
    """The columns one measure reads."""
    match measure:
        case Mode(of, per, at):
            return {of, per, at}
        case Foremost(key, name, weight):
            return {key, name, *weight.meta.root_names()}
        case Quantiles(expr, censored):
            return {*expr.meta.root_names(), *(() if censored is None else censored.meta.root_names())}
        case Terms(text, low, high):
            return {name for expr in (text, low, high) for name in expr.meta.root_names()}
        case _:
            return set(measure.expr.meta.root_names())


@dataclass(frozen=True, slots=True)
class Method:
    """One way to compute a metric, where files may allow several: the first that the columns allow counts.

    `exclusions` are reasons of its own why rows do not count.
    """

    clock: Clock
    aggregation: Aggregation
    name: str = ""
    exclusions: tuple[Exclusion, ...] = ()


@dataclass(frozen=True, slots=True)
class Companion:
    """A detail taken from another metric: its value or its detail `key`; with `per`, our value × per ÷ its.

    With `rows`, each row of our table gets it, by its own n.
    """

    name: str
    metric: str
    key: str | None = None
    per: float | None = None
    rows: bool = False


@dataclass(frozen=True, slots=True)
class Headline:
    """That a metric belongs among the first: under which title, and after how many others of it."""

    title: str
    rank: int


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric. `internal` ones only serve others and are not shown."""

    id: str
    title: str
    group: str
    about: str
    formula: str
    unit: Unit
    better: Better
    methods: Sequence[Method]
    target: Target | None = None
    target_scale: tuple[float, float] | None = None  # the target holds on this scale only
    companions: Sequence[Companion] = field(default_factory=tuple)
    not_by: frozenset[str] = frozenset()  # dimensions it is made of, so that a cut means nothing
    internal: bool = False
    headline: Headline | None = None
    limit: float | None = None  # seconds, of a share of what is done in so much time
    all_methods: bool = False  # show what the other ways come to, too
    twin_of: str | None = None  # the metric whose wait this one counts in business hours
    by_calendar: bool = False  # counts business hours
    same_as: str = ""  # the metric that says the same of the same rows: in judging, the two are one
    kind: str = ""  # of survey, all whose answers it is about
    measured: pl.Expr | None = None  # whether the rows tell of it at all; else it is unknown, not 0
    whom: str = ""  # those that a share that is better low counts, as they stand after "of"
    foreseen: bool = False  # its next weeks are forecast
    setting: Callable[[Config], bool] = lambda _: True  # whether a report shows it that names no metrics
    version: int = (
        1  # raised when it comes to count otherwise, so that histories tell old figures from new ones
    )


def helper(id: str, unit: Unit, *methods: Method) -> Metric:  # noqa: A002 - the field's name
    """A metric that only serves others: it has no words and is never shown."""
    return Metric(id, "", "", "", "", unit, Better.NEITHER, methods, internal=True)

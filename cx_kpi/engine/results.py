"""What the engine works on and what it gives: tables on their way to figures, and the results."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from typing import Any

import polars as pl

from cx_kpi.engine.aggregation.cells import Figures
from cx_kpi.engine.aggregation.cuts import Cut
from cx_kpi.engine.aggregation.daily import WHOLE, Dates, Days, Segmented, day_sums, within
from cx_kpi.engine.chart_grids import Grids
from cx_kpi.engine.facts.fact import Rows
from cx_kpi.engine.planning.plan import Plan
from cx_kpi.engine.time.windows import Windows
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Options
from cx_kpi.model.report import Notice


@dataclass(frozen=True, slots=True)
class Work:
    """Where a computation is: the tables, then their rows with facts, then figures and what was found odd."""

    options: Options
    fields: Mapping[str, frozenset[str]]  # the canonical fields of each table
    keep: Collection[str]  # tables whose rows are wanted with every fact
    windows: Windows | None
    plan: Plan
    frames: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    rows: Mapping[str, Rows] = field(default_factory=dict)
    cuts: tuple[Cut, ...] = ()
    figures: Figures = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    grids: Grids = field(default_factory=dict)
    daily: Mapping[str, Days] = field(default_factory=dict)
    known: Mapping[str, Any] | None = None  # what is known of all rows, where these are a part of them


@dataclass(frozen=True, slots=True)
class Results:
    """Figures, their windows (None: the data has no dates), and the metrics that could not be computed."""

    plan: Plan
    windows: Windows | None
    figures: Figures
    cuts: tuple[Cut, ...]
    notices: tuple[Notice, ...] = ()
    rows: Mapping[str, Rows] = field(default_factory=dict)  # of the tables that were to be kept
    heights: Mapping[str, int] = field(default_factory=dict)  # rows of each table, later ones too
    grids: Grids = field(default_factory=dict)
    daily: Mapping[str, Days] = field(default_factory=dict)  # what rows bring to each judged metric, by day
    tables: Mapping[str, Rows] = field(default_factory=dict)  # all rows, for a closer look
    summed: Mapping[str, Days] | None = None  # what they brought by day, where there are no rows any more
    begins: Mapping[str, datetime] = field(default_factory=dict)  # then the first date of each table
    apart: frozenset[str] = frozenset()  # and the metrics that are counted within each part

    @property
    def columns(self) -> dict[str, frozenset[str]]:
        """The columns of each table, facts too."""
        return {name: frozenset(rows.columns) for name, rows in self.tables.items()}

    def daily_by(
        self, metrics: Collection[str], columns: Sequence[str], spans: Sequence[Dates]
    ) -> dict[str, dict[str, Segmented]]:
        """What rows bring to some metrics by day over some spans, for each value of each column of their table."""
        if self.windows is None or not metrics or self.summed is not None:
            return {}
        jobs = [job for job in self.plan.jobs if job.key in metrics]
        found = day_sums(self.tables, jobs, self.windows, columns, spans)
        return {column: found[column] for column in columns}

    def daily_over(self, metrics: Collection[str], spans: Sequence[Dates]) -> dict[str, Days]:
        """What rows bring to some metrics by day, over spans that follow one another."""
        if self.windows is None or not metrics:
            return {}
        if self.summed is not None:
            known = {key: days for key, days in self.summed.items() if key in metrics}
            return {key: within(days, spans) for key, days in known.items()}
        jobs = [job for job in self.plan.jobs if job.key in metrics]
        found = day_sums(self.tables, jobs, self.windows, spans=spans)[WHOLE]
        return {key: segments.get(WHOLE, {}) for key, segments in found.items()}

    @property
    def days(self) -> tuple[date, date] | None:
        """The first day of the window, and the first after it."""
        return (self.windows.overall.start, self.windows.overall.end) if self.windows else None

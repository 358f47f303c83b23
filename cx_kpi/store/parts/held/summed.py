"""What a part file holds: figures of one export that add up, by weeks and months and by cut, without rows and ids."""

from dataclasses import field
from datetime import date, datetime
from typing import Any

import polars as pl

from cx_kpi.engine.guards.truncated_export import Stock
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Notice

FORMAT = "cxkpi_part"  # the key of the version
VERSION = 1
JOB, KEY, CUT, VALUES = "job", "measure", "cut", "values"
SECTION, START, END = "section", "start", "end"
# Sections: the part, what was before it, and its pieces; week and month.
WHOLE, EARLY, PIECE = "whole", "early", "piece"
WHOLE_NUMBER, NUMBER, MOMENT, TEXT = "whole", "number", "at", "text"
DAY, GRAIN = "day", "grain"
CELLS: dict[str, Any] = {
    JOB: pl.Int32,
    KEY: pl.String,
    SECTION: pl.String,
    START: pl.Date,
    END: pl.Date,
    CUT: pl.Int32,  # its place among the cuts
    VALUES: pl.List(pl.String),
    WHOLE_NUMBER: pl.Int64,
    NUMBER: pl.Float64,
    MOMENT: pl.Datetime("us", "UTC"),
    TEXT: pl.String,
}
COUNTED: dict[str, Any] = {
    JOB: pl.Int32,
    KEY: pl.String,
    SECTION: pl.String,
    START: pl.Date,
    END: pl.Date,
    CUT: pl.Int32,
    VALUES: pl.List(pl.String),
    "still": pl.Boolean,
    "value": pl.Float64,
    "times": pl.Int64,
    "most": pl.Float64,
}
DAYS: dict[str, Any] = {
    JOB: pl.Int32,
    GRAIN: pl.String,
    DAY: pl.Int32,
    "n": pl.Float64,
    "total": pl.Float64,
    "squares": pl.Float64,
}
TABLES = {"cells": CELLS, "counted": COUNTED, "days": DAYS}


Counts = tuple[tuple[int, int], ...]  # of each cell of a chart its rows, and those of them that hit


@dataclass(frozen=True, slots=True)
class SummedJob:
    """One metric by one of its methods, and since when there are rows of it; `empty` where there are none at all."""

    metric: str
    method: int
    undated: bool
    aside: bool
    since: datetime | None = None
    empty: bool = False
    few: bool = False  # too few rows a day to be told by day

    @property
    def place(self) -> tuple[str, int, bool]:
        """What is the same where two parts count a metric in the same way."""
        return self.metric, self.method, self.undated


@dataclass(frozen=True, slots=True)
class SummedTable:
    """The rows of one table: its fields, how many there were and counted, and how many came on each day."""

    fields: tuple[str, ...]
    preset: str
    rows: int
    used: int
    set_aside: int
    filtered: int
    first_day: int = 0  # by `date.toordinal`
    by_day: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """Where the sums are from, and what of the report follows from no cell."""

    version: str  # of cxkpi
    timezone: str
    as_of: datetime
    fixed: bool  # whether that moment was set
    begin: date
    over: date
    reach: date  # the first day of its weeks and months: rows of some tables are older than the part
    where: str | None
    by: tuple[tuple[str, ...], ...]
    cuts: tuple[tuple[str, ...], ...]  # of the cells, what a metric is counted within last
    metrics: tuple[str, ...]  # that were asked for; all where there are none
    inputs: tuple[tuple[str, str], ...]  # the name of each file, and the digest of its bytes
    settings: dict[str, Any]
    tables: dict[str, SummedTable]
    jobs: tuple[SummedJob, ...]
    notices: tuple[Notice, ...]
    scales: tuple[str, ...]  # of each kind of answer
    stock: Stock | None
    solved: tuple[int, int]  # tickets, and those of them without a date of it
    flow: dict[str, int]
    withheld: int  # segments with too few rows to tell
    grids: dict[str, Counts] = field(
        default_factory=dict
    )  # of charts of hours and waits, over all of the part


@dataclass(frozen=True, slots=True)
class Summed:
    """A part file in memory: its name, its account, and its tables by name."""

    path: str
    account: Account
    tables: dict[str, pl.DataFrame]

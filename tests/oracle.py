"""A second engine: DuckDB with the tables and the slices of a random company, and the definitions in SQL."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import polars as pl
import polars.selectors as cs
from canonical import differences
from metric_examples import FILES
from random_tables import CHANNELS, PRODUCTS, SEGMENTS
from scipy import stats

from cx_kpi import api
from cx_kpi.metrics.registry import PUBLIC
from cx_kpi.model.schema import TABLES
from cx_kpi.normalise.load import load
from cx_kpi.normalise.mapping.reading_plan import SPELT
from cx_kpi.read.open_inputs import inputs_of, opened

SETUP = (Path(__file__).parent / "oracle.sql").read_text("utf-8")
TEXTS = ("comment_terms", "review_terms")
QUEUES = ("sales", "care", None)
BY = [["channel"], ["segment"], ["channel", "product"], ["queue"]]
NIGHTS = {"hours": {"mon-fri": "22:00-06:00"}, "days": {"2026-10-29": "closed"}, "timezone": "Asia/Kathmandu"}
NOONS = {"mon-sun": ["08:00-12:00", "13:30-20:00"]}
CHATS = {"name": "chat", "hours": NOONS, "when": {"channel": "chat"}, "timezone": "Asia/Kathmandu"}
CONFIG = {
    "complaint_repeat_days": 20,
    "inactivity_days": 30,
    "repurchase_days": 30,
    "costs": {"hourly_rate": 30.0},
    "calendar": [NIGHTS, CHATS],
    "target": [
        {"metric": "next_response_time", "value": "12 h"},
        {"metric": "next_response_time", "value": "4 h", "when": {"channel": "chat"}, "clock": "business"},
    ],
}
EVENTS = {
    "tickets": ("created_at", "first_response_at", "solved_at"),
    "surveys": ("responded_at",),
    "calls": ("queued_at", "answered_at"),
    "orders": ("ordered_at",),
    "ticket_events": ("at",),
}
RUNS = {
    "weeks in Berlin": {"seed": 1, "period": "week", "timezone": "Europe/Berlin"},
    "months in UTC": {"seed": 2, "period": "month", "timezone": "UTC"},
    "a quarter seen earlier": {
        "seed": 3,
        "period": "month",
        "timezone": "Asia/Kathmandu",
        "since": "2026-11-15",
        "until": "2027-01-15",
        "as_of": "2027-01-10T10:30",
    },
}
Slice = tuple[str, int, dict[str, str | None]]  # "overall" or "series", number, segment


class Oracle:
    """DuckDB with the tables and the slices of one run."""

    def __init__(self, frames, window, options) -> None:
        self.zone = ZoneInfo(options["timezone"])
        self.slices: list[Slice] = []
        self.db = duckdb.connect()
        self.db.create_function(
            "bounds", _bounds, ["DOUBLE[]", "DOUBLE"], "DOUBLE[]", null_handling="special"
        )
        for table, frame in frames.items():
            self.db.register(f"raw_{table}", _plain(_with_segment(frame)))
        as_of = self._as_of(frames, options.get("as_of"))
        self.db.execute(
            f"CREATE TABLE settings AS SELECT TIMESTAMP '{as_of}' AS as_of, "
            f"TIMESTAMP '{as_of if 'as_of' in options else 'infinity'}' AS seen, "
            "30.0::DOUBLE AS hourly_rate, 20 AS complaint_repeat_days, 30 AS inactivity_days"
        )
        begin, over = _days(frames, as_of, self.zone, options)
        assert (window.start, window.end) == (begin.isoformat(), over.isoformat())
        self._slice(_first_day(frames, self.zone), begin, over, options["period"])
        self.db.execute(SETUP)

    def _as_of(self, frames, given):
        if given:
            return _utc(datetime.fromisoformat(given), self.zone)
        return max(frames[t][c].max() for t, cs in EVENTS.items() for c in cs).replace(tzinfo=None)

    def _slice(self, first, begin, over, grain) -> None:
        rows = []
        marks = _marks(min(first, begin), over, grain)
        for group, spans in (("overall", [(begin, over)]), ("series", pairwise(marks))):
            for number, (start, end) in enumerate(spans):
                rows.append((start, end, {}))
                self.slices.append((group, number, {}))
        for dims in (
            *({"channel": c} for c in CHANNELS),
            *({"segment": s} for s in SEGMENTS),
            *({"queue": q} for q in QUEUES),
            *({"channel": c, "product": p} for c in CHANNELS for p in PRODUCTS),
        ):
            rows.append((begin, over, dims))
            self.slices.append(("overall", 0, dims))
        self.db.execute(
            "CREATE TABLE slices (cell INT, of_window INT, window_only BOOL, start TIMESTAMP, stop TIMESTAMP, "
            "channel TEXT, product TEXT, segment TEXT, queue TEXT)"
        )
        for cell, (start, end, dims) in enumerate(rows):
            at = [
                _utc(datetime.combine(day, datetime.min.time()), self.zone).isoformat()
                for day in (start, end)
            ]
            values = [
                "*" if name not in dims else dims[name] or ""
                for name in ("channel", "product", "segment", "queue")
            ]
            self.db.execute(
                f"INSERT INTO slices VALUES ({', '.join('?' * 9)})",
                [cell, 0 if dims else cell, not dims, *at, *values],
            )

    def answers(self, metric: str) -> Iterator[tuple[Slice, dict]]:
        """The oracle's figure for each slice."""
        cursor = self.db.execute(FILES[metric]["sql"])
        names = [column[0] for column in cursor.description]
        told = {row[0]: dict(zip(names[1:], row[1:], strict=True)) for row in cursor.fetchall()}
        for cell, where in enumerate(self.slices):
            yield where, told.get(cell, {"value": None, "n": 0})


def _bounds(values: list[float | None] | None, q: float) -> list[float] | None:
    """The interval of a quantile by the ranks of Nyblom (1992), between those of the binomial distribution."""
    known = sorted(value for value in values or () if value is not None)
    n, ends = len(known), []
    if n < (50 if q > 0.5 else 1):
        return None
    for chance in (q, 1 - q):
        rank = int(stats.binom.ppf(0.025, n, chance))
        rank += int(stats.binom.cdf(rank, n, chance) <= 0.025)
        if not rank:
            return None
        miss, more = stats.binom.cdf([rank - 1, rank], n, chance)
        part = (0.025 - miss) / (more - miss)
        weight = 1 / (1 + rank * (1 - chance) * (1 - part) / ((n - rank) * chance * part)) if part else 0.0
        ends.append(rank + weight)
    low, high = ends[0], n + 1 - ends[1]
    return (
        None if high <= low else [float(each) for each in np.interp([low, high], np.arange(1, n + 1), known)]
    )


def read_at_once(options, given=()) -> dict[str, pl.DataFrame]:
    """All rows of the files, and of tables `given` in memory, as they are read, with ids as these spell them."""
    frames, _ = opened(inputs_of(options, given), options, lambda *_: None, given)
    meant = api._meant(frames, api.settled(options), every=True, keep=TABLES)
    loaded = load(meant.found.mapped, meant.fields, meant.options)
    return {name: _spelt(each.frame) for name, each in loaded.items()}


def _spelt(frame: pl.DataFrame) -> pl.DataFrame:
    names = [name for name in frame.columns if name.endswith(SPELT)]
    return frame.with_columns(pl.col(name).alias(name.removesuffix(SPELT)) for name in names).drop(names)


def _plain(frame: pl.DataFrame):
    """For DuckDB: words for categories, instants in UTC without saying so, rows numbered."""
    return (
        frame.with_row_index("nr")
        .with_columns(cs.categorical().cast(pl.String), cs.datetime().dt.replace_time_zone(None))
        .to_arrow()
    )


def _with_segment(frame: pl.DataFrame) -> pl.DataFrame:
    """With a column of segments that no slice by them asks for, where a table has none."""
    return frame if "segment" in frame.columns else frame.with_columns(segment=pl.lit("-"))


def _utc(at: datetime, zone: ZoneInfo) -> datetime:
    return at.replace(tzinfo=zone).astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


def _first_day(frames, zone: ZoneInfo) -> date:
    return min(frames[table][names[0]].min() for table, names in EVENTS.items()).astimezone(zone).date()


def _days(frames, as_of, zone, options) -> tuple[date, date]:
    if "since" in options:
        return date.fromisoformat(options["since"]), date.fromisoformat(options["until"])
    last = as_of.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).date()
    return _first_day(frames, zone), last + timedelta(days=1)


def _marks(begin: date, over: date, grain: str) -> list[date]:
    """First days of the weeks or months that touch the span, and the day after the last."""
    days = [begin + timedelta(days=k) for k in range(-31, (over - begin).days + 32)]
    firsts = [day for day in days if (day.isoweekday() == 1 if grain == "week" else day.day == 1)]
    marks = [day for day in firsts if day <= begin][-1:] + [day for day in firsts if begin < day]
    return marks[: next(i for i, day in enumerate(marks) if day >= over) + 1]


def wrong(found, oracle: Oracle, metric: str) -> list[str]:
    """Where the report differs from the second engine."""
    return [
        f"{where}{difference}"
        for where, told in oracle.answers(metric)
        for difference in _differences(found, metric, where, told)
    ]


def _differences(found, metric, where: Slice, told: dict) -> Iterator[str]:
    group, number, by = where
    expected = {"value": _number(told.pop("value")), "n": told.pop("n"), "details": _numbers(told)}
    if group == "series":
        actual = [point for point in found.series if point.metric == metric][number:][:1]
    elif by:
        actual = [part for part in found.segments if part.metric == metric and part.by == by]
        if expected["n"] < 5 and PUBLIC[metric].unit != "count":
            expected |= {"value": None, "details": {}}
    else:
        actual = [found.metrics[metric]] if metric in found.metrics else []
    if not actual:
        if expected["n"] and not PUBLIC[metric].not_by & by.keys():
            yield f" is missing: {expected}"
        return
    if by and not expected["n"]:
        yield " is not empty"
    details = {name: value for name, value in actual[0].details.items() if name != "calendar"}
    if (
        metric in TEXTS and "table" in details
    ):  # which of the texts are shown to be read is not defined in SQL
        rows = details["table"]
        details["table"] = [{name: each for name, each in row.items() if name != "read"} for row in rows]
    whole = group == "overall" and not by
    checked = expected["details"].items()
    shown = {key: value for key, value in checked if key in details or (whole and value is not None)}
    if not expected["n"]:
        shown = {key: value for key, value in shown.items() if value is not None}
    yield from differences(
        {"value": actual[0].value, "n": actual[0].n, "details": details},
        expected | {"details": shown},
    )
    if expected["n"] and details.keys() - shown.keys():
        yield f": nobody checks {details.keys() - shown.keys()}"


def _numbers(value):
    """Plain numbers wherever tables hold them; a null detail is one that is not there."""
    if isinstance(value, dict):
        return {key: _numbers(each) for key, each in value.items()}
    return [_numbers(each) for each in value] if isinstance(value, list) else _number(value)


def _number(value):
    return float(value) if type(value).__name__ == "Decimal" else value

"""What looks right cell by cell and is suspicious as a whole."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta

import polars as pl

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.schema import SPANS, TABLES, Kind
from cx_kpi.model.values import Level
from cx_kpi.normalise.tables.combine import Loaded
from cx_kpi.wording.language import mark

INSTANT = 60.0  # seconds: nobody reads and answers a letter faster
LIVE = ("chat", "phone", "in_person")  # channels where people do
FEW = 0.05  # a share of instant answers that may be people
ENOUGH = 50  # rows; below, chance makes patterns
FAR_PAST = datetime(1990, 1, 1, tzinfo=UTC)
CUT_AT = (
    1_000,
    10_000,
    50_000,
    65_535,
    100_000,
    1_048_575,
)  # where help desks and spreadsheets cut exports off
FUTURE_TABLES = ("tickets", "surveys", "calls", "orders")  # contracts may end in the future, events may not
TIMED = tuple(name for name, table in TABLES.items() if Kind.SECONDS in table.fields.values())
TELLING = {  # kinds of columns that mean nothing when every cell is the same, and how much that matters
    Kind.KEY: Level.WARNING,
    Kind.TIME: Level.WARNING,
    Kind.SECONDS: Level.WARNING,
    Kind.CATEGORY: Level.INFO,
    Kind.COUNT: Level.INFO,
}
MESSAGES = {
    "instant_answers": mark(
        "{field}: {rows} of {all} first answers came within a minute outside chats and calls; "
        "they look automatic."
    ),
    "constant": mark('{field}: all {all} cells are the same, "{example}".'),
    "midnight": mark("{field}: all {all} dates are at midnight; the export has no times of day."),
    "future": mark("{field}: dates in the future: {rows}, the latest {example}."),
    "far_past": mark("{field}: dates before 1990: {rows}, the earliest {example}."),
    "row_limit": mark("Exactly {all} rows: the export may have been cut off there."),
}


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What was seen of a field: in `rows` of `all`."""

    code: str
    field: str | None
    all: int
    rows: int | None = None
    example: str | None = None
    level: Level = Level.WARNING


def suspicions(table: Loaded, now: datetime) -> Iterator[Suspicion]:
    """Everything suspicious in a table."""
    yield from (found for check in CHECKS for found in check(table))
    yield from _future(table, now)
    for tally in table.tallies:
        if len(tally.code) in CUT_AT:
            yield Suspicion("row_limit", None, len(tally.code))


def _instant(table: Loaded) -> Iterator[Suspicion]:
    name = "first_response_seconds"
    if name not in table.fields or table.table != "tickets":
        return
    live = pl.col("channel").is_in(LIVE) if "channel" in table.fields else pl.lit(value=False)
    waits = table.frame.filter(~live.fill_null(value=False))[name].drop_nulls()
    quick = int((waits < INSTANT).sum())
    if len(waits) >= ENOUGH and quick > FEW * len(waits):
        yield Suspicion("instant_answers", name, len(waits), quick)


def _constant(table: Loaded) -> Iterator[Suspicion]:
    for name, kind in _read(table).items():
        cells = table.frame[name].drop_nulls()
        if kind in TELLING and len(cells) >= ENOUGH and cells.n_unique() == 1:
            example = None if kind is Kind.KEY else str(cells[0])
            yield Suspicion("constant", name, len(cells), None, example, TELLING[kind])


def _midnight(table: Loaded) -> Iterator[Suspicion]:
    if table.table not in TIMED:
        return
    zones = {reader.name: reader.zone for tally in table.tallies for reader in tally.plan.readers}
    for name, kind in _read(table).items():
        cells = table.frame[name].drop_nulls() if kind is Kind.TIME else pl.Series()
        if len(cells) < ENOUGH:
            continue
        if (cells.dt.convert_time_zone(zones[name]).dt.time() == time()).all():
            yield Suspicion("midnight", name, len(cells))


def _far_past(table: Loaded) -> Iterator[Suspicion]:
    for name in _dates(table):
        early = table.frame[name].filter(table.frame[name] < FAR_PAST)
        if len(early):
            yield Suspicion("far_past", name, table.frame.height, len(early), _day(early.min()))


def _future(table: Loaded, now: datetime) -> Iterator[Suspicion]:
    for name in _dates(table) if table.table in FUTURE_TABLES else ():
        late = table.frame[name].filter(table.frame[name] > now + timedelta(days=1))
        if len(late):
            yield Suspicion("future", name, table.frame.height, len(late), _day(late.max()))


def _dates(table: Loaded) -> list[str]:
    """The dates that show how far the data reaches."""
    return [name for name in SPANS[table.table] if name in table.fields]


def _day(moment: object) -> str:
    return str(moment)[:10]


def _read(table: Loaded) -> Mapping[str, Kind]:
    """The fields that were read from a file, and what they hold."""
    there = {name for tally in table.tallies for name in tally.cells}
    kinds = TABLES[table.table].fields
    return {name: kinds[name] for name in table.frame.columns if name in there and name in kinds}


CHECKS: tuple[Callable[[Loaded], Iterator[Suspicion]], ...] = (
    _instant,
    _constant,
    _midnight,
    _far_past,
)

"""Canonical tables from plain rows or from text tables, and the report on them: a helper of many tests."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl
from pydantic import TypeAdapter

from cx_kpi.engine.compute import compute
from cx_kpi.engine.results import Results
from cx_kpi.judge.assemble import assemble
from cx_kpi.model.options import Config, Options
from cx_kpi.model.report import Report
from cx_kpi.model.schema import TABLES, Kind

DTYPES: dict[Kind, Any] = {
    Kind.KEY: pl.UInt64,
    Kind.TIME: pl.Datetime("us", "UTC"),
    Kind.SECONDS: pl.Float64,
    Kind.CATEGORY: pl.Categorical,
    Kind.FLAG: pl.Boolean,
    Kind.COUNT: pl.Int64,
    Kind.NUMBER: pl.Float64,
    Kind.TEXT: pl.String,
}
TWINS = {"first_response_at": "first_response_seconds", "solved_at": "resolution_seconds"}
UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
Row = dict[str, Any]


def kind(table: str, name: str) -> Kind:
    """What a column holds: fields by the schema, anything else is a dimension."""
    return Kind.FLAG if name == "is_solved" else TABLES[table].fields.get(name, Kind.CATEGORY)


def instant(text: str) -> datetime:
    """An ISO date and time; UTC without an offset."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def length(text: str) -> float:
    """`90`, `90 s`, `2 h` as seconds."""
    number, _, unit = text.partition(" ")
    return float(number) * UNITS[unit or "s"]


READERS: dict[Kind, Any] = {
    Kind.TIME: instant,
    Kind.SECONDS: length,
    Kind.FLAG: lambda text: {"yes": True, "no": False}[text],
    Kind.COUNT: int,
    Kind.NUMBER: float,
}


def rows(table: str, text: str) -> list[Row]:
    """Rows of a text table: a line of names, then a line a row, cells between bars; an empty cell is null."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    names, *cells = lines
    assert all(len(line) == len(names) for line in cells), lines
    return [
        {
            name: READERS.get(kind(table, name), str)(cell) if cell else None
            for name, cell in zip(names, line, strict=True)
        }
        for line in cells
    ]


def frame(table: str, rows: Sequence[Row]) -> pl.DataFrame:
    """A canonical frame: typed by the schema, keys hashed, both twins of a wait, and `is_solved`."""
    names = list(dict.fromkeys(name for row in rows for name in row)) or list(TABLES[table].required)
    columns = [_column(table, name, [row.get(name) for row in rows]) for name in names]
    return with_twins(pl.DataFrame(columns)) if table == "tickets" else pl.DataFrame(columns)


def _column(table: str, name: str, values: list[Any]) -> pl.Series:
    of = kind(table, name)
    if of is Kind.KEY:
        text = pl.DataFrame(
            {name: [None if value is None else str(value) for value in values]}, {name: pl.String}
        )
        return text.select(pl.when(pl.first().is_not_null()).then(pl.first().hash(seed=0)))[name]
    if of is Kind.CATEGORY:
        return pl.Series(name, values, pl.String).cast(pl.Categorical)
    return pl.Series(name, values, DTYPES[of])


def with_twins(tickets: pl.DataFrame) -> pl.DataFrame:
    """Tickets with each wait as a date and as seconds, and `is_solved` by status or date."""
    created = pl.col("created_at")
    for stamp, seconds in TWINS.items():
        if stamp in tickets.columns:
            wait = (pl.col(stamp) - created).dt.total_microseconds() / 1e6
            tickets = tickets.with_columns(wait.alias(seconds))
        elif seconds in tickets.columns:
            micros = (pl.col(seconds) * 1e6).round().cast(pl.Int64)
            tickets = tickets.with_columns((created + pl.duration(microseconds=micros)).alias(stamp))
    if "is_solved" in tickets.columns:
        return tickets
    says = [pl.col("status").is_in(["solved", "closed"])] if "status" in tickets.columns else []
    dated = [pl.col("solved_at").is_not_null()] if "solved_at" in tickets.columns else []
    return tickets.with_columns(is_solved=pl.coalesce(*says, *dated)) if says or dated else tickets


def frames(tables: Mapping[str, str | Sequence[Row]]) -> dict[str, pl.DataFrame]:
    """Canonical frames by table, from text tables or rows."""
    return {
        name: frame(name, rows(name, given) if isinstance(given, str) else given)
        for name, given in tables.items()
    }


CONFIG, OPTIONS = TypeAdapter(Config), TypeAdapter(Options)


def settings(**given: Any) -> Options:
    """Options from plain values, values shown; `config` as a dict of what `cxkpi.toml` may hold."""
    config = CONFIG.validate_python(given.pop("config", {}))
    return OPTIONS.validate_python({"show_values": True} | given | {"config": config})


def results(tables: Mapping[str, pl.DataFrame], options: Options | None = None) -> Results:
    """The figures of canonical frames."""
    return compute(
        tables, {name: frozenset(each.columns) for name, each in tables.items()}, options or Options()
    )


def report(tables: Mapping[str, str | Sequence[Row] | pl.DataFrame], **given: Any) -> Report:
    """The report on tables given as text, rows or frames."""
    ready = {name: each for name, each in tables.items() if isinstance(each, pl.DataFrame)}
    ready |= frames({name: each for name, each in tables.items() if name not in ready})  # type: ignore[misc]
    options = settings(**given)
    return assemble(results(ready, options), [], [], options)


def differences(actual: Any, expected: Any, path: str = "", tolerance: float = 1e-9) -> Iterable[str]:
    """Where two plain values, or frozen ones, differ; numbers to a relative and absolute tolerance.

    A dict may hold more than is expected, save in a list: the rows of a table are to be what is expected.
    """
    if is_dataclass(expected) and type(actual) is type(expected):
        for each in fields(expected):
            told = getattr(actual, each.name), getattr(expected, each.name)
            yield from differences(*told, f"{path}.{each.name}", tolerance)
    elif isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for key, value in expected.items():
            yield from differences(actual.get(key, "missing"), value, f"{path}.{key}", tolerance)
        if path.endswith("]") and actual.keys() - expected.keys():
            yield f"{path}: nobody expects {actual.keys() - expected.keys()}"
    elif isinstance(expected, list | tuple) and isinstance(actual, list | tuple):
        if len(actual) != len(expected):
            yield f"{path}: {actual} is not {expected}"
        for i, (one, other) in enumerate(zip(actual, expected, strict=False)):
            yield from differences(one, other, f"{path}[{i}]", tolerance)
    elif isinstance(expected, float) and isinstance(actual, int | float):
        if abs(actual - expected) > tolerance * max(1.0, abs(expected)):
            yield f"{path}: {actual!r} is not {expected!r}"
    elif actual != expected or isinstance(actual, bool) != isinstance(expected, bool):
        yield f"{path}: {actual!r} is not {expected!r}"


def plain(text: str) -> str:
    """Text in one line."""
    return re.sub(r"\s+", " ", text).strip()

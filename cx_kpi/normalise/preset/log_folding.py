"""Event logs: several rows of one ticket or call become one, by the rule of the preset."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

import polars as pl

from cx_kpi.model.frozen import dataclass

_KEY, _PLACE, _ORDER = "fold:key", "fold:place", "fold:order"


@dataclass(frozen=True, slots=True)
class Take:
    """A cell of the folded row: the first or last filled one, or the smallest or largest number, of some rows."""

    column: str
    take: str = "first"
    where: Mapping[str, list[str]] = field(default_factory=dict)  # column: words, one of which it must hold


@dataclass(frozen=True, slots=True)
class Fold:
    """Rows with the same `by` are one. Without `columns` the last row is used."""

    by: str
    order: str | None = (
        None  # the column of numbers, or of text that sorts, that orders the rows; else the file's
    )
    columns: Mapping[str, list[Take]] = field(default_factory=dict)  # each the first of these that is there


def read_fold(said: Mapping[str, Any]) -> Fold:
    """The `[fold]` of a preset."""
    columns = {name: [Take(**take) for take in takes] for name, takes in said.get("columns", {}).items()}
    return Fold(said["by"], said.get("order"), columns)


def columns_of(rule: Fold) -> Iterator[str]:
    """The columns a rule names."""
    yield rule.by
    yield from filter(None, [rule.order])
    for take in (take for takes in rule.columns.values() for take in takes):
        yield from (take.column, *take.where)


def spelled(rule: Fold, names: Mapping[str, str]) -> Fold:
    """The rule for a file that spells its columns so (name: header)."""
    columns = {
        name: [
            Take(names[take.column], take.take, {names[key]: words for key, words in take.where.items()})
            for take in takes
        ]
        for name, takes in rule.columns.items()
    }
    return Fold(names[rule.by], names[rule.order] if rule.order else None, columns)


def fold(frame: pl.LazyFrame, rule: Fold) -> pl.LazyFrame:
    """One row for each id; rows without an id stay alone, so that they are counted as such."""
    own = pl.concat_str(pl.lit("row "), pl.col(_PLACE).cast(pl.String))
    keyed = frame.with_row_index(_PLACE).with_columns(
        pl.coalesce(rule.by, own).alias(_KEY), _ordered(rule.order).alias(_ORDER)
    )
    rows = keyed.sort(_ORDER, _PLACE, nulls_last=False)
    if rule.columns:
        return _gathered(rows, rule).drop(_KEY)
    last = rows.unique(_KEY, keep="last", maintain_order=True)
    return last.sort(_PLACE).drop(_KEY, _PLACE, _ORDER)


def _ordered(order: str | None) -> pl.Expr:
    return pl.lit(0.0) if order is None else pl.col(order).cast(pl.Float64, strict=False)


def _gathered(rows: pl.LazyFrame, rule: Fold) -> pl.LazyFrame:
    """The columns of each id, the ids in the order they are met."""
    taken = [pl.coalesce(map(_taken, takes)).alias(name) for name, takes in rule.columns.items()]
    return rows.group_by(_KEY, maintain_order=True).agg(pl.first(rule.by), *taken)


def _taken(take: Take) -> pl.Expr:
    among = [pl.col(column).cast(pl.String).is_in(words) for column, words in take.where.items()]
    filled = pl.col(take.column).filter(pl.all_horizontal(pl.lit(value=True), *among)).drop_nulls()
    number = filled.cast(pl.Float64, strict=False)
    match take.take:
        case "first":
            return filled.first()
        case "last":
            return filled.last()
        case "min":
            return number.min().cast(pl.String)
        case _:
            return number.max().cast(pl.String)

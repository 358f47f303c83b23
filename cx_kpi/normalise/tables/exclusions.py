"""Rows that do not count: each is set aside for one reason, the first that applies, and counted."""

from collections.abc import Mapping, Sequence

import polars as pl

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Notice
from cx_kpi.normalise.vocabulary.notices import notice
from cx_kpi.wording.language import Language

NAMELESS = ("incomplete", "kindless", "unscored")  # such rows are no copies of others
REASONS = (*NAMELESS, "conflicting", "duplicate", "deleted", "spam", "merged", "test", "backwards")

_DAY = pl.duration(days=1)
FILTERED = 255  # the code of rows that the user's condition left out


@dataclass(frozen=True, slots=True)
class Repeated:
    """Rows that repeat the id of a row kept, those of them that are no earlier state of it, and how many have other contents,
    in all and in one file.
    """

    rows: pl.Series
    lost: pl.Series
    conflicts: int
    in_file: int


def reasons(height: int, masks: Mapping[str, pl.Series]) -> pl.Series:
    """For each row the place of its reason in `REASONS` plus one, 0 for rows that count: UInt8."""
    code = pl.zeros(height, dtype=pl.UInt8, eager=True).alias("code")
    for name in reversed(REASONS):
        if name in masks and masks[name].any():
            number = pl.lit(REASONS.index(name) + 1, dtype=pl.UInt8)
            code = pl.DataFrame({"code": code, "here": masks[name]}).select(
                pl.when("here").then(number).otherwise("code").alias("code")
            )["code"]
    return code


def counts(code: pl.Series) -> dict[str, int]:
    """How many rows each reason took."""
    met = code.alias("code").value_counts().rows()
    return {REASONS[number - 1]: int(rows) for number, rows in sorted(met) if 0 < number < FILTERED}


def are_copies(code: pl.Series) -> bool:
    """Whether any of these rows is set aside only as the same row again."""
    return bool((code == REASONS.index("duplicate") + 1).any())


def mask(frame: pl.DataFrame, condition: pl.Expr) -> pl.Series:
    """The rows where a condition holds; unknown is no."""
    return frame.select(condition.fill_null(value=False).alias("mask")).to_series()


def identified(ids: pl.Series, masks: Mapping[str, pl.Series]) -> pl.Series:
    """The rows that have an id and are rows of this table at all."""
    rows = ids.is_not_null()
    for name in NAMELESS:
        if name in masks and masks[name].any():
            rows &= ~masks[name]
    return rows


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells rows apart: their id, the order of states with one id, when each row began, and in which file it is.

    Without an order no row is an earlier state of another; without a beginning every one may be.
    """

    by: str
    latest: pl.Expr | None = None
    begun: pl.Expr | None = None
    file: pl.Expr | None = None


def repeated(frame: pl.DataFrame, told: Identity, among: pl.Series) -> Repeated:
    """Rows with the id of another: all but the one that is latest by the order, the last row where it ties.

    Rows of other contents are lost where the row kept is of the same file and no order tells that they are earlier, or
    they began another time. Of two files the later one is the later state, unless they began days apart.
    """
    by = told.by
    ids = frame[by] if among.all() else frame[by].filter(among)
    order = ids.sort(multithreaded=False)  # two threads that share it take twice its time
    if not (order == order.shift()).any():
        return Repeated(_marked(frame), _marked(frame), 0, 0)
    again = frame.with_row_index("row:").filter(among & frame[by].is_duplicated())
    columns = {
        "order": pl.lit(0) if told.latest is None else told.latest,
        "said": pl.struct(pl.exclude("row:")).hash(seed=0),
        "begun": pl.lit(None, pl.Datetime("us", "UTC")) if told.begun is None else told.begun,
        "file": pl.lit(0) if told.file is None else told.file,
    }
    again = again.select("row:", by, **columns).sort(by, "order", "row:", nulls_last=False)
    last = pl.exclude(by).last().over(by).name.prefix("last ")
    extra = again.with_columns(last).filter(pl.col("row:") != pl.col("last row:"))
    differs = {name: pl.col(name).ne_missing(pl.col(f"last {name}")) for name in columns}
    far = ((pl.col("begun") - pl.col("last begun")).abs() > _DAY).fill_null(value=False)
    states = pl.when(differs["file"]).then(~far).otherwise(differs["order"] & ~differs["begun"])
    lost = differs["said"] & ~states
    other = extra.filter(differs["said"])
    in_file = other.filter(~differs["file"]).height
    return Repeated(
        _marked(frame, extra["row:"]), _marked(frame, extra.filter(lost)["row:"]), other.height, in_file
    )


def _marked(frame: pl.DataFrame, places: Sequence[int] | pl.Series = ()) -> pl.Series:
    """A mask of the rows at these places."""
    return pl.repeat(value=False, n=frame.height, eager=True).scatter([*places], values=True)


def by_file(code: pl.Series, heights: Sequence[tuple[int, int]]) -> list[pl.Series]:
    """The reasons of the rows of each file, given (rows in the file, rows it became), file after file.

    A row of a wide file that became several rows counts when any of these does.
    """
    codes, start = [], 0
    for height, became in heights:
        blocks = [
            code.slice(start + first, height).alias(str(first)) for first in range(0, became, height or 1)
        ]
        codes.append(pl.DataFrame(blocks).min_horizontal() if len(blocks) > 1 else code.slice(start, became))
        start += became
    return codes


def set_aside(table: str, codes: Sequence[pl.Series], language: Language) -> list[Notice]:
    """One notice for each reason rows were set aside for."""
    return [
        notice("excluded", language, table=table, field=reason, rows=rows)
        for reason, rows in counts(pl.concat(codes)).items()
    ]

"""Exports in which the same ids mean different tickets: those of two help desks, or numbers that begin again."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import time
from itertools import pairwise
from pathlib import PurePath

import polars as pl

from cx_kpi.normalise.tables.file_rows import Part
from cx_kpi.normalise.values.coerce import Oddity

MOST = 0.5  # the part of shared ids that must differ; fewer may be dates that were corrected
_DAY = pl.duration(days=1)  # one export may tell the day alone
_SAME_DAY = pl.duration(hours=23)  # days of two zones begin hours apart
_MINUTE = pl.duration(minutes=1)  # or no seconds
_FARTHEST = 14 * 60  # minutes from UTC: no zone is farther
_BROKEN = 150  # minutes: zones nearer to UTC are whole hours from it
_ALIKE = 0.9  # of the shared ids, how many move together where one export is in another zone
_TWO = 2  # ids: one alone shows no zone
_ENDS = ("solved_at", "closed_at", "ended_at", "responded_at")
_OFFSET = r"(?:[zZ]|[+-]\d\d:?\d\d)\s*$"
_SEEN = 1_000  # rows of a file
_FEW = 2  # times of day; days of one zone alone have no more
_AT_ONCE = 5_000_000  # pairs of rows


def told_apart(parts: Sequence[Part], by: str, clock: str) -> tuple[list[Part], list[Oddity]]:
    """Rows whose id an earlier file has for another beginning, under ids of their own, and how many those are."""
    if len(parts) < 2 or not all({by, clock} <= set(each.frame.columns) for each in parts):
        return [*parts], []
    rows = _numbered(parts, by, clock)
    if not _may_clash(rows):
        return [*parts], []
    pairs = _clashing(_with_ends(rows, parts, clock))
    other = pl.repeat(value=False, n=rows.height, eager=True).scatter(
        pairs["row"].explode().unique(), values=True
    )
    told = pairs.sort("file", "earlier").iter_rows(named=True)
    odd = [
        Oddity(
            "other_tickets" if by == "ticket_id" else "other_rows",
            by,
            len(each["row"]),
            _names(parts[each["earlier"]], parts[each["file"]]),
        )
        for each in told
    ]
    return [
        _renamed(each, mask, by, clock) for each, mask in zip(parts, _sliced(other, parts), strict=True)
    ], odd


def _numbered(parts: Sequence[Part], by: str, clock: str) -> pl.DataFrame:
    """The rows of all files, each with its number and that of its file."""
    heights = pl.DataFrame({"file": range(len(parts)), "rows": [each.frame.height for each in parts]})
    files = heights.select(pl.col("file").cast(pl.UInt32).repeat_by("rows").explode(empty_as_null=False))
    ids = pl.concat([each.frame.select(ticket_id=by, created_at=clock) for each in parts], rechunk=True)
    return ids.with_columns(files["file"]).with_row_index("row")


def _with_ends(rows: pl.DataFrame, parts: Sequence[Part], clock: str) -> pl.DataFrame:
    """The rows with the date each ended, where all files tell it, and whether its file tells times of day."""
    end = next((name for name in _ENDS if all(name in each.frame.columns for each in parts)), None)
    ended = pl.col(end) if end else pl.lit(None, pl.Datetime("us", "UTC"))
    ends = pl.concat([each.frame.with_columns(ended.alias("ended:"))["ended:"] for each in parts])
    timed = pl.Series([_is_timed(each, clock) for each in parts], dtype=pl.Boolean)
    return rows.with_columns(ended=ends, timed=timed.gather(rows["file"]))


def _is_timed(part: Part, clock: str) -> bool:
    """Whether a file tells more than the days of these dates."""
    seen = part.frame[clock].drop_nulls().head(_SEEN)
    reader = next((each for each in part.plan.readers if each.name == clock), None)
    wall = seen.dt.convert_time_zone(reader.zone if reader else "UTC").dt.time()
    few = seen.dt.time().n_unique() <= _FEW
    days = bool((wall == time()).all()) or (few and reader is not None and _has_offset(part, reader.header))
    return not days


def _has_offset(part: Part, header: str) -> bool:
    """Whether the cells say how far from UTC they are: days of another zone are one hour of the day then, or two."""
    sample = part.plan.mapped.source.sample
    cells = sample[header].drop_nulls() if header in sample.columns else pl.Series(dtype=pl.String)
    if cells.dtype != pl.String:
        return isinstance(cells.dtype, pl.Datetime) and cells.dtype.time_zone is not None
    return bool(cells.str.contains(_OFFSET).any())


def _may_clash(rows: pl.DataFrame) -> bool:
    """Whether any id has creations further apart than dates of one ticket may be."""
    created = pl.col("created_at")
    spans = rows.lazy().group_by("ticket_id").agg(apart=created.max() - created.min())
    return bool(spans.select((pl.col("apart") > _MINUTE).any()).collect().item())


def _clashing(rows: pl.DataFrame) -> pl.DataFrame:
    """Pairs of files in which most common ids mean different tickets: `file`, `earlier`, its rows."""
    told = rows.lazy().drop_nulls(["ticket_id", "created_at"])
    known = told.unique(["file", "ticket_id"], keep="first", maintain_order=True)
    earlier = known.select(
        "ticket_id", before="created_at", was="ended", earlier="file", timed="timed"
    ).collect()
    often = (
        rows.lazy()
        .group_by("ticket_id")
        .len()
        .select(pl.col("len").cast(pl.Float64).pow(2).sum())
        .collect()
        .item()
    )
    files = int(rows["file"].max() or 0) + 1  # type: ignore[arg-type]
    steps = min(files, max(1, int(often // _AT_ONCE)))
    edges = [files * step // steps for step in range(steps + 1)]
    return pl.concat([_clashes(rows, earlier, first, last) for first, last in pairwise(edges)])


def _clashes(rows: pl.DataFrame, earlier: pl.DataFrame, first: int, last: int) -> pl.DataFrame:
    """The same for the files of these numbers alone."""
    mine = rows.lazy().filter(pl.col("file").is_between(first, last, closed="left"))
    both = mine.join(earlier.lazy().filter(pl.col("earlier") < last), on="ticket_id")
    begun, before = pl.col("created_at"), pl.col("before")
    found = both.filter(pl.col("earlier") < pl.col("file")).with_columns(
        moved=begun - before,
        timed=pl.col("timed") & pl.col("timed_right"),
        days=~pl.col("timed") & ~pl.col("timed_right"),
    )
    pairs = found.group_by("file", "earlier").agg(
        shared=pl.len(),
        others=_is_another().fill_null(value=False).sum(),
        zone=_is_zone(),
        row=pl.col("row").filter((pl.col("moved").abs() > _MINUTE).fill_null(value=False)),
    )
    most = (pl.col("others") > 0) & (pl.col("others") > MOST * pl.col("shared")) & ~pl.col("zone")
    return pairs.filter(most).drop("others", "zone").collect()


def _is_another() -> pl.Expr:
    """Whether two beginnings are not one, told by the day or without seconds; days of another zone may be the next."""
    apart = pl.col("moved").abs()
    next_day = (apart < _SAME_DAY).any() & (apart <= _DAY)
    by_day = pl.when("days").then((apart >= _SAME_DAY) & ~next_day).otherwise(apart > _DAY)
    return pl.when("timed").then(apart > _MINUTE).otherwise(by_day)


def _is_zone() -> pl.Expr:
    """Whether the ids of two files begin apart as in two zones: nearly all alike, summer time aside, and their ends too."""
    minutes = pl.col("moved").dt.total_minutes()
    middle = minutes.quantile(0.5, "lower")
    step = (minutes - middle).abs()
    alike = ((step <= 1) | step.is_between(59, 61)).mean() >= _ALIKE
    far = middle.abs()
    broken = ((far + 1) % 15 <= _TWO) & (far >= _BROKEN - 1)
    shift = (far <= _FARTHEST + 1) & (((far + 1) % 60 <= _TWO) | broken)
    ends = (pl.col("ended") - pl.col("was") - pl.col("moved")).abs() > _MINUTE
    apart = ends.sum() > MOST * ends.count()
    return ((minutes.count() >= _TWO) & alike & shift & ~apart).fill_null(value=False)


def _sliced(mask: pl.Series, parts: Sequence[Part]) -> Iterator[pl.Series]:
    first = 0
    for each in parts:
        yield mask.slice(first, each.frame.height)
        first += each.frame.height


def _renamed(part: Part, other: pl.Series, by: str, clock: str) -> Part:
    """The file with ids of their own for these rows."""
    if not other.any():
        return part
    own = pl.struct(ticket_id=by, created_at=clock).hash(seed=0)
    renamed = pl.when(other).then(own).otherwise(by).alias(by)
    return replace(part, frame=part.frame.with_columns(renamed))


def _names(*parts: Part) -> str:
    return ", ".join(PurePath(each.plan.mapped.source.path).name for each in parts)

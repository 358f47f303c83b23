"""Tickets: what follows from their columns, row by row, and which of them do not count."""

from collections.abc import Mapping

import polars as pl

from cx_kpi.model.schema import OPEN_STATUS, SOLVED_STATUS
from cx_kpi.normalise.mapping.matching import TWINS
from cx_kpi.normalise.tables.exclusions import mask
from cx_kpi.normalise.values.coerce import Oddity
from cx_kpi.normalise.vocabulary.derived import UNTOLD

MICRO = 1_000_000
STAMPS = ("first_response_at", "solved_at", "first_solved_at", "closed_at")


def derive(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Oddity]]:
    """Tickets of one file with both twins of each wait, reopened ones unsolved, and `is_solved`."""
    odd = []
    if not {"solved_at", "resolution_seconds"} & set(frame.columns) and "closed_at" in frame.columns:
        frame = frame.with_columns(solved_at="closed_at")
        odd.append(Oddity("closed_as_solved", "solved_at", frame.height, None))
    frame = frame.with_columns(twin for pair in TWINS.items() for twin in _twin(frame, *pair))
    by_date = [_ended(frame["solved_at"])] if "solved_at" in frame.columns else []
    frame, backward = _forward(frame)
    frame = _assigned(frame)
    frame, reopened = _reopened(frame)
    frame = frame.with_columns(*_solved(frame, by_date), *_escalated(frame))
    return _managed(frame), [*odd, *backward, *reopened]


def _ended(solved: pl.Series) -> pl.Series:
    """Whether each ticket has the date of its solution; unknown where none has."""
    ended = solved.is_not_null()
    return ended if ended.any() else pl.repeat(None, len(solved), dtype=pl.Boolean, eager=True)


def _forward(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Oddity]]:
    """Waits that end before they begin are emptied; their tickets stay."""
    odd = []
    for stamp, length in TWINS.items():
        if length in frame.columns and (back := mask(frame, pl.col(length) < 0)).any():
            before = [UNTOLD[stamp]] if UNTOLD[stamp] in frame.columns else []
            untold = pl.any_horizontal(back, *(pl.col(name).fill_null(value=False) for name in before))
            known = [pl.when(~back).then(name).alias(name) for name in (stamp, length)]
            frame = frame.with_columns(*known, untold.alias(UNTOLD[stamp]))
            odd.append(Oddity("backward_wait", stamp, int(back.sum()), None))
    return frame, odd


def _assigned(frame: pl.DataFrame) -> pl.DataFrame:
    """How often a ticket was assigned, from how often it was reassigned."""
    if "reassignment_count" not in frame.columns or "assignment_count" in frame.columns:
        return frame
    return frame.with_columns(assignment_count=pl.col("reassignment_count") + 1)


def _twin(frame: pl.DataFrame, stamp: str, length: str) -> list[pl.Expr]:
    """A wait as a date and as seconds since creation, whichever is missing; the date is the better witness."""
    created = pl.col("created_at")
    if stamp in frame.columns:
        return [((pl.col(stamp) - created).dt.total_microseconds() / MICRO).alias(length)]
    if length in frame.columns:
        micros = (pl.col(length) * MICRO).round().cast(pl.Int64)
        return [(created.to_physical() + micros).cast(created_type(frame)).alias(stamp)]
    return []


def created_type(frame: pl.DataFrame) -> pl.DataType:
    """The type of instants in this frame."""
    return frame.schema["created_at"]


def _reopened(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Oddity]]:
    """Tickets that have a date of the solution but are open again lose it to `first_solved_at`."""
    if not {"status", "solved_at"} <= set(frame.columns):
        return frame, []
    again = mask(
        frame, pl.col("status").is_in([*OPEN_STATUS, "escalated"]) & pl.col("solved_at").is_not_null()
    )
    if not again.any():
        return frame, []
    first = pl.when(again).then("solved_at")
    known = pl.coalesce("first_solved_at", first) if "first_solved_at" in frame.columns else first
    frame = frame.with_columns(known.alias("first_solved_at")).with_columns(
        pl.when(~again).then("solved_at").alias("solved_at"),
        pl.when(~again).then("resolution_seconds").alias("resolution_seconds"),
    )
    return frame, [Oddity("reopened", "solved_at", int(again.sum()), None)]


def _solved(frame: pl.DataFrame, by_date: list[pl.Series]) -> list[pl.Expr]:
    """By the status where there is one, else by whether there was a date."""
    by_status = [pl.col("status").is_in(SOLVED_STATUS)] if "status" in frame.columns else []
    return [pl.coalesce([*by_status, *by_date]).alias("is_solved")] if by_status or by_date else []


def _escalated(frame: pl.DataFrame) -> list[pl.Expr]:
    """The status `escalated` is an open ticket at level 1, where no column has the level."""
    if "status" not in frame.columns:
        return []
    escalated = (pl.col("status") == "escalated").fill_null(value=False)
    if not mask(frame, escalated).any():
        return []
    level = (
        [] if "escalation_level" in frame.columns else [escalated.cast(pl.Int64).alias("escalation_level")]
    )
    return [
        pl.when(escalated).then(pl.lit("open", pl.Categorical)).otherwise("status").alias("status"),
        *level,
    ]


def _managed(frame: pl.DataFrame) -> pl.DataFrame:
    """Level 2 is management; a column without any 2 does not show it."""
    if "escalation_level" not in frame.columns or "escalated_to_management" in frame.columns:
        return frame
    top = frame["escalation_level"].max()
    if not isinstance(top, int) or top < 2:
        return frame
    return frame.with_columns(escalated_to_management=pl.col("escalation_level") >= 2)


def excluded(frame: pl.DataFrame) -> dict[str, pl.Series]:
    """Reason to rows, of tickets that do not count; duplicates are another matter."""
    conditions: dict[str, pl.Expr | None] = {
        "incomplete": pl.any_horizontal(pl.col("ticket_id", "created_at").is_null()),
        "deleted": _either(frame, "deleted", "is_deleted"),
        "spam": _either(frame, "spam", "is_spam"),
        "merged": _either(frame, "merged", "merged_into"),
        "test": pl.col("is_test") if "is_test" in frame.columns else None,
    }
    holds = {name: when.fill_null(value=False) for name, when in conditions.items() if when is not None}
    return frame.select(**holds).to_dict()


def _either(frame: pl.DataFrame, status: str, field: str) -> pl.Expr | None:
    """True by a status, or a flag, or an id filled in."""
    says = [pl.col("status") == status] if "status" in frame.columns else []
    if field in frame.columns:
        says.append(pl.col(field) if frame.schema[field] == pl.Boolean else pl.col(field).is_not_null())
    return pl.any_horizontal(each.fill_null(value=False) for each in says) if says else None


def same_day(frame: pl.DataFrame, zones: Mapping[str, str]) -> tuple[pl.DataFrame, list[Oddity]]:
    """Tickets whose dates without a time of day lie on that of the creation, moved to it; `zones`: of the columns."""
    odd = []
    for name in STAMPS:
        if name in frame.columns and "created_at" in frame.columns:
            early = _early(frame, name, zones.get(name, "UTC"))
            if early.any():
                frame = frame.with_columns(pl.when(early).then("created_at").otherwise(name).alias(name))
                odd.append(Oddity("same_day", name, int(early.sum()), None))
    return frame, odd


def _early(frame: pl.DataFrame, name: str, zone: str) -> pl.Series:
    """Where a column without times holds the day of creation, but its midnight is before that."""
    stamp, created = (pl.col(each).dt.convert_time_zone(zone) for each in (name, "created_at"))
    early = mask(frame, pl.col(name) < pl.col("created_at"))
    if early.any():
        early &= mask(frame, stamp.dt.date() == created.dt.date())
    if not early.any():
        return early
    days_only = frame.select((stamp.dt.time() == pl.time(0)).all()).item()
    return early if days_only else pl.zeros(frame.height, dtype=pl.UInt8, eager=True).cast(pl.Boolean)

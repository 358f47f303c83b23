"""Calls: waits and outcomes that follow from the times."""

import polars as pl

from cx_kpi.normalise.tables.exclusions import mask

MICRO = 1_000_000


def derive(frame: pl.DataFrame) -> pl.DataFrame:
    """Calls of one file, with waits and outcomes filled in from the times."""
    answered, ended = _time(frame, "answered_at"), _time(frame, "ended_at")
    if not {"answered_at", "ended_at"} & set(frame.columns):
        return frame
    outcome = (
        pl.when(answered.is_not_null())
        .then(pl.lit("answered", pl.Categorical))
        .when(ended.is_not_null())
        .then(pl.lit("abandoned", pl.Categorical))
    )
    said = [pl.col("disposition")] if "disposition" in frame.columns else []
    frame = frame.with_columns(disposition=pl.coalesce(*said, outcome))
    left = pl.when(pl.col("disposition").is_in(["abandoned"])).then(ended)
    wait = (pl.coalesce(answered, left) - pl.col("queued_at")).dt.total_microseconds() / MICRO
    known = [pl.col("wait_seconds")] if "wait_seconds" in frame.columns else []
    return frame.with_columns(wait_seconds=pl.coalesce(*known, wait))


def _time(frame: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name) if name in frame.columns else pl.lit(None, pl.Datetime("us", "UTC"))


def excluded(frame: pl.DataFrame) -> dict[str, pl.Series]:
    """Reason to rows, of calls that do not count; duplicates are another matter."""
    after = [
        pl.col(name) < pl.col("queued_at") for name in ("answered_at", "ended_at") if name in frame.columns
    ]
    backwards = (
        pl.any_horizontal(each.fill_null(value=False) for each in after) if after else pl.lit(value=False)
    )
    return {
        "incomplete": mask(frame, pl.col("queued_at").is_null()),
        "backwards": mask(frame, backwards),
    }

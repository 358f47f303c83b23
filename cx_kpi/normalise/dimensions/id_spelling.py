"""What spellings of one id have in common: something before a number, the number, and zeros behind a point."""

from dataclasses import replace

import polars as pl

from cx_kpi.normalise.dimensions.dimension_sources import LINK
from cx_kpi.normalise.vocabulary.rules import Mapped

ID = r"^(.*?)(\d+)(\.0+)?$"


def id_text(mapped: Mapped) -> pl.Expr:
    """The ids of tickets of a file as text."""
    return pl.col(mapped.fields[LINK].header).cast(pl.String, strict=False).str.strip_chars()


def number_in(text: pl.Expr, digits: int | None) -> pl.Expr:
    """The number of ids with this many digits at least, else without zeros before it."""
    return text.str.extract(ID, 2).str.strip_chars_start("0").str.zfill(digits or 1)


def with_ids(mapped: Mapped, ids: pl.Expr) -> Mapped:
    """The file with these in the place of its ids of tickets."""
    source, column = mapped.source, ids.alias(mapped.fields[LINK].header)
    frame, sample = source.frame.with_columns(column), source.sample.with_columns(column)
    return replace(mapped, source=replace(source, frame=frame, sample=sample))

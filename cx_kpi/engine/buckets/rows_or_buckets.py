"""Figures of mapped files: of all rows at once, or in buckets where these would take more memory than they may."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

import polars as pl

from cx_kpi.engine.buckets.limits import Limits, at_once, limits
from cx_kpi.engine.compute import compute
from cx_kpi.engine.planning.few_rows import light
from cx_kpi.engine.results import Results
from cx_kpi.model.errors import InputProblem
from cx_kpi.model.options import Options
from cx_kpi.normalise.load import Loaded, load
from cx_kpi.normalise.vocabulary.notices import notice
from cx_kpi.normalise.vocabulary.rules import Mapped
from cx_kpi.wording.language import Language

if TYPE_CHECKING:
    from cx_kpi.engine.buckets.bucket_run import Spread
    from cx_kpi.engine.buckets.spill import Spill

Check = Callable[[Mapping[str, Loaded]], None]


def computed(
    mapped: Sequence[Mapped],
    wanted: Mapping[str, set[str]],
    options: Options,
    check: Check,
    *,
    every: bool,
    keep: Collection[str],
    spread: "Callable[[Spill], Spread] | None" = None,
) -> tuple[dict[str, Loaded], Results]:
    """The tables, and their figures; `check` is called in between. Rows that are to be kept are read at once.

    With `spread`, tickets are read and folded where it says. Raises `InputProblem` where they cannot be.
    """
    bounds = Limits(1, 1) if spread else None if every or keep else limits(mapped, options)
    why = at_once(mapped, options) if bounds else ""
    if bounds and not why:
        from cx_kpi.engine.buckets.bucket_run import bucket_run

        return bucket_run(mapped, wanted, options, bounds, check, spread)
    if spread:
        raise InputProblem(
            f"{Language('en')(why)}: these need all rows at once; report on files on one machine"
        )
    loaded = load(mapped, wanted, options)
    check(loaded)
    has = {name: table.fields for name, table in loaded.items() if not table.lacks}
    spans = {name: table.span for name, table in loaded.items() if table.span}
    with light([*chain.from_iterable(table.sources for table in loaded.values())]):
        results = compute(_frames(loaded, keep=every), has, options, spans, keep)
    language = Language(options.language)
    said = (notice("read_at_once", language, table="tickets", example=language(why)),) if why else ()
    return loaded, replace(results, notices=(*results.notices, *said))


def _frames(loaded: dict[str, Loaded], *, keep: bool) -> dict[str, pl.DataFrame]:
    """The rows of each table; unless they are kept, nobody else holds on to them."""
    frames = {name: table.frame for name, table in loaded.items()}
    if not keep:
        loaded.update({name: replace(table, frame=table.frame.clear()) for name, table in loaded.items()})
    return frames

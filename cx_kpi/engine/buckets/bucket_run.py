"""Figures in bounded memory: tickets in buckets by customer on the disk, folded one after the other, and added up."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from cx_kpi.engine.aggregation.aggregate import finish, fold
from cx_kpi.engine.aggregation.cuts import Cut
from cx_kpi.engine.aggregation.parts import Parts, Way, add
from cx_kpi.engine.buckets.into_buckets import written
from cx_kpi.engine.buckets.limits import Limits
from cx_kpi.engine.buckets.looked_up import Frames, bare, looked_up, with_theirs
from cx_kpi.engine.buckets.on_disk import counted_on_disk, keep, on_disk, rows_in
from cx_kpi.engine.buckets.piece_accounts import ID, NUMBER, SPREAD, TICKETS, Reading, gathered, in_order
from cx_kpi.engine.buckets.pieces import pieces
from cx_kpi.engine.buckets.spill import Spill
from cx_kpi.engine.compute import STEPS, begun, cuts_of, known_over, of_part
from cx_kpi.engine.facts.fact import Rows
from cx_kpi.engine.guards.segment_bounds import bounded as within_bounds
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.results import Results, Work
from cx_kpi.model.errors import OutputProblem
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Options
from cx_kpi.normalise.load import Loaded, load
from cx_kpi.normalise.tables.combine import with_ratings
from cx_kpi.normalise.vocabulary.rules import Mapped
from cx_kpi.wording.language import Language

FULL = "No space left"  # what systems say of a full disk
NOBODY = pl.Series(dtype=pl.UInt64)


class Buckets:
    """The tables in parts: all tickets of some customers with their events, and of the tables `beside` the rows of these."""

    def __init__(self, folder: Path, number: int, beside: Frames) -> None:
        self.folder, self.number, self.beside = folder, number, beside

    def __iter__(self) -> Iterator[Frames]:
        spread = {name: self.beside[name] for name in SPREAD if name in self.beside}
        for bucket in range(self.number):
            rows = {name: self._rows(name, bucket, empty) for name, empty in spread.items()}
            yield with_theirs(rows, self.beside)

    def _rows(self, name: str, bucket: int, empty: pl.DataFrame) -> pl.DataFrame:
        files = sorted(self.folder.glob(f"{name}-{bucket:04d}-*.parquet"))
        numbers = {NUMBER: pl.lit(None, pl.Int64)} if name == TICKETS else {}
        return in_order(rows_in(files, empty.with_columns(**numbers)).collect()) if files else empty


@dataclass(frozen=True, slots=True)
class Folding:
    """What buckets are folded by: the jobs of what they hold, the cuts, how quantiles are held, and what is known of all rows."""

    jobs: Sequence[Job]
    cuts: Sequence[Cut]
    way: Way
    known: Mapping[str, Any]


class Spread(Protocol):
    """Where tickets are read into buckets and folded."""

    def read(
        self, mapped: Sequence[Mapped], wanted: Mapping[str, set[str]], options: Options, named: pl.Series
    ) -> dict[str, Loaded]:
        """The account of all tickets and events, whose rows are in buckets from here on: see `gathered`."""

    def known(self, work: Work, whole: Frames) -> dict[str, Any]:
        """What facts have to know of all rows; `whole` are the other tables."""

    def every(self, like: pl.DataFrame) -> Rows:
        """Rows with the columns of tickets, or with those to cut by, and all their values."""

    def folded(self, work: Work, whole: Frames, by: Folding) -> tuple[Parts, dict[str, Rows]]:
        """The parts of all buckets added up, and the rows of each table with their facts."""


@dataclass(frozen=True, slots=True)
class _Every:
    """The other tables whole, then the tickets bucket by bucket, as often as they are gone through."""

    whole: Frames
    buckets: Buckets

    def __iter__(self) -> Iterator[Frames]:
        yield self.whole
        yield from self.buckets


class Here:
    """On this machine, one bucket after the other, from its disk."""

    def __init__(self, spill: Spill, bounds: Limits) -> None:
        self.spill, self.bounds = spill, bounds

    def read(
        self, mapped: Sequence[Mapped], wanted: Mapping[str, set[str]], options: Options, named: pl.Series
    ) -> dict[str, Loaded]:
        """The account of all tickets and events, whose rows are in buckets from here on."""
        found: list[Reading] = []
        for number, some in enumerate(pieces(mapped, wanted, options, self.spill, self.bounds.piece)):
            written(some.frames, self.spill.path, number, self.bounds.buckets)
            found.append(some.account(named))
        for file in self.spill.path.glob("file-*.parquet"):
            file.unlink()
        return gathered(found, Language(options.language))

    def _buckets(self, beside: Frames) -> Buckets:
        return Buckets(self.spill.path, self.bounds.buckets, beside)

    def known(self, work: Work, whole: Frames) -> dict[str, Any]:
        """What facts have to know of all rows."""
        return known_over(work, _Every(whole, self._buckets(bare(whole))))

    def every(self, like: pl.DataFrame) -> Rows:
        """All rows."""
        return on_disk(self.spill, f"{TICKETS}-*", like)

    def folded(self, work: Work, whole: Frames, by: Folding) -> tuple[Parts, dict[str, Rows]]:
        """The parts of all buckets added up, and the rows of each table with their facts."""
        parts: list[Parts] = []
        for number, tables in enumerate(self._buckets(looked_up(whole))):
            part = of_part(work, tables, by.known)
            folded = fold(part.rows, by.jobs, by.cuts, part.windows, by.way)
            parts.append(counted_on_disk(folded, self.spill, number))
            for name in spread_in(part.rows):
                keep(part.rows[name], self.spill.path / f"facts-{name}-{number:04d}.parquet")
        like = {name: part.rows[name].lazy().head(0).collect() for name in spread_in(part.rows)}
        return add(*parts), with_facts(self.spill, like)


def spread_in(tables: Iterable[str]) -> list[str]:
    """The tables that are in buckets."""
    return [name for name in SPREAD if name in tables]


def with_facts(spill: Spill, like: Frames) -> dict[str, Rows]:
    """The rows with their facts of each table, on the disk."""
    return {name: on_disk(spill, f"facts-{name}-*", each) for name, each in like.items()}


def bucket_run(
    mapped: Sequence[Mapped],
    wanted: Mapping[str, set[str]],
    options: Options,
    bounds: Limits,
    check: Callable[[Mapping[str, Loaded]], None],
    spread: "Callable[[Spill], Spread] | None" = None,
) -> tuple[dict[str, Loaded], Results]:
    """The account of the files and the figures, with the tickets read piece by piece; `check` is called in between.

    They are read and folded here, or where they are `spread` to.

    Raises `OutputProblem` where the disk has no room for the rows.
    """
    spill = Spill()
    place = spread(spill) if spread else Here(spill, bounds)
    try:
        loaded = _loaded(mapped, wanted, options, place)
        check(loaded)
        return loaded, _computed(loaded, options, place)
    except BaseException as problem:
        spill.close()
        if isinstance(problem, (OSError, pl.exceptions.PolarsError)) and FULL in str(problem):
            raise OutputProblem(
                f"{spill.path.parent}: the disk is full; free some room, or name a folder that has more as TMPDIR"
            ) from None
        raise


def _loaded(
    mapped: Sequence[Mapped],
    wanted: Mapping[str, set[str]],
    options: Options,
    place: Spread,
) -> dict[str, Loaded]:
    """Every table; the tickets without their rows, which are on the disk."""
    rest = {name: names for name, names in wanted.items() if name not in SPREAD}
    if "surveys" in rest:
        rest["surveys"] = rest["surveys"] | {ID, "kind"}  # what ratings are in doubt with
    files = [each for each in mapped if each.table in rest]
    named = _named(load(files, rest, replace(options, where=None)).values())
    found = place.read([each for each in mapped if each.table in SPREAD], wanted, options, named)
    others = load(files, rest, options, {TICKETS: found[TICKETS]})
    if ratings := found.pop("surveys", None):
        others["surveys"] = with_ratings(ratings.frame, others.get("surveys"), options)
    others = {name: each.only(wanted[name]) for name, each in others.items()}
    every = {**found, TICKETS: replace(found[TICKETS], every=None), **others}
    order = dict.fromkeys((*(each.table for each in mapped), *every))
    return {name: every[name] for name in order if name in every}


def _named(others: Iterable[Loaded]) -> pl.Series:
    """The tickets that rows of other tables name."""
    ids = [each.frame[ID] for each in others if ID in each.frame.columns]
    return pl.concat([NOBODY, *ids]).drop_nulls().unique()


def _computed(loaded: Mapping[str, Loaded], options: Options, place: Spread) -> Results:
    """The figures, and what follows from the rows of all."""
    whole = {name: each.frame for name, each in loaded.items()}
    has = {name: each.fields for name, each in loaded.items() if not each.lacks}
    work = begun(whole, has, options, {name: each.span for name, each in loaded.items() if each.span})
    done = _aggregated(replace(work, frames={}), whole, place)
    for step in STEPS[1:]:
        done = step(done)
    return Results(
        plan=done.plan,
        windows=done.windows,
        figures=done.figures,
        cuts=done.cuts,
        notices=done.notices,
        heights={
            name: done.rows[name].height if name in SPREAD else frame.height for name, frame in whole.items()
        },
        grids=done.grids,
        daily=done.daily,
        tables=done.rows,
    )


def _aggregated(work: Work, whole: Frames, place: Spread) -> Work:
    """The figures of all jobs: tickets bucket by bucket, the other tables whole; and the rows with their facts."""
    known = place.known(work, whole)
    beside = of_part(work, whole, known)
    every = place.every(whole[TICKETS])
    bounded = within_bounds(replace(beside, rows={TICKETS: every}, cuts=cuts_of(work.options, every)))
    jobs, others = (_jobs(work, spread=spread) for spread in (True, False))
    way = Way.FAST if work.options.config.quantiles == "fast" else Way.EXACT
    parts, rows = place.folded(work, whole, Folding(jobs, bounded.cuts, way, known))
    figures = finish(parts, jobs)
    figures |= finish(fold(beside.rows, others, bounded.cuts, work.windows, way), others)
    tables = {**beside.rows, **rows}
    return replace(work, figures=figures, rows=tables, cuts=bounded.cuts, notices=bounded.notices)


def _jobs(work: Work, *, spread: bool) -> tuple[Job, ...]:
    return tuple(job for job in work.plan.jobs if (job.method.clock.table in SPREAD) == spread)

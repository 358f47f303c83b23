"""The files of one table put together: what counts, what is set aside, and what has to be reported."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

import polars as pl

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Options
from cx_kpi.model.report import Notice, Source
from cx_kpi.model.schema import MADE, TABLES
from cx_kpi.normalise.dimensions.condition import parse_where
from cx_kpi.normalise.dimensions.dimension_sources import LINK, asked_by, condition_columns, from_ticket
from cx_kpi.normalise.dimensions.made_dimensions import Making, with_made
from cx_kpi.normalise.dimensions.through_ticket import through_ticket, unlinked
from cx_kpi.normalise.mapping.reading_plan import Plan
from cx_kpi.normalise.tables import complaint_rules, customer_rows, survey_rows
from cx_kpi.normalise.tables.doubts import doubts, lone, missing
from cx_kpi.normalise.tables.exclusions import FILTERED, by_file, set_aside
from cx_kpi.normalise.tables.file_rows import Part
from cx_kpi.normalise.tables.id_collisions import told_apart
from cx_kpi.normalise.tables.row_reasons import IDS, row_reasons
from cx_kpi.normalise.values.cell_shapes import CELLS, shape_of
from cx_kpi.normalise.values.coerce import Oddity
from cx_kpi.normalise.vocabulary.date_range import Span, date_range
from cx_kpi.normalise.vocabulary.derived import OTHERS_OPEN, SPELLS, UNTOLD
from cx_kpi.normalise.vocabulary.notices import notice
from cx_kpi.normalise.vocabulary.rules import AS_NUMBER
from cx_kpi.wording.language import Language

MANY = 20  # with more files, their rows are put into one piece: each step takes time for each piece
NAMING = ("surveys", "calls")  # tables whose rows may name a ticket


@dataclass(frozen=True, slots=True)
class Tally:
    """What was made of each row of one file, and of the cells of each column."""

    plan: Plan
    code: pl.Series  # for each row 0: it counts, the place of its reason in REASONS plus one, or FILTERED
    cells: Mapping[str, int]  # how many cells of each column could be read
    odd: Sequence[Oddity]  # what was odd about the others


@dataclass(frozen=True, slots=True)
class Loaded:
    """A canonical table, where it came from, and what was odd."""

    table: str
    frame: pl.DataFrame
    fields: frozenset[str]  # the fields and dimensions that are there
    sources: list[Source]
    notices: list[Notice]
    tallies: tuple[Tally, ...] = ()  # of each file
    span: Span | None = None  # how far it reached before the user's condition left rows out
    lacks: tuple[str, ...] = ()  # columns of the condition, which cannot be asked of this table then
    every: pl.DataFrame | None = None  # what the condition leaves out, too, for others that name these rows

    def only(self, wanted: set[str]) -> "Loaded":
        """With no other columns than those wanted, how tickets ended, and what is not known; of answers, the score."""
        kept = [
            name
            for name in self.frame.columns
            if name in {*wanted, "is_solved", SPELLS, OTHERS_OPEN, *UNTOLD.values()}
        ]
        answers = [name for name in kept if isinstance(self.frame.schema[name], pl.Struct)]
        frame = self.frame.select(kept).with_columns(pl.col(answers).struct.field("score").name.keep())
        return replace(self, frame=frame, fields=frozenset(kept), every=None)


def assemble(
    table: str,
    parts: Sequence[Part],
    wanted: set[str],
    options: Options,
    others: Mapping[str, Loaded],
) -> Loaded:
    """One table of all its files, rows in the order of the files; `others` are those it may name rows of."""
    named = table in ("tickets", "surveys", "calls")
    parts, id_collisions = told_apart(parts, IDS[table], TABLES[table].clock) if named else (parts, [])
    whole = _together(table, parts)
    code, conflicting = row_reasons(table, whole, [each.frame.height for each in parts])
    kept = _counting(table, whole, code)
    odd = [*chain.from_iterable(file.odd for file in parts), *conflicting]
    odd += [*missing(parts, wanted), *id_collisions]
    if table == "tickets" and "is_complaint" in wanted:
        kept, said = complaint_rules.flagged(kept, options.config.complaints)
        odd += said
    odd += doubts(table, kept, parts, odd)
    odd += [] if options.as_of else lone(table, kept)
    span = date_range(table, kept) if options.where else None
    if table == "surveys" and options.where:
        kept = survey_rows.scaled(kept)
    own, every = kept, dimensioned(table, kept, options, others)
    kept, lacks = every, tuple[str, ...]()
    if table != "ticket_events":  # the life of a ticket is not to be cut to pieces
        kept, code, more, lacks = filtered(every, code, options)
        odd += [*more, *_lent(table, own, every, kept, options, others)]
    codes = by_file(code, [(each.height, each.frame.height) for each in parts])
    read = chain.from_iterable(each.plan.mapped.source.notices for each in parts)
    aside = set_aside(table, codes, Language(options.language))
    notices = [*read, *said_of(table, odd, options), *aside]
    sources = [*map(_source, parts, codes)]
    tallies = (*map(_tally, parts, codes),)
    return Loaded(table, kept, frozenset(kept.columns), sources, notices, tallies, span, lacks, every)


def _together(table: str, parts: Sequence[Part]) -> pl.DataFrame:
    """The rows of all files; flags that a file lacks are false there."""
    whole = pl.concat(_marked(table, parts), how="diagonal", rechunk=len(parts) > MANY)
    untold = [name for name in UNTOLD.values() if name in whole.columns]
    return whole.with_columns(pl.col(untold).fill_null(value=False))


def dimensioned(
    table: str, rows: pl.DataFrame, options: Options, others: Mapping[str, Loaded]
) -> pl.DataFrame:
    """The rows with the columns to cut and to ask by that we make of them, or that the tickets they name have."""
    names = sorted(asked_by(options))
    tickets_loaded, customers_loaded = others.get("tickets"), others.get("customers")
    of_tickets = tickets_loaded.every if tickets_loaded and table in NAMING else None
    if of_tickets is not None:
        rows = through_ticket(rows, of_tickets, [name for name in names if from_ticket(table, name)])
    came = customers_loaded.every if customers_loaded else None
    return with_made(Making(table, rows, came, options), [name for name in names if name in MADE])


def _lent(
    table: str,
    own: pl.DataFrame,
    every: pl.DataFrame,
    kept: pl.DataFrame,
    options: Options,
    others: Mapping[str, Loaded],
) -> Iterator[Oddity]:
    """The notice about columns that rows take from the ticket they name."""
    if table not in NAMING or "tickets" not in others:
        return
    lent = {name for name in set(every.columns) - set(own.columns) if from_ticket(table, name)}
    asked = sorted(lent & condition_columns(options))
    if asked:
        yield Oddity("asked_of_tickets", ", ".join(asked), every.height - kept.height, None)
    cut = sorted(lent.intersection(chain.from_iterable(options.by or ())))
    of_tickets = others["tickets"].every
    rows = unlinked(kept, of_tickets) if cut and of_tickets is not None else 0
    named = kept.filter(pl.col(LINK).is_not_null()) if LINK in kept.columns and not rows else kept.clear()
    lost = unlinked(named, of_tickets) if named.height and of_tickets is not None else 0
    if 2 * lost > named.height:
        yield Oddity("unlinked", LINK, lost, None)
    if rows:
        yield Oddity("unlinked", ", ".join(cut), rows, None)


def filtered(
    kept: pl.DataFrame, code: pl.Series, options: Options
) -> tuple[pl.DataFrame, pl.Series, list[Oddity], tuple[str, ...]]:
    """The rows that hold the user's condition, the code of the others, the notice about them, and columns that are missing."""
    if options.where is None:
        return kept, code, [], ()
    holds, odd, lacks = _held(kept, options.where, options.timezone)
    if "is_solved" in kept.columns:
        kept = kept.with_columns(_is_open().any().alias(OTHERS_OPEN))
    return kept.filter(holds), code.scatter((code == 0).arg_true().filter(~holds), FILTERED), odd, lacks


def _is_open() -> pl.Expr:
    return ~pl.col("is_solved").fill_null(value=False)


def _held(
    kept: pl.DataFrame, condition: str, timezone: str
) -> tuple[pl.Series, list[Oddity], tuple[str, ...]]:
    """The rows for which the condition holds; none where it cannot be asked of them."""
    where = parse_where(condition)
    lacking = tuple(sorted(where.columns - set(kept.columns)))
    if not lacking:
        holds = kept.select(where.compile_condition(kept.schema, timezone).fill_null(value=False)).to_series()
        return holds, [], ()
    none = pl.repeat(value=False, n=kept.height, eager=True)
    return none, [Oddity("not_asked", ", ".join(lacking), kept.height, None)], lacking


def _counting(table: str, whole: pl.DataFrame, code: pl.Series) -> pl.DataFrame:
    """The rows that count."""
    rows = customer_rows.since_first(whole) if table == "customers" else whole
    return rows.filter(code == 0) if code.max() else rows


def _marked(table: str, parts: Sequence[Part]) -> list[pl.DataFrame]:
    """The rows of each file; tickets of one that lacks a date which others have are marked, for they are not pending."""
    frames = [each.frame for each in parts]
    for name, mark in UNTOLD.items() if table == "tickets" else ():
        if any(name in each.columns for each in frames):
            frames = [
                each if name in each.columns else each.with_columns(pl.lit(value=True).alias(mark))
                for each in frames
            ]
    return frames


def said_of(table: str, odd: Sequence[Oddity], options: Options) -> list[Notice]:
    """One notice for each kind of oddity and field, the files added up; cells by their shape, unless asked for."""
    language = Language(options.language)
    merged: dict[tuple[str, str], Oddity] = {}
    for each in odd:
        first = merged.get((each.code, each.field), replace(each, rows=0))
        merged[each.code, each.field] = replace(first, rows=first.rows + each.rows)
    return [
        notice(
            each.code,
            language,
            table=table,
            field=each.field.removesuffix(AS_NUMBER),
            rows=each.rows or None,
            example=_shown(each, options),
        )
        for each in merged.values()
    ]


def _shown(odd: Oddity, options: Options) -> str | None:
    """The example; of a cell its shape alone, unless its text is asked for."""
    hidden = odd.code in CELLS and not options.show_values
    return shape_of(odd.example) if hidden and odd.example is not None else odd.example


def _tally(file: Part, rows: pl.Series) -> Tally:
    """What became of each row of a file."""
    return Tally(file.plan, rows, file.cells, file.odd)


def _source(file: Part, code: pl.Series) -> Source:
    """The file with its rows, and which header each field was read from."""
    mapped = file.plan.mapped
    unread = len(mapped.source.rejects) + mapped.source.apart
    filtered = int((code == FILTERED).sum())
    aside = unread + int((code > 0).sum()) - filtered
    columns = {name: rule.header for name, rule in mapped.fields.items()}
    asked = ", ".join(each.column for each in mapped.questions)
    return Source(
        path=mapped.source.path,
        table=mapped.table,
        preset=mapped.preset,
        rows=file.height + unread,
        used=file.height + unread - aside - filtered,
        set_aside=aside,
        filtered=filtered,
        encoding=mapped.source.encoding,
        columns={**columns, "score": asked} if asked else columns,
    )


def ratings_of(tickets: pl.DataFrame, options: Options) -> pl.DataFrame:
    """The ratings that some tickets carry."""
    return survey_rows.ratings(tickets, asked_by(options), options.config.table("surveys").scales)


def with_ratings(ratings: pl.DataFrame, loaded: Loaded | None, options: Options) -> Loaded:
    """The surveys, with the ratings that tickets carry and no CSAT answer covers."""
    own = loaded.frame if loaded else None
    language = Language(options.language)
    rows = survey_rows.uncovered(survey_rows.known_sent(ratings), own)
    said = [notice("ticket_ratings", language, table="surveys", rows=rows.height)] if rows.height else []
    said += said_of("surveys", [*survey_rows.doubtful_scales(rows)], options)
    rows = survey_rows.on_stars(rows)
    frame = rows if own is None else pl.concat([own, rows], how="diagonal")
    sources, notices = (loaded.sources, loaded.notices) if loaded else ([], [])
    tallies = loaded.tallies if loaded else ()
    return Loaded("surveys", frame, frozenset(frame.columns), sources, [*notices, *said], tallies)

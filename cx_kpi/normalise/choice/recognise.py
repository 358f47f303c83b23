"""Which table each file is, by configuration, by the signature of a product, or by words any export may use."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatch
from itertools import chain
from pathlib import Path

import polars as pl

from cx_kpi.model.errors import InputProblem
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Options
from cx_kpi.model.report import Notice
from cx_kpi.model.schema import TABLES, Kind
from cx_kpi.normalise.choice.any_list import is_loose
from cx_kpi.normalise.choice.choosing import Choice, choose, said_of_reading
from cx_kpi.normalise.choice.evidence import weigh
from cx_kpi.normalise.choice.flag_columns import with_blanks, without_dayless
from cx_kpi.normalise.choice.numbering import numbered
from cx_kpi.normalise.choice.portions import is_beside_tickets, settle_portions
from cx_kpi.normalise.choice.whole_moments import ends_beside, whole_moments, without_clocks, without_days
from cx_kpi.normalise.mapping.available import available
from cx_kpi.normalise.mapping.cells.fitting import fits
from cx_kpi.normalise.mapping.guessing import is_until
from cx_kpi.normalise.mapping.matching import TWINS, Match, match
from cx_kpi.normalise.mapping.refusals import (
    check_columns,
    check_missing,
    incomplete,
    is_totals,
    unrecognised,
)
from cx_kpi.normalise.mapping.same_name import gathered
from cx_kpi.normalise.mapping.short_headers import IN_DOUBT, check_placed, in_doubt, placed
from cx_kpi.normalise.preset.prepare import prepare
from cx_kpi.normalise.preset.presets import product
from cx_kpi.normalise.values.date_formats import format_of, formats, number_dates
from cx_kpi.normalise.values.date_words import cleaned
from cx_kpi.normalise.values.proved_units import with_units
from cx_kpi.normalise.vocabulary.dictionaries import name_words
from cx_kpi.normalise.vocabulary.headers import headers_of, read_header, snake
from cx_kpi.normalise.vocabulary.notices import notice, told
from cx_kpi.normalise.vocabulary.plain_columns import plainly
from cx_kpi.normalise.vocabulary.rules import Mapped, Rule
from cx_kpi.normalise.vocabulary.zones import half_zoned
from cx_kpi.read.raw.address import shown
from cx_kpi.read.raw.source import TextFrame
from cx_kpi.wording.language import Language

__all__ = ["Mapped", "Recognised", "recognise"]


@dataclass(frozen=True, slots=True)
class Recognised:
    """The files that are canonical tables, and notices about the others."""

    mapped: tuple[Mapped, ...]
    notices: tuple[Notice, ...] = ()


def recognise(frames: Sequence[TextFrame], options: Options, explicit: Mapping[str, str]) -> Recognised:
    """The table of each file; `explicit` (path: table) beats recognition.

    A file that the user did not name, found in a folder or by a pattern among others that are recognised, is left out with a
        notice. Raises `InputProblem` for any other file that is no table of ours, with the reason and what to do.
    """
    said = _said_of_each(frames, explicit)
    language = Language(options.language)
    mapped, strangers, loose = [], [], []
    for each, frame, choice in _chosen(frames, said, options, explicit):
        found = choice.best.found
        if in_doubt(frame, found, options.config):
            strangers.append((frame, choice))
        elif _fits(frame, choice) or (said[frame.path] and not found.missing):
            mapped.append(_mapped(frame, choice, options))
            mapped += _log(each, frame, options)
            loose += [(frame, choice)] if not choice.is_said and is_loose(frame, found) else []
        elif said[frame.path] and not frame.file:
            check_missing(frame, found, options)
            raise InputProblem(incomplete(frame, found))
        else:
            strangers.append((frame, choice))
    mapped, others = _without_others(mapped, loose)
    strangers += others
    portions = settle_portions(mapped, [frame for frame, _ in strangers], language)
    alone = [(frame, choice) for frame, choice in strangers if frame.path in portions.strangers]
    _check_strangers(alone, portions.kept, options, explicit)
    check_columns(portions.kept, options)
    return Recognised(portions.kept, (*portions.notices, *(_left_out(*each, language) for each in alone)))


def _without_others(
    mapped: Sequence[Mapped], loose: Sequence[tuple[TextFrame, Choice]]
) -> tuple[list[Mapped], list[tuple[TextFrame, Choice]]]:
    """The tables without those that may be any list beside one that is called tickets, and these."""
    paths = {frame.path for frame, _ in loose}
    left = {
        each.source.path for each in mapped if each.source.path in paths and is_beside_tickets(each, mapped)
    }
    kept = [each for each in mapped if each.source.path not in left]
    return kept, [(frame, choice) for frame, choice in loose if frame.path in left]


def _said_of_each(frames: Sequence[TextFrame], explicit: Mapping[str, str]) -> dict[str, str | None]:
    """The table that the user set for each file, and for each of those read as one."""
    every = chain.from_iterable((frame, *frame.members) for frame in frames)
    return {frame.path: _said(frame, explicit) for frame in every}


def _chosen(
    frames: Sequence[TextFrame],
    said: Mapping[str, str | None],
    options: Options,
    explicit: Mapping[str, str],
) -> Iterator[tuple[TextFrame, TextFrame, Choice]]:
    """Each file as it is and as it was prepared, with the choice made; files read as one where they may be."""
    language = Language(options.language)
    left = deque(placed(plainly(each), options.config) for each in frames)
    while left:
        each = left.popleft()
        frame = prepare(each, said[each.path], language, options.config.presets)
        choice = choose(frame, options, said[frame.path])
        if each.members and not (_fits(frame, choice) and _is_one(each, frame, explicit)):
            left.extendleft(reversed(each.members))
        else:
            yield each, frame, choice


def _fits(frame: TextFrame, choice: Choice) -> bool:
    """Whether the file is a table of ours, and of rows, not of totals."""
    return choice.fits and not is_totals(frame, choice.best.found)


def _is_one(source: TextFrame, frame: TextFrame, explicit: Mapping[str, str]) -> bool:
    """Whether files read as one may be: each is a table by itself, no row is left out, and there are no notices."""
    names = {name_words(each.path) for each in source.members}
    said = {_said(each, explicit) for each in source.members}
    return len(names) == len(said) == 1 and frame.apart == source.apart and not source.remarks


def _check_strangers(
    strangers: Sequence[tuple[TextFrame, Choice]],
    mapped: Sequence[Mapped],
    options: Options,
    explicit: Mapping[str, str],
) -> None:
    """Raise for a file that was named, and for the likeliest of all where nothing else can be read."""
    named = {Path(shown(path)) for path in (*options.paths, *explicit)}
    refused = [
        (frame, choice)
        for frame, choice in strangers
        if Path(frame.path) in named
        and not frame.sample.is_empty()
        and (frame.unplaced or not choice.lacks_kind)
    ]
    if not mapped and not refused:
        refused = sorted(strangers, key=lambda each: -each[1].best.score)
    for frame, choice in refused[:1]:
        found = choice.best.found
        check_placed(frame, found, options.config)
        check_missing(frame, found, options)
        named_so = said_of(frame.path, explicit)
        raise InputProblem(incomplete(frame, found) if named_so else unrecognised(frame, found, choice.other))


def _left_out(frame: TextFrame, choice: Choice, language: Language) -> Notice:
    if frame.unplaced:
        return replace(told(IN_DOUBT, language), path=frame.path)
    code = "kind_untold" if choice.lacks_kind else "not_recognised"
    example = choice.best.found.fields["score"].header if choice.lacks_kind else frame.path
    return replace(notice(code, language, example=example), path=frame.path)


def _said(frame: TextFrame, explicit: Mapping[str, str]) -> str | None:
    """The table the user says a file is, now or when it was stored."""
    return said_of(frame.path, explicit) or frame.said or None


def said_of(path: str, explicit: Mapping[str, str]) -> str | None:
    """The table that the user set for a file: by its path, its folder, or a pattern."""
    base = path.partition("#")[0]  # of a table in a database
    for given, table in explicit.items():
        if (
            Path(given) in (Path(path), Path(base))
            or Path(path) == Path(shown(given))
            or Path(path).is_relative_to(given)
            or fnmatch(path, given)
        ):
            return table
    return None


def _log(source: TextFrame, folded: TextFrame, options: Options) -> Iterator[Mapped]:
    """The ticket events that a log holds, where its rows were folded into tickets."""
    preset = product(headers_of(source.headers), options.config.presets)
    if preset and preset.events and folded.apart > source.apart:
        of_events = replace(preset, table="ticket_events", columns=preset.events, values={})
        config = options.config.table("ticket_events")
        found = match(headers_of(source.headers), "ticket_events", config, of_events)
        if found.fits:
            bare = replace(source, notices=(), remarks=(), rejects=())
            yield _mapped(bare, Choice(weigh(bare, found)), options)


def _mapped(frame: TextFrame, choice: Choice, options: Options) -> Mapped:
    found = choice.best.found
    table, language = found.table, Language(options.language)
    frame = numbered(frame) if any(rule.made for rule in found.fields.values()) else frame
    frame, fields = gathered(frame, found.fields)
    said = options.config.table(table).columns
    seen = _by_content(frame, fields)
    ends = ends_beside(frame, seen)
    moments = whole_moments(frame, table, ends | seen)
    frame, seen = moments.frame, without_clocks(seen, ends, moments.clocks)
    fields, doubtful = with_units(frame, table, seen, said)
    fields = without_days(frame, table, fields, said.keys())
    dated = without_dayless(frame, table, fields, said)
    doubtful += [("dayless", name) for name in fields if name not in dated]
    blanks = with_blanks(frame, dated)
    fields = dated | blanks
    doubtful += [("blank_is_no", name) for name in blanks]
    units = (
        notice(code, language, table=table, field=name, example=seen[name].header) for code, name in doubtful
    )
    read = said_of_reading(frame, choice, fields, language)
    zones = [told(each, language) for each in half_zoned(frame.sample, fields)]
    notices = (
        replace(each, path=frame.path, table=table) for each in (*frame.notices, *read, *units, *zones)
    )
    frame = replace(frame, notices=tuple(notices))
    dimensions = _dimensions(frame, found, fields)
    reading, next_best = choice.told(language)
    return Mapped(
        frame,
        table,
        found.preset,
        fields,
        available(table, fields, found.questions, options.config),
        dimensions,
        found.questions,
        scales=options.config.table(table).scales,
        business=found.business,
        borrowed=moments.borrowed,
        reading=reading,
        next_best=next_best,
    )


def _dimensions(frame: TextFrame, found: Match, fields: Mapping[str, Rule]) -> dict[str, str]:
    """The columns to cut by: every header as it is written, and by a name to type where it is no field of ours."""
    known = {rule.header for name, rule in fields.items() if name not in found.guessed}
    free = {snake(text): text for text in reversed(frame.headers) if text not in known}
    ours = TABLES[found.table].fields
    named = {name: text for name, text in free.items() if name not in ours}
    return named | {text: text for text in frame.headers}


def _by_content(frame: TextFrame, fields: Mapping[str, Rule]) -> dict[str, Rule]:
    """The fields, where a length of time that holds dates is taken for the date it ends, and the other way round.

    Dates of a time *to* something are those it is due at, which no field holds.
    """
    seen = dict(fields)
    for stamp, length in TWINS.items():
        if length in seen and not seen[length].unit and _are_dates(frame, seen[length].header, seen):
            rule = seen.pop(length)
            if not is_until(rule.header):
                seen.setdefault(stamp, replace(rule, unit=None))
        elif stamp in seen and not seen[stamp].format and _holds_lengths(frame, seen[stamp].header):
            seen.setdefault(length, seen.pop(stamp))
    return seen


def _holds_lengths(frame: TextFrame, header: str) -> bool:
    """Whether these are lengths of time with words for their unit; bare digits may be times of day."""
    cells = frame.sample[header]
    told = cells.dtype == pl.String and bool(cells.str.contains(r"\p{L}").any())
    return told and fits(cells, "resolution_seconds", Kind.SECONDS, read_header(header))


def _are_dates(frame: TextFrame, header: str, fields: Mapping[str, Rule]) -> bool:
    """Whether these are dates: numbers are, where the beginnings of the rows are such dates too."""
    start = fields.get("created_at")
    numbers = start and {number_dates(frame.sample[each]) for each in (header, start.header)}
    return _holds_dates(frame, header) or bool(numbers and len(numbers) == 1 and None not in numbers)


def _holds_dates(frame: TextFrame, header: str) -> bool:
    cells = frame.sample[header]
    if cells.dtype.is_temporal():
        return str(cells.dtype).startswith("Date")
    texts = cells.drop_nulls().to_list() if str(cells.dtype) == "String" else []
    if all(name.startswith("epoch") for name in formats(texts)):
        return False
    return 2 * sum(format_of(cleaned(each)) is not None for each in texts) > len(texts)

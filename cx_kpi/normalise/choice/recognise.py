"""Which table each file is, by configuration, by the signature of a product, or by words any export may use."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path

from cx_kpi.model.errors import InputProblem
from cx_kpi.model.options import Options, Question
from cx_kpi.model.report import Notice
from cx_kpi.model.schema import TABLES
from cx_kpi.normalise.mapping.available import available
from cx_kpi.normalise.mapping.guessing import guessed
from cx_kpi.normalise.mapping.matching import TWINS, Match, match
from cx_kpi.normalise.mapping.questions import with_questions
from cx_kpi.normalise.mapping.refusals import absent, incomplete, is_totals, unrecognised
from cx_kpi.normalise.mapping.same_name import gathered
from cx_kpi.normalise.preset.prepare import prepare
from cx_kpi.normalise.preset.presets import product
from cx_kpi.normalise.values.date_formats import formats
from cx_kpi.normalise.vocabulary.headers import Headers, snake
from cx_kpi.normalise.vocabulary.notices import notice
from cx_kpi.normalise.vocabulary.plain_columns import plainly
from cx_kpi.normalise.vocabulary.rules import Mapped, Rule, as_column, names_of
from cx_kpi.read.raw.address import shown
from cx_kpi.read.raw.source import TextFrame
from cx_kpi.wording.language import Language

__all__ = ["Mapped", "Recognised", "recognise"]


@dataclass(frozen=True, slots=True)
class Recognised:
    """The files that are tables of ours, and what is to be said of the others."""

    mapped: tuple[Mapped, ...]
    notices: tuple[Notice, ...] = ()


def recognise(frames: Sequence[TextFrame], options: Options, explicit: Mapping[str, str]) -> Recognised:
    """The table of each file; `explicit` (path: table) beats recognition.

    A file nobody named, found in a folder or by a pattern beside others that are recognised, is left out with a
    notice. Raises `InputProblem` for any other file that is no table of ours, with the reason and what to do.
    """
    named = {Path(shown(path)) for path in (*options.paths, *explicit)}
    said = {frame.path: _said(frame.path, explicit) for frame in frames}
    language = Language(options.language)
    mapped, strangers = [], []
    for each in map(plainly, frames):
        frame = prepare(each, said[each.path], language)
        chosen = _choose(frame, options, said[frame.path])
        fits = chosen.fits and not is_totals(frame, chosen)
        if fits or (said[frame.path] and not chosen.missing):
            mapped.append(_mapped(frame, chosen, options))
            mapped += _log(each, frame, options)
        elif said[frame.path]:
            _check_missing(frame, chosen, options)
            raise InputProblem(incomplete(frame, chosen))
        else:
            strangers.append((frame, chosen))
    for frame, nearest in strangers:
        if not mapped or (Path(frame.path) in named and not frame.sample.is_empty()):
            _check_missing(frame, nearest, options)
            raise InputProblem(unrecognised(frame, nearest))
    _check_columns(mapped, options)
    return Recognised(
        tuple(mapped),
        tuple(
            replace(notice("not_recognised", language, example=frame.path), path=frame.path)
            for frame, _ in strangers
        ),
    )


def _said(path: str, explicit: Mapping[str, str]) -> str | None:
    """The table the user says a file is: by its path, its folder, or a pattern."""
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


def _choose(frame: TextFrame, options: Options, table: str | None) -> Match:
    """The best reading of a file; where none fits, the nearest."""
    headers = Headers(frame.headers)
    preset = product(headers)
    if preset and table in (None, preset.table):
        found = match(headers, preset.table, options.config.table(preset.table), preset)
        return with_questions(frame, found)
    matches = [
        match(headers, each, options.config.table(each), None) for each in ([table] if table else TABLES)
    ]
    best = max(matches, key=_rank)
    if best.fits:
        return guessed(frame, with_questions(frame, best))
    several = [each for each in matches if table or len(TABLES[each.table].required) > 1]
    tries = [guessed(frame, with_questions(frame, each)) for each in several]
    return next((each for each in sorted(tries, key=_rank, reverse=True) if each.fits), best)


def _log(source: TextFrame, folded: TextFrame, options: Options) -> Iterator[Mapped]:
    """The ticket events that a log holds, where its rows were folded into tickets."""
    preset = product(Headers(source.headers))
    if preset and preset.events and folded.apart > source.apart:
        of_events = replace(preset, table="ticket_events", columns=preset.events, values={})
        config = options.config.table("ticket_events")
        found = match(Headers(source.headers), "ticket_events", config, of_events)
        if found.fits:
            yield _mapped(replace(source, notices=(), remarks=(), rejects=()), found, options)


def _rank(found: Match) -> tuple[bool, bool, int, int]:
    """How near a table is: what it lacks counts only where it has something."""
    missing = len(found.missing)
    has_some = missing < len(TABLES[found.table].required)
    return found.fits, has_some, -missing if has_some else 0, found.size


def _mapped(frame: TextFrame, found: Match, options: Options) -> Mapped:
    frame, fields = gathered(frame, found.fields)
    fields = _by_content(frame, fields)
    language = Language(options.language)
    said = (
        notice("guessed_column", language, table=found.table, field=name, example=fields[name].header)
        for name in found.guessed
    )
    asked = (
        notice("told_question", language, table=found.table, field=each.kind, example=_question(frame, each))
        for each in found.told
    )
    empty = [notice("no_rows", language)] if frame.sample.is_empty() and not frame.apart else []
    notices = (
        replace(each, path=frame.path, table=found.table) for each in (*frame.notices, *said, *asked, *empty)
    )
    frame = replace(frame, notices=tuple(notices))
    known = {rule.header for name, rule in fields.items() if name not in found.guessed}
    unknown = [text for text in frame.headers if text not in known]
    dimensions = {
        snake(text): text for text in reversed(unknown) if snake(text) not in TABLES[found.table].fields
    }
    dimensions |= {text: text for text in frame.headers}
    have = available(found.table, fields, found.questions, options.config)
    return Mapped(
        frame,
        found.table,
        found.preset,
        fields,
        have,
        dimensions,
        found.questions,
        scales=options.config.table(found.table).scales,
        business=found.business,
    )


def _question(frame: TextFrame, asked: Question) -> str:
    """The column of a question, and its text where that stands in a row of its own."""
    label = frame.labels.get(asked.column)
    return f"{asked.column}: {label}" if label else asked.column


def _by_content(frame: TextFrame, fields: Mapping[str, Rule]) -> dict[str, Rule]:
    """The fields, where a length of time that holds dates is taken for the date it ends."""
    seen = dict(fields)
    for stamp, length in TWINS.items():
        if length in seen and _holds_dates(frame, seen[length].header):
            rule = seen.pop(length)
            seen.setdefault(stamp, replace(rule, unit=None))
    return seen


def _holds_dates(frame: TextFrame, header: str) -> bool:
    cells = frame.sample[header]
    if cells.dtype.is_temporal():
        return str(cells.dtype).startswith("Date")
    texts = cells.drop_nulls().to_list() if str(cells.dtype) == "String" else []
    return any(not name.startswith("epoch") for name in formats(texts))


def _check_missing(frame: TextFrame, found: Match, options: Options) -> None:
    """A required field whose configured column is not there."""
    config = options.config.table(found.table)
    for name in found.missing:
        if name in config.columns:
            names = names_of(as_column(config.columns[name]))
            raise InputProblem(absent(found.table, name, names, frame.headers))


def _check_columns(mapped: Sequence[Mapped], options: Options) -> None:
    """Each configured column has to be in some file of its table."""
    for table in {each.table for each in mapped}:
        files = [each for each in mapped if each.table == table]
        headers = [Headers(each.source.headers) for each in files]
        config = options.config.table(table)
        wanted = {name: names_of(as_column(said)) for name, said in config.columns.items()}
        wanted |= {f"questions {each.column}": [each.column] for each in config.questions}
        for name, names in wanted.items():
            if not any(each.find(names) for each in headers):
                raise InputProblem(
                    absent(table, name, names, [text for each in headers for text in each.texts])
                )

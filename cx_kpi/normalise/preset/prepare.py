"""What a preset does to a file before its columns are read: columns named and made, rows dropped and folded."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from cx_kpi.model.report import Notice
from cx_kpi.model.values import Level
from cx_kpi.normalise.preset.joined_headers import weighed
from cx_kpi.normalise.preset.log_folding import Fold, columns_of, fold, spelled
from cx_kpi.normalise.preset.presets import Drop, Make, Preset, presets, product
from cx_kpi.normalise.vocabulary.headers import Headers, headers_of
from cx_kpi.normalise.vocabulary.notices import notice, told
from cx_kpi.read.raw.source import SAMPLE, TextFrame
from cx_kpi.wording.language import Language


def prepare(source: TextFrame, table: str | None, language: Language, own: Sequence[str] = ()) -> TextFrame:
    """The file, read by the rules of its preset; `table` where the user set it; `own` presets, see `presets`."""
    source = replace(
        source, notices=tuple(told(weighed(each, source.headers), language) for each in source.remarks)
    )
    source = _named(source, language, own)
    preset = product(headers_of(source.headers), own)
    if preset is None or table not in (None, preset.table):
        return source
    source = _with_made(source, preset.make)
    headers = headers_of(source.headers)
    wrong = [_wrong(each, header.text) for each in preset.drop if (header := headers.find([each.column]))]
    if wrong:
        source = _fewer(source, source.frame.filter(~pl.any_horizontal(wrong)), "dropped", language)
    if preset.fold and (rule := _found(preset.fold, headers)):
        source = _fewer(source, fold(source.frame, rule), "folded", language)
    return replace(source, notices=(*source.notices, *_notes(preset, language)))


def _named(source: TextFrame, language: Language, own: Sequence[str]) -> TextFrame:
    """A file without a header that has the shape of a known layout, with the names of that layout."""
    if [*source.headers[:1]] != ["column_1"]:
        return source
    layout = next(
        (names for preset in presets(own) for names in preset.layouts if _fits(source, preset, names)), None
    )
    if layout is None:
        return source
    names = dict(zip(source.headers, layout, strict=False))
    kept = (each for each in source.notices if each.code != "no_header")
    return replace(
        source,
        frame=source.frame.rename(names),
        sample=source.sample.rename(names),
        headers=tuple(names.get(header, header) for header in source.headers),
        notices=(*kept, notice("no_header_known", language)),
    )


def _fits(source: TextFrame, preset: Preset, layout: Sequence[str]) -> bool:
    """Whether its cells look so; empty columns at the end may be missing."""
    names = dict(zip(layout, source.headers, strict=False))
    return len(source.headers) <= len(layout) and all(
        name in names and _looks(source.sample[names[name]], pattern)
        for name, pattern in preset.shape.items()
    )


def _looks(cells: pl.Series, pattern: str) -> bool:
    filled = cells.drop_nulls()
    return len(filled) > 0 and all(re.fullmatch(pattern, cell) for cell in filled)


def _with_made(source: TextFrame, made: Sequence[Make]) -> TextFrame:
    """The file with the columns whose parts it has; of two with the same name the later one."""
    headers = headers_of(source.headers)
    columns = {each.name: _made(each, headers) for each in made if headers.has_all(each.of)}
    return replace(
        source,
        frame=source.frame.with_columns(**columns),
        sample=source.sample.with_columns(**columns),
        headers=tuple(dict.fromkeys((*source.headers, *columns))),
        above=None if columns else source.above,  # a cell with line ends may be there twice now
    )


def _made(make: Make, headers: Headers) -> pl.Expr:
    of = [pl.col(header.text).cast(pl.String) for name in make.of if (header := headers.find([name]))]
    text = pl.concat_str(of, separator=" ") if len(of) > 1 else of[0]
    text = text.str.replace_all(make.without, "") if make.without else text
    return text.str.extract(make.pattern) if make.pattern else text


def _wrong(drop: Drop, header: str) -> pl.Expr:
    """Where a row has no place in its table; words are compared without case."""
    cell = pl.col(header).cast(pl.String).fill_null("").str.strip_chars().str.to_lowercase()
    listed = cell.is_in([word.casefold() for word in drop.words or drop.other_than])
    return listed if drop.words else ~listed


def _found(rule: Fold, headers: Headers) -> Fold | None:
    """The rule with the headers as this file writes them; None where it lacks one."""
    wanted = set(columns_of(rule))
    found = {name: header.text for name in wanted if (header := headers.find([name]))}
    return spelled(rule, found) if found.keys() == wanted else None


def _fewer(source: TextFrame, frame: pl.LazyFrame, code: str, language: Language) -> TextFrame:
    """The file with the rows of this frame, and how many that are fewer."""
    before, after = (int(each.select(pl.len()).collect().item()) for each in (source.frame, frame))
    if before == after and frame.collect_schema().names() == list(source.headers):
        return source
    said = (notice(code, language, rows=before - after),) if before > after else ()
    sample = frame.head(SAMPLE).collect()
    return replace(
        source,
        frame=frame,
        sample=sample,
        headers=tuple(sample.columns),
        apart=source.apart + before - after,
        notices=(*source.notices, *said),
    )


def _notes(preset: Preset, language: Language) -> Iterator[Notice]:
    """Notices about what the export lacks."""
    if preset.note:
        said = preset.note.get(language.code) or preset.note["en"]
        yield Notice(Level.INFO, "preset_note", said, preset.table)

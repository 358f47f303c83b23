"""Why a file cannot be used, in one line, and what to do about it."""

from collections.abc import Mapping, Sequence

import polars as pl

from cx_kpi.model.errors import InputProblem, nearest
from cx_kpi.model.options import Options, Question, TableConfig
from cx_kpi.normalise.mapping.cells.fit_cells import hold_counts
from cx_kpi.normalise.mapping.matching import Match, match
from cx_kpi.normalise.mapping.questions import asked_how_hard
from cx_kpi.normalise.mapping.short_headers import MISSING_NAME, nameless
from cx_kpi.normalise.preset.presets import generic
from cx_kpi.normalise.values.quantities import parse_numbers
from cx_kpi.normalise.vocabulary.dictionaries import dictionary, plain
from cx_kpi.normalise.vocabulary.headers import Headers, headers_of, sounds_total, squash
from cx_kpi.normalise.vocabulary.rules import Mapped, Rule, as_column, names_of
from cx_kpi.read.raw.source import TextFrame

_NAMES_ROWS = frozenset({"response_id", "call_id", "ticket_id", "customer_id", "comment"})
_MOST_POINTS = 10  # of one answer, where no scale is reported
_MANY = 0.5  # with more fractions than this, numbers are no answers
_ENDED = ("first_response_at", "solved_at", "closed_at")
_SHOWN = 12
_CLOSE = 80
_LONG = 40


def unrecognised(frame: TextFrame, found: Match, other: str = "") -> str:
    """For a file that fits no table: its headers, and what the nearest table misses; or which `other` list it is."""
    if found.refused:
        return f"{frame.path}: {found.refused}"
    if is_totals(frame, found):
        return f"{_aggregate(frame)}; if these are single rows, say so with --{found.table} {frame.path}"
    if _is_of_many(frame, found) and ("ticket_id" in found.missing or found.size == 1):
        return _aggregate(frame)
    if other:
        return _is_other(frame, found, other)
    if not found.missing:
        return _too_little(frame)
    return f"{_lacks(frame, found)}; if it is another table, say so with --{_options(found)} {frame.path}"


def _is_of_many(frame: TextFrame, found: Match) -> bool:
    """Whether rows tell of many tickets each, by a header or by counts in place of dates."""
    return _is_aggregate(frame) or counts_of_days(frame, found.fields)


def counts_of_days(frame: TextFrame, fields: Mapping[str, Rule]) -> bool:
    """Whether a column called as the end of a ticket says how many ended: `Date, Opened, Closed` of each day."""
    return any(hold_counts(frame.sample[fields[name].header]) for name in _ENDED if name in fields)


def is_totals(frame: TextFrame, found: Match) -> bool:
    """Whether what looks like answers or calls are totals: by a header, and since rows have no id."""
    if not found.fits or found.table not in ("surveys", "calls") or _names_rows(frame, found):
        return False
    from cx_kpi.normalise.mapping.score_of_each import is_score_of_each

    held = _is_aggregate(frame) or any(_holds_totals(frame, each) for each in found.questions)
    return held or (found.table == "surveys" and is_score_of_each(frame, found))


def _names_rows(frame: TextFrame, found: Match) -> bool:
    """Whether each row is one contact, by a field that says so, or by an id that is named as such and never comes twice."""
    if any(name in _NAMES_ROWS and not sounds_total(rule.header) for name, rule in found.fields.items()):
        return True
    words = {squash(word) for word in generic().tables["surveys"]["ticket_id"]}
    words -= {squash(word) for word in dictionary("tables")["ids"]["any"]}
    return any(
        frame.sample[header].n_unique() == frame.sample.height
        for header in frame.headers
        if squash(header) in words
    )


def _holds_totals(frame: TextFrame, asked: Question) -> bool:
    """Whether the cells in place of answers are percents, points or averages of many."""
    cells = frame.sample[asked.column].drop_nulls().cast(pl.String)
    numbers = parse_numbers(cells.str.replace(r"\s*%$", "")).drop_nulls()
    if not len(numbers):
        return False
    most = max(asked.scale) if asked.scale else _MOST_POINTS
    beyond = (numbers > most) | (numbers < 0)
    uneven = ((numbers * 2) % 1 != 0).sum()
    return bool(beyond.any()) or uneven > _MANY * len(numbers) or bool(cells.str.contains("%").any())


def incomplete(frame: TextFrame, found: Match) -> str:
    """The refusal of a file that the user set to this table."""
    if found.refused:
        return f"{frame.path}: {found.refused}"
    return (
        _aggregate(frame) if _is_of_many(frame, found) and found.table == "tickets" else _lacks(frame, found)
    )


def _absent(table: str, name: str, names: Sequence[str], headers: Sequence[str]) -> str:
    """For a configured column that no file of its table has."""
    return f'cxkpi.toml: [{table}] {name}: no column "{names[0]}" in any {table} file{nearest(names[0], headers)}'


def check_missing(frame: TextFrame, found: Match, options: Options) -> None:
    """Raise for a required field whose configured column is not there."""
    config = options.config.table(found.table)
    for name in found.missing:
        if name in config.columns:
            names = names_of(as_column(config.columns[name]))
            raise InputProblem(_absent(found.table, name, names, frame.headers))


def check_columns(mapped: Sequence[Mapped], options: Options) -> None:
    """Raise for a configured column that no file of its table has."""
    for table in {each.table for each in mapped}:
        headers = [Headers(each.source.headers) for each in mapped if each.table == table]
        for name, names in _configured(options.config.table(table)).items():
            if not any(each.find(names) for each in headers):
                raise InputProblem(
                    _absent(table, name, names, [text for each in headers for text in each.texts])
                )


def _configured(config: TableConfig) -> dict[str, Sequence[str]]:
    """The columns that the configuration names, by what they are for."""
    columns = {name: names_of(as_column(said)) for name, said in config.columns.items()}
    return {**columns, **{f"questions {each.column}": [each.column] for each in config.questions}}


def _lacks(frame: TextFrame, found: Match) -> str:
    missing = found.missing
    if found.table == "surveys" and "score" in missing:
        reason = "no column holds a score"
        column = next(asked_how_hard(frame, found), None)
        example = f'"{column}", kind = "ces", scale = [7, 1] (worst, best)' if column else '"…", kind = "nps"'
        advice = f"say which in cxkpi.toml: [[surveys.questions]] column = {example}"
    elif missing == ["kind"]:
        column = found.fields["score"].header
        reason = f'nothing tells what kind of answers "{shorten(column)}" holds'
        advice = f'say it in cxkpi.toml: [[surveys.questions]] column = "{column}", kind = "csat" (or nps, ces, sps, review)'
    else:
        reason = f"no column for {', '.join(missing)}{_perhaps(frame, found)}"
        column = nameless(frame)[0] if _of_header(frame) else "…"
        advice = f'map it in cxkpi.toml: [{found.table}.columns] {missing[0]} = "{column}"'
    return f"{frame.path}: not usable as {found.table}: {_of_header(frame)}{reason}; columns found: {_listed(frame)}; {advice}"


def _of_header(frame: TextFrame) -> str:
    """What is wrong with the header: there is none, or it is one name short."""
    codes = {each.code for each in frame.remarks} | {each.code for each in frame.notices}
    if "no_header" in codes:
        return "there is no header row; "
    width = len(frame.headers)
    return (
        f"the header has {width - 1} names, but the rows have {width} cells; "
        if MISSING_NAME in codes
        else ""
    )


def _is_other(frame: TextFrame, found: Match, other: str) -> str:
    """The refusal of a list of others; one in quotes is a word of its name, which may speak of another table of ours."""
    tickets = f"if its rows are {found.table}, say so with --{found.table} {frame.path}"
    if not other.startswith('"'):
        looks = f"looks like a list of {other}, not of {found.table}"
        return f"{frame.path}: {looks}; columns found: {_listed(frame)}; {tickets}"
    named = _table_named(other.strip('"'))
    missing = match(headers_of(frame.headers), named, TableConfig(), None).missing if named else []
    if not missing:
        speaks = f"speaks of {named}" if named else f"does not speak of {found.table}"
        ours = (
            f"if its rows are {named}, say so with --{named.replace('_', '-')} {frame.path}, "
            if named
            else ""
        )
        looks = f"any list may have its columns, and its name, {other}, {speaks}"
        return f"{frame.path}: {looks}; columns found: {_listed(frame)}; {ours}{tickets}"
    looks = f"its name, {other}, speaks of {named}, but there is no column for {', '.join(missing)}"
    advice = f'map it in cxkpi.toml: [{named}.columns] {missing[-1]} = "…"'
    return f"{frame.path}: {looks}; columns found: {_listed(frame)}; {advice}; {tickets}"


def _table_named(word: str) -> str:
    """The table of ours that a word in the name of a file speaks of, if any."""
    names = {**dictionary("tables")["names"], "reviews": dictionary("questions")["reviews"]["names"]}
    found = next((table for table, words in names.items() if plain(word) in map(plain, words)), "")
    return "surveys" if found == "reviews" else found


def _too_little(frame: TextFrame) -> str:
    """The refusal of a file of which one column might be known: too little to recognise a table."""
    return (
        f"{frame.path}: {_of_header(frame)}not a table we know by its columns: {_listed(frame)}; export more of them, or say which are "
        'which in cxkpi.toml, for instance [tickets.columns] ticket_id = "…", created_at = "…"'
    )


def _perhaps(frame: TextFrame, found: Match) -> str:
    """A header that sounds like what is missing."""
    from rapidfuzz import fuzz, process, utils

    words = [word for name in found.missing for word in generic().tables[found.table].get(name, [])]
    hits = []
    for header in filter(lambda each: not _repeats(frame, found, each), frame.headers):
        for alike in (fuzz.token_set_ratio, fuzz.ratio):  # words more or less, letters more or less
            best = process.extractOne(header, words, scorer=alike, processor=utils.default_process)
            if best and best[1] >= _CLOSE:
                hits.append((best[1], header))
    return f' (perhaps "{shorten(max(hits)[1])}"?)' if hits else ""


def _repeats(frame: TextFrame, found: Match, header: str) -> bool:
    """Whether cells come twice in a column that should be an id."""
    if not any(name in _NAMES_ROWS for name in found.missing):
        return False
    cells = frame.sample[header].drop_nulls()
    return cells.n_unique() < len(cells)


def _listed(frame: TextFrame) -> str:
    shown = ", ".join(shorten(header) for header in frame.headers[:_SHOWN])
    more = len(frame.headers) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown or "none"


def shorten(text: str) -> str:
    """At most forty characters of it."""
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"


def _is_aggregate(frame: TextFrame) -> bool:
    return any(map(sounds_total, frame.headers))


def _aggregate(frame: TextFrame) -> str:
    return (
        f"{frame.path}: totals or averages without ids, which cannot be counted again "
        f"(columns found: {_listed(frame)}); export one row per ticket, answer or call"
    )


def _options(found: Match) -> str:
    others = [
        table for table in ("tickets", "surveys", "customers", "calls", "orders") if table != found.table
    ]
    return others[0]

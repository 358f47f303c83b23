"""Scores that are no answers: a row for each score, with how often it comes, or for each period, team, country or thing."""

from functools import cache
from math import prod

import polars as pl

from cx_kpi.normalise.mapping.matching import Match
from cx_kpi.normalise.preset.presets import GENERIC
from cx_kpi.normalise.values.quantities import parse_numbers
from cx_kpi.normalise.vocabulary.dictionaries import dictionary, name_words, plain
from cx_kpi.normalise.vocabulary.headers import squash
from cx_kpi.read.raw.source import TextFrame

_LEAST = 3  # rows that tell
_OF_ANSWERS = ("kind", "question", "sent_at", "journey_stage")


def is_score_of_each(frame: TextFrame, found: Match) -> bool:
    """Whether each row is the score of many: by a count beside it, or since each group or thing has one."""
    answers = not found.fields.keys().isdisjoint(_OF_ANSWERS)
    if answers or found.preset != GENERIC or found.configured or frame.sample.height < _LEAST:
        return False
    free = [header for header in frame.headers if header not in _scores(found)]
    return _has_counts(frame, free) or _is_grid(frame, free) or _is_of_things(frame, found, free)


def _scores(found: Match) -> set[str]:
    """The columns of scores."""
    asked = {each.column for each in found.questions}
    return asked | {rule.header for name, rule in found.fields.items() if name == "score"}


def _has_counts(frame: TextFrame, free: list[str]) -> bool:
    """Whether a column says how often, and rows without it do not repeat."""
    counts = [header for header in free if squash(header) in _words("counts")]
    rest = [header for header in frame.headers if header not in counts]
    counted = any(_are_counts(frame.sample[header]) for header in counts)
    return counted and not bool(frame.sample.select(pl.struct(rest).is_duplicated().any()).item())


def _are_counts(cells: pl.Series) -> bool:
    """Whether all cells are numbers or percents, and not those of the rows."""
    filled = cells.drop_nulls().cast(pl.String)
    numbers = parse_numbers(filled.str.replace(r"\s*%$", ""))
    if numbers.is_empty() or numbers.null_count():
        return False
    return not bool((numbers.diff().drop_nulls() == 1).all() and numbers[0] in (0, 1))


def _is_grid(frame: TextFrame, free: list[str]) -> bool:
    """Whether nothing but groups stands beside the score, one row for each of them or for each pair."""
    if not free or not all(squash(header) in _words("groups") for header in free):
        return False
    different = [frame.sample[header].n_unique() for header in free]
    height = frame.sample.height
    whole = (
        prod(different) == height and not frame.sample.select(pl.struct(free).is_duplicated().any()).item()
    )
    return height in different or bool(whole)


def _is_of_things(frame: TextFrame, found: Match, free: list[str]) -> bool:
    """Whether a bare rating is that of a thing, each of which comes once, and no name speaks of answers."""
    kinds = {each.kind for each in found.questions}
    headers = {squash(each.column) for each in found.questions}
    if not (kinds <= {"review"} or headers <= _ratings()) or _named(frame):
        return False
    things = [header for header in free if squash(header) in _words("things")]
    return any(frame.sample[header].n_unique() == frame.sample.height for header in things)


def _named(frame: TextFrame) -> bool:
    """Whether the name of the file or the sheet speaks of a survey."""
    surveys = map(plain, dictionary("tables")["names"]["surveys"])
    return not name_words(frame.path, frame.part).isdisjoint(surveys)


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(squash(word) for word in dictionary("tables")["totals"][name])


@cache
def _ratings() -> frozenset[str]:
    return frozenset(squash(word) for word in dictionary("questions")["reviews"]["ratings"])

"""The history of a run: read before it is judged, written before the report, whose way it never stands in."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cx_kpi.model.errors import HistoryProblem, InputProblem, OutputProblem

if TYPE_CHECKING:
    from cx_kpi.api import Run
    from cx_kpi.model.report import Report


def refuse_history(path: str | None, others: Sequence[str | None]) -> None:
    """Raises `OutputProblem` before any work is done where a history is one of the files to read or to write, or behind a foreign link."""
    from cx_kpi.render.files.foreign_links import refuse_foreign

    if path:
        refuse_foreign(path)
    for other in filter(None, others):
        if path and (os.path.realpath(path) == os.path.realpath(other) or _same(path, other)):
            raise OutputProblem(f"--record {path}: is read or written as {other}, too; name another file")


def recorded(done: "Run", path: str | None) -> "tuple[Report, HistoryProblem | None]":
    """The report of a run, judged by its history and kept in it; what went wrong with that is said in the report."""
    from cx_kpi import api

    if not path:
        return api.told(done), None
    from cx_kpi.cli.records.keep import failed, keep, past_of
    from cx_kpi.model.documents.recorded_history import NO_PAST
    from cx_kpi.wording.language import Language

    found, problem = NO_PAST, None
    try:
        found = past_of(path, done.results, done.options)
    except HistoryProblem as told:
        problem = told
    report = api.told(done, found)
    spans = [(name, table.span) for name, table in done.loaded.items() if table.span]
    try:
        notices = [] if problem else keep(path, report, done.results, spans, done.options)
    except HistoryProblem as told:
        problem = told
    if problem:
        notices = [failed(problem, Language(report.language))]
    return replace(report, notices=[*report.notices, *notices]), problem


@contextmanager
def as_input() -> Iterator[None]:
    """A history that is only read is an input: one that cannot be is one that cannot be used."""
    try:
        yield
    except HistoryProblem as problem:
        raise InputProblem(str(problem)) from None


def _same(path: str, other: str) -> bool:
    with suppress(OSError):
        return Path(path).samefile(other)
    return False

"""A run and its history: what it is judged by, what it leaves there, and what to say of that."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cx_kpi.cli.records.history_read import past
from cx_kpi.cli.records.history_write import Kept, record
from cx_kpi.cli.records.recording import recording
from cx_kpi.judge.verdicts.judged import own_figures
from cx_kpi.model.documents.recorded_history import NO_PAST, Past
from cx_kpi.model.report import Notice, Report
from cx_kpi.model.schema import TABLES
from cx_kpi.model.values import Level
from cx_kpi.wording.language import Language, mark
from cx_kpi.wording.units import words_of

if TYPE_CHECKING:
    from cx_kpi.engine.results import Results
    from cx_kpi.model.options import Options
    from cx_kpi.normalise.vocabulary.date_range import Span

KEPT = mark(
    "The history knows more rows of {period} than this export ({before} against {n}, {metric}), so it keeps what it has; "
    "see whether the export is cut short."
)
FAILED = mark("The history was not kept: {problem}.")


def past_of(path: str | None, results: "Results", options: "Options") -> Past:
    """What a history holds for a run; nothing where there is none yet. Raises `HistoryProblem`."""
    return past(path, results, options) if path and Path(path).exists() else NO_PAST


def keep(
    path: str, report: Report, results: "Results", spans: "Sequence[tuple[str, Span]]", options: "Options"
) -> list[Notice]:
    """Put the readings of a run into a history, and what to say of that; raises `HistoryProblem`.

    `spans` are the first and the last date of tables of which rows were left out since.
    """
    jobs = [job for job in results.plan.jobs if job.metric.id in report.metrics and not job.aside]
    begins = dict(_begins(results)) | {table: span[0] for table, span in spans}
    made = recording(report, results, own_figures(results, jobs, options), begins, options)
    return list(_told(path, record(path, made), report)) if made else []


def _begins(results: "Results") -> "Iterator[tuple[str, datetime]]":
    """The first date of each table."""
    yield from results.begins.items()
    for name, rows in results.tables.items():
        clock = TABLES[name].clock if name in TABLES else None
        first = rows.series(clock).min() if clock in rows.columns else None
        if isinstance(first, datetime):
            yield name, first


def _told(path: str, kept: Sequence[Kept], report: Report) -> Iterator[Notice]:
    """A notice for each period of which the history knows more, by the metric that lacks most rows."""
    words = words_of(report)
    by: dict[tuple[str, str], list[Kept]] = defaultdict(list)
    for each in kept:
        by[each.start, each.end].append(each)
    for (start, end), every in sorted(by.items()):
        most = max(every, key=lambda each: (each.before - each.n, each.metric))
        message = words.language(
            KEPT,
            period=words.dates.span(start, end),
            before=words.numerals.decimal(most.before),
            n=words.numerals.decimal(most.n),
            metric=report.metrics[most.metric].title,
        )
        yield Notice(Level.WARNING, "history_kept", message, rows=most.n, path=path)


def failed(problem: Exception, language: Language) -> Notice:
    """That a history could not be kept."""
    return Notice(Level.WARNING, "history_failed", language(FAILED, problem=str(problem)))

"""Readings out of a history: the earlier periods that a run is judged by, and what `cxkpi history` shows."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from cx_kpi.cli.records.history_file import is_up_to_date, to_read
from cx_kpi.engine.aggregation.cells import OVERALL
from cx_kpi.engine.planning.definitions import definition
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.results import Results
from cx_kpi.judge.verdicts.recorded import basis_of
from cx_kpi.model.documents.recorded_history import NO_PAST, Counted, Past, PastMetric, Recorded
from cx_kpi.model.options import Options
from cx_kpi.model.sums import Sums
from cx_kpi.model.values import Target

NOT_SAID = object()


def past(path: str, results: Results, options: Options) -> Past:
    """What a history holds for a run; raises `HistoryProblem`."""
    windows = results.windows
    if windows is None:
        return NO_PAST
    metrics, otherwise = {}, {}
    with to_read(path) as history:
        if not is_up_to_date(history):
            return NO_PAST
        known = _definitions(history)
        for job in results.plan.jobs:
            name, others = job.metric.id, known.get(job.metric.id, {})
            if job.aside or not others:
                continue
            how = _how(job, results, options)
            same = [number for number, other in others.items() if other == how]
            if same:
                metrics[name] = _past(history, same[0], basis_of(job, windows).name)
            else:
                otherwise[name] = differing(how, others[max(others)])
    return Past(path, metrics, otherwise)


def _how(job: Job, results: Results, options: Options) -> dict[str, Any]:
    """How a metric is counted now, as a history has it."""
    whole = results.figures.get(job.metric.id, {}).get(OVERALL)
    found: dict[str, Any] = json.loads(
        json.dumps(definition(job, whole, options, apart=job.metric.id in results.apart))
    )
    return found


def differing(how: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, ...]:
    """What tells two ways to count apart."""
    keys = dict.fromkeys((*how, *other))
    return tuple(key for key in keys if how.get(key, NOT_SAID) != other.get(key, NOT_SAID))


def readings(path: str, metrics: Iterable[str] = ()) -> tuple[dict[str, list[Recorded]], list[Counted]]:
    """The readings of some metrics, all when none are named, in order of time, and how they were counted."""
    with to_read(path) as history:
        known = _definitions(history)
        asked = [name for name in known if not metrics or name in set(metrics)]
        found = {name: list(_recorded(history, known[name])) for name in asked}
        counted = [Counted(number, name, how) for name in asked for number, how in known[name].items()]
    return found, counted


def _definitions(history: sqlite3.Connection) -> dict[str, dict[int, dict[str, Any]]]:
    """The ways in which each metric was counted, by number."""
    found: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
    for number, metric, how in history.execute("SELECT id, metric, how FROM definition ORDER BY id"):
        found[metric][number] = json.loads(how)
    return found


def _past(history: sqlite3.Connection, number: int, basis: str) -> PastMetric:
    """One metric as it is counted now."""
    parts: dict[str, dict[int, Sums]] = defaultdict(dict)
    rows = history.execute(
        "SELECT part, day, n, total, squares FROM sums WHERE definition = ? AND basis = ? ORDER BY part, day",
        (number, basis),
    )
    for part, day, n, total, squares in rows:
        parts[part][date.fromisoformat(day).toordinal()] = Sums(n, total, squares)
    points = {(each.start, each.end): each for each in _recorded(history, (number,)) if not each.by}
    known = history.execute(
        """SELECT start, "end" FROM summed WHERE definition = ? AND basis = ? ORDER BY start, "end" """,
        (number, basis),
    )
    return PastMetric(parts, tuple(known), points)


def _recorded(history: sqlite3.Connection, definitions: Collection[int]) -> Iterable[Recorded]:
    """The readings by these definitions."""
    marks = ", ".join("?" * len(definitions))
    rows = history.execute(
        f"""SELECT start, "end", segment, value, text, n, low, high, operator, target, status, at_least, as_of, definition
        FROM reading WHERE definition IN ({marks}) ORDER BY segment, start, "end", as_of""",  # noqa: S608 - marks alone
        tuple(definitions),
    )
    for start, end, by, value, text, n, low, high, operator, target, status, at_least, as_of, number in rows:
        yield Recorded(
            start,
            end,
            by,
            text if value is None else value,
            n,
            low,
            high,
            Target(operator, target) if operator else None,
            status,
            bool(at_least),
            as_of,
            number,
        )

"""Words that are new: in comments of the latest period, and in none before."""

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl

from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.results import Results
from cx_kpi.engine.time.windows import midnight
from cx_kpi.metrics.definition.metric import Terms
from cx_kpi.model.report import Latest, Report


def with_new_words(report: Report, results: Results) -> Report:
    """The report with the new words of each metric that lists words; without those where there are none."""
    metrics = dict(report.metrics)
    for job in results.plan.jobs:
        reading = metrics.get(job.metric.id)
        if reading is None or reading.latest is None or job.aside:
            continue
        if words := _new_words(results, job, reading.latest):
            metrics[job.metric.id] = replace(reading, details=reading.details | {"new_words": words})
    return replace(report, metrics=metrics)


def _new_words(results: Results, job: Job, latest: Latest) -> list[str]:
    measures = [each for each in job.method.aggregation.measures.values() if isinstance(each, Terms)]
    windows, rows = results.windows, results.tables.get(job.method.clock.table)
    if not measures or windows is None or rows is None:
        return []
    from cx_kpi.engine.aggregation.apart.words.terms import new_terms, term_counts

    def instant(day: str) -> datetime:
        return midnight(date.fromisoformat(day), windows.zone).astimezone(UTC)

    at, start = pl.col(job.method.clock.at), instant(latest.start)
    found = rows.lazy().filter(at < instant(latest.end))
    comments = found.select(comment=measures[0].text, low=at >= start, high=at < start)
    return new_terms(term_counts(comments.filter(pl.col("comment").is_not_null()).collect()))

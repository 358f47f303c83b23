"""From figures to the report: readings are judged, compared and ordered."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain

from cx_kpi import __version__
from cx_kpi.engine.facts.target_rules import is_default, rules
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.results import Results
from cx_kpi.engine.time.windows import Windows
from cx_kpi.judge.bench import Bench
from cx_kpi.judge.quality.unknown_rows import unknown_rows
from cx_kpi.judge.rated_segments import rated_segments
from cx_kpi.judge.sentences.headlines import headlines
from cx_kpi.judge.sentences.past_told import told_of_past
from cx_kpi.judge.sentences.stories.findings import Findings
from cx_kpi.judge.sentences.stories.told import Told
from cx_kpi.judge.sentences.twins import in_order, paired
from cx_kpi.judge.sentences.unavailable import is_asked, left_out, refusal
from cx_kpi.judge.sentences.uncut import uncut
from cx_kpi.judge.sentences.unread_answers import with_unread
from cx_kpi.judge.sentences.valueless import valueless
from cx_kpi.judge.verdicts.accounts import opened
from cx_kpi.judge.verdicts.judged import happened, judged
from cx_kpi.judge.verdicts.recorded_points import recorded_points
from cx_kpi.judge.verdicts.standing_out import standing_out
from cx_kpi.metrics.registry import known_groups
from cx_kpi.model.chart_data import Chart
from cx_kpi.model.documents.recorded_history import NO_PAST, Past
from cx_kpi.model.options import Options
from cx_kpi.model.report import SCHEMA_VERSION, Notice, Reading, Report, Segment, Source, Tool, Window
from cx_kpi.wording.language import Language
from cx_kpi.wording.units import Words


def assemble(
    results: Results,
    sources: Sequence[Source],
    notices: Sequence[Notice],
    options: Options,
    past: Past = NO_PAST,
    about: str = "",
) -> Report:
    """The report of a run, in its language; changes are judged also by what a history holds.

    With `about`, its findings are all that there is to say of that metric.
    """
    language = Language(options.language)
    windows = results.windows
    jobs = [job for job in results.plan.jobs if is_shown(results, job, options)]
    shown = in_order(jobs, options.config)
    found = judged(results, shown, options, past)
    inside = opened(results, found)
    goals = {job.metric.id: rules(options.config, job.metric) for job in shown}
    bench = Bench(results, options, language, found, inside, goals, _others(results))
    metrics = paired({job.metric.id: bench.reading(job) for job in shown})
    segments, points = _segments(results, bench, shown), bench.series(shown)
    stories = _findings(bench, shown, metrics, segments)
    without = [*left_out(results, options, language), *valueless(results, shown, language)]
    return Report(
        schema_version=SCHEMA_VERSION,
        tool=Tool("cxkpi", __version__),
        as_of=windows.as_of.isoformat() if windows else None,
        timezone=options.timezone,
        language=options.language,
        window=_window(windows),
        sources=list(sources),
        groups={name: language(title) for name, title in known_groups(options.config).items()},
        metrics=metrics,
        series=[
            point
            for job in shown
            for point in (*recorded_points(found, past, job.metric.id), *points[job.metric.id])
        ],
        segments=segments,
        left_out=[
            *with_unread(without, results, notices, language),
            *uncut(results, shown, options, language),
        ],
        notices=[
            *notices,
            *unknown_rows(results, shown, language),
            *told_of_past(found, past, language),
        ],
        findings=stories.of(about, _happened(results, bench, shown, metrics)),
        exhibits=_exhibits(results, metrics, options) if options.exhibits else [],
        headlines=headlines(metrics, language),
        where=options.where,
        configuration=options.configuration,
    )


def _exhibits(results: Results, metrics: Mapping[str, Reading], options: Options) -> list[Chart]:
    """The charts that no metric holds, which a terminal does not ask for."""
    from cx_kpi.judge.charts.chart_values import chart_values

    return chart_values(results, metrics, options)


def _findings(
    bench: Bench, shown: Sequence[Job], metrics: Mapping[str, Reading], segments: Sequence[Segment]
) -> Findings:
    """What findings of the window are made from."""
    windows, config = bench.results.windows, bench.options.config
    return Findings(
        metrics,
        bench.found,
        bench.inside,
        {job.metric.id: bench.by_period(job.metric) for job in shown},
        bench.language,
        segments,
        _length(windows, bench.language),
        _window(windows),
        {job.metric.id for job in shown if is_default(config, job.metric)},
    )


def _happened(
    results: Results, bench: Bench, shown: Sequence[Job], metrics: Mapping[str, Reading]
) -> list[Told]:
    """What happened inside two phases that are judged as wholes."""
    found = happened(results, shown, bench.options)
    if not found.judgements:
        return []
    inner = replace(bench, found=found)
    figures = {job.metric.id: inner.by_period(job.metric) for job in shown}
    return Findings(metrics, found, opened(results, found), figures, bench.language).told()


def _length(windows: Windows | None, language: Language) -> str:
    """What the window is called, beside a period that leads; nothing where the window itself is judged."""
    if windows is None or windows.rolling:
        return ""
    start, end = windows.overall.start.isoformat(), windows.overall.end.isoformat()
    return Words(language, windows.year_starts).dates.length(start, end, windows.grain)


def _segments(results: Results, bench: Bench, shown: Sequence[Job]) -> list[Segment]:
    better, dated = {job.metric.id: job.metric.better for job in shown}, results.windows is not None
    unlike = {name: each.unlike for name, each in bench.found.judgements.items()}
    rated = (rated_segments(bench, shown, cut) for cut in results.cuts)
    return [*chain.from_iterable(standing_out(each, better, unlike, dated=dated) for each in rated)]


def _others(results: Results) -> dict[str, list[Job]]:
    """The ways in which a metric is counted besides, by metric."""
    found: dict[str, list[Job]] = {}
    for job in results.plan.jobs:
        if job.aside:
            found.setdefault(job.metric.id, []).append(job)
    return found


def is_shown(results: Results, job: Job, options: Options) -> bool:
    """Whether the metric was asked for and is not refused."""
    return is_asked(job.metric, options) and not job.aside and not refusal(results, job)


def _window(windows: Windows | None) -> Window | None:
    if windows is None:
        return None
    start, end = windows.overall.start.isoformat(), windows.overall.end.isoformat()
    return Window(start, end, windows.grain, windows.year_starts)

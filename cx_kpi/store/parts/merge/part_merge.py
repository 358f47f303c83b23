"""The report of several parts: their sums added, and judged as those of rows are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cx_kpi.api import Run, settled
from cx_kpi.engine.aggregation.cells import OVERALL, Figures
from cx_kpi.engine.aggregation.cuts import Cut
from cx_kpi.engine.aggregation.daily import periods_over, within
from cx_kpi.engine.chart_grids import Grid
from cx_kpi.engine.guards.backlog_reconciliation import with_flow
from cx_kpi.engine.guards.missing_dates import suppress_times
from cx_kpi.engine.guards.truncated_export import SURVIVAL, Stock, bound, ninth_of
from cx_kpi.engine.results import Results
from cx_kpi.engine.time.windows import Windows, make_windows, midnight
from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.options import Options
from cx_kpi.model.report import Notice, Source
from cx_kpi.store.parts.held.over_time import by_period
from cx_kpi.store.parts.held.part_grids import grids_of
from cx_kpi.store.parts.held.part_settings import of_parts
from cx_kpi.store.parts.held.part_spans import is_edge
from cx_kpi.store.parts.held.summed import Account, Summed
from cx_kpi.store.parts.merge.days_added import days_added
from cx_kpi.store.parts.merge.part_figures import figures_of
from cx_kpi.store.parts.merge.part_notices import apart_of, by_own_settings, notices_of
from cx_kpi.store.parts.merge.part_plan import Chosen, chosen
from cx_kpi.store.parts.merge.part_refusals import refuse, refuse_cuts
from cx_kpi.store.parts.merge.part_windows import every
from cx_kpi.wording.language import Language


def merged(parts: Sequence[Summed], options: Options) -> Run:
    """The run whose report is that of all parts together; raises `CxkpiError` for parts that cannot be added."""
    refuse(parts)
    accounts = [part.account for part in parts]
    options = _options(accounts, options)
    if options.by:
        refuse_cuts(parts, options.by)
    windows = _windows(accounts, options)
    made = chosen(parts, options)
    cuts = options.by if options.by is not None else _usual(accounts)
    results, said = _results(parts, made, windows, cuts, options)
    apart = [*apart_of(parts, made, results, options)]
    notices = [*notices_of(parts, made, apart, options), *said]
    otherwise = [*apart, *by_own_settings(parts, results)]
    results = replace(results, apart=frozenset(each.id for each in otherwise))
    available = {name: frozenset(fields) for name, fields in _fields(accounts).items()}
    return Run(options, [], {}, results, [*_sources(parts)], notices, available)


def _options(accounts: Sequence[Account], options: Options) -> Options:
    """The options with what the parts were made with."""
    where = {each.where for each in accounts}
    moments = {each.as_of for each in accounts if each.fixed}
    fixed = len(moments) == 1 and all(each.fixed for each in accounts)
    return settled(
        replace(
            options,
            timezone=accounts[0].timezone,
            metrics=options.metrics or accounts[0].metrics,
            where=where.pop() if len(where) == 1 else None,
            as_of=moments.pop().isoformat() if fixed else None,
            config=replace(of_parts(options.config, [each.settings for each in accounts]), quantiles="fast"),
        )
    )


def _windows(accounts: Sequence[Account], options: Options) -> Windows:
    """The windows over all parts; raises `UsageProblem` for a span that is not made of weeks and months."""
    if options.period == "day":
        raise UsageProblem("--period day: parts hold weeks and months; choose week, month, quarter or year")
    zone = ZoneInfo(options.timezone)
    begin, over = span_of(accounts)
    as_of = max(each.as_of for each in accounts)
    latest = as_of if options.as_of else min(as_of, midnight(over, zone) - timedelta(microseconds=1))
    windows = make_windows(midnight(begin, zone), latest, options)
    if windows.grain == "day":
        windows = make_windows(midnight(begin, zone), latest, replace(options, period="week"))
    return _in_pieces(windows, begin, over)


def _in_pieces(windows: Windows, begin: date, over: date) -> Windows:
    """The windows, where all are made of weeks and months; without the earlier one to compare with, where that is not."""
    wrong = {
        group: day
        for group, _, *days in every(windows)
        for day in days
        if begin < day < over and not is_edge(day)
    }
    for day in [day for group, day in wrong.items() if group != "previous"]:
        raise UsageProblem(f"{day}: parts hold weeks and months; choose a Monday or the first of a month")
    return replace(windows, previous=None) if wrong else windows


def span_of(accounts: Sequence[Account]) -> tuple[date, date]:
    """The first day of all parts, and the first after all of them."""
    return min(each.begin for each in accounts), max(each.over for each in accounts)


def _usual(accounts: Sequence[Account]) -> tuple[Cut, ...]:
    """The cuts that every part has."""
    return tuple(cut for cut in accounts[0].by if all(cut in each.by for each in accounts))


def _results(
    parts: Sequence[Summed], made: Chosen, windows: Windows, cuts: tuple[Cut, ...], options: Options
) -> tuple[Results, list[Notice]]:
    """The figures, and what is said of open and of undated tickets."""
    accounts = [part.account for part in parts]
    figures = {key: figures_of(job, shares, windows, cuts) for key, (job, shares) in made.jobs.items()}
    plan = made.without([job for key, (job, _) in made.jobs.items() if OVERALL not in figures[key]])
    plan, figures, at_least = bound(plan, figures, _stock(accounts, figures, windows), windows, options)
    figures = with_flow(figures, _flow(accounts, windows))
    solved = (sum(each.solved[0] for each in accounts), sum(each.solved[1] for each in accounts))
    plan, undated = suppress_times(plan, solved, Language(options.language))
    days = days_added(made.jobs, windows)
    spans = periods_over(windows)
    results = Results(
        plan=plan,
        windows=windows,
        figures=figures,
        cuts=cuts,
        heights=_heights(accounts),
        grids=_grids(made, windows),
        begins=_begins(accounts, windows),
        daily={key: within(each, spans) for key, each in days.items()},
        summed={key: each for key, each in days.items() if not by_period(made.jobs[key][0])},
    )
    return results, [*at_least, *undated]


def _stock(accounts: Sequence[Account], figures: Figures, windows: Windows) -> Stock:
    """What tells since when the stock of tickets of all parts is known."""
    found = [each.stock for each in accounts if each.stock]
    if not found:
        return Stock(0)
    return Stock(
        tickets=sum(each.tickets for each in found),
        only_solved=all(each.only_solved for each in found),
        first=min(filter(None, (each.first for each in found)), default=None),
        dated=all(each.dated for each in found),
        ninth=_life(found, figures, windows),
    )


def _life(stocks: Sequence[Stock], figures: Figures, windows: Windows) -> float | None:
    """Within how many seconds nine in ten tickets are solved, at most."""
    ninths = [each.ninth for each in stocks]
    if SURVIVAL in figures and not windows.rolling:
        return ninth_of(figures, windows)
    return None if None in ninths else max(filter(None, ninths), default=None)


def _flow(accounts: Sequence[Account], windows: Windows) -> Mapping[str, int]:
    """The flow of tickets of all parts, where they end on one day and are all in the window."""
    flows = [each.flow for each in accounts if "tickets" in each.tables]
    ends = {each.over for each in accounts}
    inside = windows.overall.start <= span_of(accounts)[0] and {windows.overall.end} == ends
    if not (flows and all(flows) and inside):
        return {}
    return {name: sum(each[name] for each in flows) for name in flows[0]}


def _grids(made: Chosen, windows: Windows) -> dict[str, Grid]:
    """The charts of hours and waits of all parts; none where the window cuts a part."""
    start, end = windows.overall.start, windows.overall.end
    told = {}
    for job, shares in made.jobs.values():
        inside = [each.part.account for each in shares]
        inside = [each for each in inside if each.begin < end and each.over > start]
        if not job.aside and all(start <= each.begin and each.over <= end for each in inside):
            told[job.metric.id] = inside
    return grids_of(told)


def _begins(accounts: Sequence[Account], windows: Windows) -> dict[str, datetime]:
    """The first day of each table that has any."""
    days: dict[str, int] = {}
    for account in accounts:
        for name, table in account.tables.items():
            if table.first_day:
                days[name] = min(table.first_day, days.get(name, table.first_day))
    return {name: midnight(date.fromordinal(day), windows.zone) for name, day in days.items()}


def _heights(accounts: Sequence[Account]) -> dict[str, int]:
    heights: dict[str, int] = {}
    for account in accounts:
        for name, table in account.tables.items():
            heights[name] = heights.get(name, 0) + table.used
    return heights


def _fields(accounts: Sequence[Account]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for account in accounts:
        for name, table in account.tables.items():
            found.setdefault(name, set()).update(table.fields)
    return found


def _sources(parts: Iterable[Summed]) -> Iterator[Source]:
    """Each table of each part."""
    for part in parts:
        for name, each in part.account.tables.items():
            yield Source(part.path, name, each.preset, each.rows, each.used, each.set_aside, each.filtered)

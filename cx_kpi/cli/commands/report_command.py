"""`cxkpi report`: the main job."""

from typing import TYPE_CHECKING, Annotated, get_args

import typer

from cx_kpi.cli.options import arguments
from cx_kpi.cli.options.parse import comparison, cuts, listed, one_of, pairs, size, window
from cx_kpi.cli.options.profiles import in_profiles
from cx_kpi.cli.options.settings import (
    history_file,
    in_use,
    inputs,
    read_settings,
    run_options,
    studies,
)
from cx_kpi.cli.options.table_options import NO_TABLES, Tables, with_tables
from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.options import Grain
from cx_kpi.render.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from cx_kpi.api import Run
    from cx_kpi.cli.options.settings import Settings
    from cx_kpi.cli.outputs.gate import Gate
    from cx_kpi.cli.outputs.messages.addressees import Addressee
    from cx_kpi.cli.outputs.rejects import Bound
    from cx_kpi.cli.outputs.verbose import Verbose
    from cx_kpi.model.options import Look, Options
    from cx_kpi.model.report import Report
    from cx_kpi.render.files.atomic_write import Output


@in_profiles(without=("config", "open_page"))
@with_tables
def report(
    files: arguments.Files = None,
    format: Annotated[str | None, arguments.formats(FORMATS)] = None,
    output: arguments.Outputs = None,
    by: arguments.By = None,
    period: arguments.Period = None,
    since: arguments.Since = None,
    until: arguments.Until = None,
    last: arguments.Last = None,
    compare: arguments.Compare = None,
    against: arguments.Against = None,
    benchmarks: arguments.Benchmarks = None,
    as_of: arguments.AsOf = None,
    metrics: arguments.Metrics = None,
    cohort: arguments.Cohorts = None,
    where: arguments.Where = None,
    tz: arguments.Tz = None,
    source_tz: arguments.SourceTz = None,
    dayfirst: arguments.DayFirst = None,
    quantiles: arguments.Quantiles = None,
    memory: arguments.Memory = None,
    config: arguments.Configuration = None,
    lang: arguments.Language = None,
    tables: Tables = NO_TABLES,
    charts: arguments.Charts = None,
    template: arguments.Template = None,
    open_page: arguments.OpenPage = False,
    fail_on: arguments.FailOn = None,
    only_news: arguments.OnlyNews = False,
    max_age: Annotated[
        str | None,
        typer.Option(
            metavar="SPAN", help="Exit with 11 where a file is not there or its dates are older: 2d."
        ),
    ] = None,
    notify: arguments.Notify = None,
    to: arguments.To = None,
    quiet: arguments.Quiet = False,
    verbose: arguments.Verbose = False,
    no_color: arguments.NoColor = False,
    allow_remote: arguments.AllowRemote = False,
    max_size: arguments.MaxSize = None,
    rows: arguments.RowsFile = None,
    rejects: arguments.Rejects = None,
    show_values: arguments.ShowValues = False,
    strict: arguments.Strict = False,
    max_rejects: arguments.MaxRejects = None,
    record: arguments.Record = None,
) -> int:
    """Compute the KPIs of support exports, show or write them."""
    from cx_kpi.cli.options.appearance import appearance_of
    from cx_kpi.cli.outputs import browser as show
    from cx_kpi.cli.outputs import gate
    from cx_kpi.cli.outputs import output as out
    from cx_kpi.cli.outputs import rejects as aside
    from cx_kpi.cli.outputs import rows_file as table
    from cx_kpi.cli.outputs.dated_names import named
    from cx_kpi.cli.outputs.messages.sending import addressed, telling_late
    from cx_kpi.cli.outputs.recorded_run import recorded
    from cx_kpi.cli.outputs.verbose import WRITING, steps_of

    said = dict(locals())
    paths = inputs("report", files, tables)
    held = gate.gate(fail_on, max_age, only_news=only_news, quiet=quiet)
    limit = aside.bound(max_rejects)
    outputs = show.with_page(output, wanted=open_page)
    settings = read_settings(config, files or ())
    history = history_file(record, settings)
    asked = out.asked_for(format, outputs)
    look = appearance_of(settings, asked, charts=charts, template=template, to=to, full=verbose)
    told = addressed(notify or (), settings)
    options = _options(said | {"asked": asked}, tables, settings, look)
    steps = steps_of(options.language, config or in_use(files or ()), on=verbose)
    with telling_late(told, look, options.language):
        held.refuse_late(paths)
        _check(format, outputs, rows, rejects, paths, history)
        out.begin_charts(asked, look)
        done = _computed(options, steps, held, rows=rows)
    rows, rejects, *outputs = named([rows or "", rejects or "", *outputs], done, paths)
    beside = aside.handle(done, rejects, show_values=show_values, strict=strict, limit=limit)
    refuse_ruins_beyond(done, limit)
    if rows:
        beside.append(table.made(done, rows, show_values=show_values))
    made, problem = recorded(done, history)
    made = judged_against(made, against)
    steps(WRITING)
    code = write_report(made, held, outputs, look, told, said, beside=beside)
    steps.done(done.sources)
    if open_page:
        show.show(show.page_among(outputs))
    if problem:
        raise problem
    return code


def _options(said: "Mapping[str, Any]", tables: Tables, settings: "Settings", look: "Look") -> "Options":
    """The options of a run, from the words of the command line; raises `UsageProblem`."""
    plain = (
        "tz",
        "source_tz",
        "dayfirst",
        "quantiles",
        "memory",
        "lang",
        "as_of",
        "where",
        "allow_remote",
        "show_values",
    )
    return run_options(
        said["files"],
        tables,
        settings,
        **{name: said[name] for name in plain},
        **told_of(said, settings, look),
        cohort=pairs("--cohort", said["cohort"] or ()),
        max_size=size("--max-size", said["max_size"]),
    )


def told_of(said: "Mapping[str, Any]", settings: "Settings", look: "Look") -> "dict[str, Any]":
    """What a report tells of, whether it is made from rows or from parts; raises `UsageProblem`."""
    from cx_kpi.render.formats import named

    formats = [named(each) for each in (*said["asked"], *(["html"] if said["notify"] else []))]
    if said["against"] and said["compare"]:
        raise UsageProblem("--against and --compare both say what to compare with; leave one out")
    return {
        **comparison(said["compare"]),
        **window(said["since"], said["until"], said["last"]),
        "metrics": listed("--metrics", said["metrics"]),
        "by": cuts(said["by"]),
        "period": one_of("--period", said["period"], get_args(Grain)),
        "benchmarks": studies(said["benchmarks"], settings),
        "each_period": any(each.each_period for each in formats),
        "exhibits": any(each.shows_exhibits(look) for each in formats),
    }


def _computed(options: "Options", steps: "Verbose", held: "Gate", *, rows: str | None) -> "Run":
    """The run, unless its data is older than it may be."""
    from cx_kpi import api
    from cx_kpi.cli.outputs import rows_file as table
    from cx_kpi.cli.outputs.progress import progress
    from cx_kpi.cli.outputs.verbose import JUDGING

    with progress(options.language, steps) as tell:
        done = api.run(
            options, tell, keep=(table.TICKETS,) if rows or options.config.report.ticket_link else ()
        )
    steps(JUDGING)
    held.refuse_stale(done)
    return done


def refuse_ruins_beyond(done: "Run", limit: "Bound | None") -> None:
    """Raises where no row of a file counts, or most are damaged and no limit was set for that."""
    from cx_kpi import api

    api.refuse_unusable(done)
    if limit is None:
        api.refuse_ruins(done)


def _check(
    format: str | None,
    outputs: "Sequence[str]",
    rows: str | None,
    rejects: str | None,
    paths: "Sequence[str]",
    history: str | None,
) -> None:
    """Raises before any work is done where something cannot be written, or is being written."""
    from cx_kpi.cli.outputs import output as out
    from cx_kpi.cli.outputs import rows_file as table
    from cx_kpi.cli.outputs.dated_names import beforehand
    from cx_kpi.cli.outputs.recorded_run import refuse_history

    outputs = [beforehand(path) for path in outputs]
    rows, rejects = (path and beforehand(path) for path in (rows, rejects))
    out.check(format, outputs, paths)
    out.check_file(rejects, paths)
    refuse_history(history, [*paths, *outputs, rows, rejects])
    table.check(rows, paths)
    out.alone([*outputs, rows, rejects])


def write_report(
    made: "Report",
    held: "Gate",
    outputs: "Sequence[str]",
    look: "Look",
    told: "Sequence[Addressee]",
    said: "Mapping[str, Any]",
    *,
    beside: "Sequence[Output]",
) -> int:
    """Write the report and the files that go with it, and send what is found; gives the exit code."""
    from cx_kpi.cli.options.appearance import warn_of_mail
    from cx_kpi.cli.outputs import output as out
    from cx_kpi.cli.outputs.browser import page_among
    from cx_kpi.cli.outputs.gate import news
    from cx_kpi.cli.outputs.messages.sending import send

    kind, private = said["format"], said["show_values"]
    found = news(made)
    shown = held.shown(outputs or [out.STDOUT] * (not held.quiet), found)
    out.write(made, kind, shown, color=not said["no_color"], look=look, beside=beside, private=private)
    if not held.quiet:
        warn_of_mail(look, out.asked_for(kind, outputs), made.language)
    code = held.told(found, shown, made.language)
    if told and (found or not held.only_news):
        send(made, look, told, page_among(shown))
    return code


def judged_against(made: "Report", path: str | None) -> "Report":
    """The report judged against one that was saved, where one is named."""
    if not path:
        return made
    from cx_kpi.judge.additions.against import compared_with
    from cx_kpi.read.containers.saved_report import saved_report

    return compared_with(made, saved_report(path), path)

"""`cxkpi report`: the main job."""

from typing import Annotated, Literal, cast, get_args

import typer

from cx_kpi.cli.options import arguments
from cx_kpi.cli.options.parse import comparison, day, listed, one_of, pairs, size
from cx_kpi.cli.options.settings import by_table, in_use, inputs, read_settings, run_options, studies
from cx_kpi.model.errors import Exit, UsageProblem
from cx_kpi.model.options import Grain
from cx_kpi.model.report import Report
from cx_kpi.model.values import Status, Verdict

Failing = Literal["missed", "warning", "worse"]


def report(
    files: arguments.Files = None,
    format: Annotated[
        str | None,
        typer.Option(
            "--format", "-f", metavar="FORMAT", help="table (the default), json, csv, md, html, eml or xlsx."
        ),
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write here, format by suffix; may be repeated; - is stdout.",
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by", metavar="COLUMN[,COLUMN]", help="Cut by a column, or by several at once; may be repeated."
        ),
    ] = None,
    period: Annotated[
        str | None,
        typer.Option(
            metavar="LENGTH", help="day, week, month, quarter or year; by default what fits the window."
        ),
    ] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="First day of the window.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="First day after the window.")] = None,
    last: Annotated[
        str | None, typer.Option(metavar="SPAN", help="The last full periods: 3m, 12w, 1q, 30d, 1y.")
    ] = None,
    compare: arguments.Compare = None,
    against: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Judge the window against a report saved as JSON."),
    ] = None,
    benchmarks: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Figures of other studies to show beside ours, as TOML."),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="MOMENT", help="What is known at this moment; the latest timestamp by default."),
    ] = None,
    metrics: Annotated[
        str | None, typer.Option(metavar="ID[,ID]", help="Only these; see: cxkpi metrics")
    ] = None,
    cohort: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID=COHORT", help="Which rows a metric is about, such as resolution_time=created."
        ),
    ] = None,
    where: Annotated[
        str | None,
        typer.Option(metavar="CONDITION", help="Only rows such as: channel = 'email' and priority <> 'low'"),
    ] = None,
    tz: arguments.Tz = None,
    source_tz: arguments.SourceTz = None,
    dayfirst: arguments.DayFirst = None,
    config: arguments.Configuration = None,
    lang: arguments.Language = None,
    tickets: arguments.Tickets = None,
    surveys: arguments.Surveys = None,
    customers: arguments.Customers = None,
    customer_counts: arguments.CustomerCounts = None,
    orders: arguments.Orders = None,
    calls: arguments.Calls = None,
    ticket_events: arguments.TicketEvents = None,
    charts: Annotated[
        str | None,
        typer.Option(
            metavar="HOW", help="static, interactive (of a page) or none; a terminal draws with static."
        ),
    ] = None,
    template: Annotated[
        str | None,
        typer.Option(
            metavar="PATH", help="A template of your own for page or Markdown, or a folder of them."
        ),
    ] = None,
    open_page: Annotated[
        bool, typer.Option("--open", help="Open the page in a browser, in a folder of its own without -o.")
    ] = False,
    fail_on: Annotated[
        str | None,
        typer.Option(metavar="WHAT", help="Exit with 10 on: missed (a target), worse (a change) or warning."),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing but errors and the files asked for.")
    ] = False,
    verbose: arguments.Verbose = False,
    no_color: arguments.NoColor = False,
    allow_remote: arguments.AllowRemote = False,
    max_size: arguments.MaxSize = None,
    rows: arguments.RowsFile = None,
    rejects: arguments.Rejects = None,
    show_values: arguments.ShowValues = False,
    strict: arguments.Strict = False,
    max_rejects: arguments.MaxRejects = None,
) -> int:
    """Compute the KPIs of support exports, show or write them."""
    from cx_kpi import api
    from cx_kpi.cli.options import appearance as looks
    from cx_kpi.cli.outputs import browser as show
    from cx_kpi.cli.outputs import output as out
    from cx_kpi.cli.outputs import rejects as aside
    from cx_kpi.cli.outputs import rows_file as table
    from cx_kpi.cli.outputs.progress import progress
    from cx_kpi.cli.outputs.verbose import JUDGING, WRITING, steps_of
    from cx_kpi.judge.additions.against import compared_with
    from cx_kpi.read.containers.saved_report import saved_report

    tables = by_table(locals())
    paths = inputs("report", files, tables)
    failing = one_of("--fail-on", fail_on, get_args(Failing))
    limit = aside.bound(max_rejects)
    if since and last:
        raise UsageProblem("--since and --last both say where the window starts; leave one out")
    if against and compare:
        raise UsageProblem("--against and --compare both say what to compare with; leave one out")
    if open_page and not show.page_among(output or ()):
        output = [*(output or ()), show.page_of_its_own()]
    out.check(format, output or (), paths)
    out.check_file(rejects, paths)
    table.check(rows, paths)
    earlier = saved_report(against) if against else None
    settings = read_settings(config, files or ())
    formats = out.asked_for(format, output or ())
    look = looks.appearance_of(settings, formats, charts=charts, template=template)
    options = run_options(
        files,
        tables,
        settings,
        tz=tz,
        source_tz=source_tz,
        dayfirst=dayfirst,
        lang=lang,
        metrics=listed("--metrics", metrics),
        cohort=pairs("--cohort", cohort or ()),
        **comparison(compare),
        by=tuple(listed("--by", each) for each in by) if by else None,
        period=cast("Grain | None", one_of("--period", period, get_args(Grain))),
        since=day("--since", since),
        until=day("--until", until),
        last=last,
        as_of=as_of,
        benchmarks=studies(benchmarks, settings),
        where=where,
        allow_remote=allow_remote,
        max_size=size("--max-size", max_size),
    )
    steps = steps_of(options.language, config or in_use(files or ()), on=verbose)
    with progress(options.language, steps) as tell:
        done = api.run(options, tell, keep=(table.TICKETS,) if rows else ())
    steps(JUDGING)
    aside.handle(done, rejects, show_values=show_values, strict=strict, limit=limit)
    api.refuse_unusable(done)
    if rows:
        table.write(done, rows, show_values=show_values)
    made = api.told(done)
    if earlier:
        made = compared_with(made, earlier, against or "")
    steps(WRITING)
    if output or not quiet:
        out.write(made, format, output or (), color=not no_color, look=look)
    steps.done(made.sources)
    if not quiet:
        looks.warn_of_mail(look, formats, options.language)
    if open_page:
        show.show(show.page_among(output or ()))
    return Exit.MISSED if failing and fails(made, failing) else Exit.DONE


def fails(made: Report, on: str) -> bool:
    """Whether the report holds what should fail a run: a missed target, a change for the worse, a warning."""
    if on == "warning":
        return any(notice.level == "warning" for notice in made.notices)
    if on == "worse":
        return any(reading.verdict is Verdict.WORSENED for reading in made.metrics.values())
    judged = [reading.status for reading in made.metrics.values()]
    judged += [segment.status for segment in made.segments]
    return Status.MISSED in judged

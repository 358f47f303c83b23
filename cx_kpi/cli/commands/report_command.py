"""`cxkpi report`: the main job."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, cast, get_args

from cx_kpi.cli.options import arguments
from cx_kpi.cli.options.arguments import Failing
from cx_kpi.cli.options.parse import listed, one_of, pairs, size
from cx_kpi.cli.options.settings import (
    by_table,
    in_use,
    inputs,
    read_settings,
    run_options,
    window_options,
)
from cx_kpi.model.errors import Exit
from cx_kpi.model.options import Grain, Options
from cx_kpi.model.report import Report
from cx_kpi.model.values import Status, Verdict
from cx_kpi.render.formats import FORMATS

if TYPE_CHECKING:
    from cx_kpi.api import Run
    from cx_kpi.cli.outputs.rejects import Bound
    from cx_kpi.cli.outputs.verbose import Verbose


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
    as_of: arguments.AsOf = None,
    metrics: arguments.Metrics = None,
    cohort: arguments.Cohorts = None,
    where: arguments.Where = None,
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
    charts: arguments.ChartsOfPage = None,
    template: arguments.Template = None,
    open_page: arguments.OpenPage = False,
    fail_on: arguments.FailOn = None,
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
) -> int:
    """Compute the KPIs of support exports, print or write the report."""
    from cx_kpi.cli.options import appearance as looks
    from cx_kpi.cli.outputs import browser as show
    from cx_kpi.cli.outputs import output as out
    from cx_kpi.cli.outputs.rejects import bound
    from cx_kpi.cli.outputs.verbose import steps_of

    tables, outputs = by_table(locals()), _outputs(output, open_page=open_page)
    failing, limit = one_of("--fail-on", fail_on, get_args(Failing)), bound(max_rejects)
    window = window_options(since, until, last, compare, as_of)
    _check_places(inputs("report", files, tables), format, outputs, rejects, rows)
    settings = read_settings(config, files or ())
    formats = out.asked_for(format, outputs)
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
        by=tuple(listed("--by", each) for each in by) if by else None,
        period=cast("Grain | None", one_of("--period", period, get_args(Grain))),
        where=where,
        allow_remote=allow_remote,
        max_size=size("--max-size", max_size),
        show_values=show_values,
        **window,
    )
    steps = steps_of(options.language, config or in_use(files or ()), on=verbose)
    done = _run(options, steps, rejects, strict=strict, limit=limit, keep_rows=bool(rows))
    made = _made(done, rows, steps)
    if outputs or not quiet:
        out.write(made, format, outputs, color=not no_color, look=look)
    steps.done(made.sources)
    if not quiet:
        looks.warn_of_mail(look, formats, options.language)
    if open_page:
        show.show(show.page_among(outputs))
    return Exit.MISSED if failing and fails(made, failing) else Exit.DONE


def _outputs(output: Sequence[str] | None, *, open_page: bool) -> list[str]:
    """Where the report goes; a page to open is one of the outputs."""
    from cx_kpi.cli.outputs import browser as show

    outputs = [*(output or ())]
    return [*outputs, show.page_of_its_own()] if open_page and not show.page_among(outputs) else outputs


def _check_places(
    paths: Sequence[str], format: str | None, outputs: Sequence[str], rejects: str | None, rows: str | None
) -> None:
    """Raises before any work is done where something cannot be written as asked, or over an input."""
    from cx_kpi.cli.outputs import output as out
    from cx_kpi.cli.outputs import rows_file

    out.check(format, outputs, paths)
    out.check_file(rejects, paths)
    rows_file.check(rows, paths)


def _run(
    options: Options,
    steps: "Verbose",
    rejects: str | None,
    *,
    strict: bool,
    limit: "Bound | None",
    keep_rows: bool,
) -> "Run":
    """The figures, unless more was set aside than may be; what was is written to `rejects`."""
    from cx_kpi import api
    from cx_kpi.cli.outputs import rejects as aside
    from cx_kpi.cli.outputs.progress import progress
    from cx_kpi.cli.outputs.rows_file import TICKETS
    from cx_kpi.cli.outputs.verbose import JUDGING

    with progress(options.language, steps) as tell:
        done = api.run(options, tell, keep=(TICKETS,) if keep_rows else ())
    steps(JUDGING)
    aside.handle(done, rejects, show_values=options.show_values, strict=strict, limit=limit)
    api.refuse_unusable(done)
    if limit is None:
        api.refuse_ruins(done)
    return done


def _made(done: "Run", rows: str | None, steps: "Verbose") -> Report:
    """The report of a run, its rows written to a file where that is asked for."""
    from cx_kpi import api
    from cx_kpi.cli.outputs import rows_file
    from cx_kpi.cli.outputs.verbose import WRITING

    if rows:
        rows_file.write(done, rows, show_values=done.options.show_values)
    made = api.told(done)
    steps(WRITING)
    return made


def fails(made: Report, on: str) -> bool:
    """Whether the report holds what should fail a run: a missed target, a change for the worse, a warning."""
    if on == "warning":
        return any(notice.level == "warning" for notice in made.notices)
    if on == "worse":
        return any(reading.verdict is Verdict.WORSENED for reading in made.metrics.values())
    judged = [reading.status for reading in made.metrics.values()]
    judged += [segment.status for segment in made.segments]
    return Status.MISSED in judged

"""`cxkpi merge`: the report of several parts."""

from typing import TYPE_CHECKING, Annotated

import typer

from cx_kpi.cli.options import arguments
from cx_kpi.cli.options.settings import history_file, read_settings, run_options
from cx_kpi.cli.options.table_options import NO_TABLES
from cx_kpi.model.errors import UsageProblem
from cx_kpi.render.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Sequence


def merge(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="PARTS", help="Files that cxkpi build wrote.", show_default=False),
    ] = None,
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
    metrics: arguments.Metrics = None,
    config: arguments.Configuration = None,
    lang: arguments.Language = None,
    charts: arguments.Charts = None,
    template: arguments.Template = None,
    open_page: arguments.OpenPage = False,
    fail_on: arguments.FailOn = None,
    only_news: arguments.OnlyNews = False,
    notify: arguments.Notify = None,
    to: arguments.To = None,
    quiet: arguments.Quiet = False,
    no_color: arguments.NoColor = False,
    record: arguments.Record = None,
) -> int:
    """Make the report of several parts.

    Such as: cxkpi merge *.part -o group.html
    """
    from cx_kpi.cli.commands.report_command import judged_against, told_of, write_report
    from cx_kpi.cli.options.appearance import appearance_of
    from cx_kpi.cli.outputs import browser as show
    from cx_kpi.cli.outputs import gate
    from cx_kpi.cli.outputs import output as out
    from cx_kpi.cli.outputs.dated_names import beforehand, named
    from cx_kpi.cli.outputs.messages.sending import addressed
    from cx_kpi.cli.outputs.recorded_run import recorded, refuse_history
    from cx_kpi.store.parts.held.part_archive import read_part
    from cx_kpi.store.parts.merge.part_merge import merged

    said = dict(locals()) | {"show_values": False}
    paths = _parts(files)
    held = gate.gate(fail_on, None, only_news=only_news, quiet=quiet)
    outputs = show.with_page(output, wanted=open_page)
    settings = read_settings(config, ())
    planned = [beforehand(path) for path in outputs]
    history = (
        history_file(record, settings) if record else None
    )  # that of the settings is of reports on exports
    out.check(format, planned, paths)
    refuse_history(history, [*paths, *planned])
    out.alone(planned)
    formats = out.asked_for(format, outputs)
    look = appearance_of(settings, formats, charts=charts, template=template, to=to)
    told = addressed(notify or (), settings)
    asked = told_of(said | {"asked": formats}, settings, look)
    options = run_options(files, NO_TABLES, settings, tz=None, source_tz=None, lang=lang, **asked)
    out.begin_charts(formats, look)
    done = merged([read_part(path) for path in paths], options)
    outputs = named(outputs, done, paths)
    made, problem = recorded(done, history)
    made = judged_against(made, against)
    code = write_report(made, held, outputs, look, told, said, beside=())
    if open_page:
        show.show(show.page_among(outputs))
    if problem:
        raise problem
    return code


def _parts(files: "Sequence[str] | None") -> list[str]:
    """The parts that are meant; raises `CxkpiError`."""
    from cx_kpi.read.files import expand

    if not files:
        raise UsageProblem("no parts; name what cxkpi build wrote, for example: cxkpi merge *.part")
    return [str(file) for file in expand(files, (".part",))]

"""`cxkpi explain`: the receipt of a number."""

from functools import partial
from typing import Annotated

import typer

from cx_kpi.cli.options import arguments
from cx_kpi.cli.options.parse import comparison, cuts, pairs, window
from cx_kpi.cli.options.settings import history_file, in_use, inputs, read_settings, run_options, with_others
from cx_kpi.cli.options.table_options import NO_TABLES, Tables, with_tables
from cx_kpi.model.errors import Exit

FORMATS = {"table": (".txt",), "json": (".json",), "md": (".md", ".markdown")}


@with_tables
def explain(
    name: Annotated[str, typer.Argument(metavar="ID", help="The metric; see: cxkpi metrics")],
    files: arguments.Files = None,
    format: Annotated[str | None, arguments.formats(FORMATS)] = None,
    output: arguments.Outputs = None,
    by: arguments.By = None,
    since: arguments.Since = None,
    until: arguments.Until = None,
    last: arguments.Last = None,
    compare: arguments.Compare = None,
    as_of: arguments.AsOf = None,
    cohort: arguments.Cohorts = None,
    where: arguments.Where = None,
    tz: arguments.Tz = None,
    source_tz: arguments.SourceTz = None,
    dayfirst: arguments.DayFirst = None,
    config: arguments.Configuration = None,
    lang: arguments.Language = None,
    tables: Tables = NO_TABLES,
    rows: arguments.RowsFile = None,
    show_values: Annotated[
        bool, typer.Option("--show-values", help="Show what the rows hold, texts too, not their ids alone.")
    ] = False,
    verbose: arguments.Verbose = False,
    no_color: arguments.NoColor = False,
    allow_remote: arguments.AllowRemote = False,
    record: arguments.Record = None,
) -> int:
    """Show how one number is computed, and which rows are behind it."""
    from cx_kpi import api
    from cx_kpi.cli.outputs import output as out
    from cx_kpi.cli.outputs import rows_file as table
    from cx_kpi.cli.outputs.progress import progress
    from cx_kpi.cli.outputs.recorded_run import as_input
    from cx_kpi.cli.outputs.verbose import WRITING, steps_of
    from cx_kpi.cli.records.keep import past_of
    from cx_kpi.render.documents import receipt_document as sheet

    paths = inputs(f"explain {name}", files, tables)
    for path in output or ():
        out.check_file(path, paths)
    table.check(rows, paths)
    chosen = out.planned("explain", format, output, FORMATS)
    out.alone([*(output or ()), rows])
    settings = read_settings(config, files or ())
    past = history_file(record, settings, must_exist=bool(record))
    options = run_options(
        files,
        tables,
        settings,
        tz=tz,
        source_tz=source_tz,
        dayfirst=dayfirst,
        lang=lang,
        metrics=with_others(name, settings),
        by=cuts(by) or (),
        **window(since, until, last),
        as_of=as_of,
        where=where,
        cohort=pairs("--cohort", cohort or ()),
        **comparison(compare),
        allow_remote=allow_remote,
        show_values=show_values,
    )
    steps = steps_of(options.language, config or in_use(files or ()), on=verbose)
    with progress(options.language, steps) as tell, as_input():
        done, receipt = api.explain(
            name, options, tell, show_values=show_values, past_of=partial(past_of, past)
        )
    steps(WRITING)
    beside = [table.made(done, rows, metric=name, show_values=show_values)] if rows else []
    makers = {"table": sheet.render, "json": sheet.as_json, "md": sheet.markdown}
    read = [source.path for source in done.sources]
    out.write_each(
        receipt, makers, chosen, color=not no_color, inputs=read, beside=beside, private=show_values
    )
    steps.done(done.sources)
    return Exit.DONE

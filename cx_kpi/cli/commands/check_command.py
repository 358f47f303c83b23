"""`cxkpi check`: how good the data is, and what that does to the metrics."""

from typing import TYPE_CHECKING, Annotated

from cx_kpi.cli.options import arguments
from cx_kpi.cli.options.parse import size
from cx_kpi.cli.options.settings import in_use, inputs, read_settings, run_options
from cx_kpi.cli.options.table_options import NO_TABLES, Tables, with_tables
from cx_kpi.model.errors import Exit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cx_kpi.api import Run
    from cx_kpi.model.documents.quality import Quality
    from cx_kpi.render.files.atomic_write import Output

FORMATS = {"table": (".txt",), "json": (".json",), "md": (".md",), "html": (".html",)}


@with_tables
def check(
    files: arguments.Files = None,
    format: Annotated[str | None, arguments.formats(FORMATS)] = None,
    output: arguments.Outputs = None,
    tz: arguments.Tz = None,
    source_tz: arguments.SourceTz = None,
    dayfirst: arguments.DayFirst = None,
    config: arguments.Configuration = None,
    lang: arguments.Language = None,
    tables: Tables = NO_TABLES,
    allow_remote: arguments.AllowRemote = False,
    max_size: arguments.MaxSize = None,
    rejects: arguments.Rejects = None,
    show_values: arguments.ShowValues = False,
    strict: arguments.Strict = False,
    max_rejects: arguments.MaxRejects = None,
    verbose: arguments.Verbose = False,
    no_color: arguments.NoColor = False,
) -> int:
    """Show how good the data is, and what that does to the metrics."""
    from cx_kpi import api
    from cx_kpi.cli.outputs import output as out
    from cx_kpi.cli.outputs import rejects as aside
    from cx_kpi.cli.outputs.progress import progress
    from cx_kpi.cli.outputs.verbose import JUDGING, WRITING, steps_of

    paths = inputs("check", files, tables)
    limit = aside.bound(max_rejects)
    for path in (*(output or ()), rejects):
        out.check_file(path, paths)
    chosen = out.planned("check", format, output, FORMATS)
    out.alone([*(output or ()), rejects])
    settings = read_settings(config, files or ())
    options = run_options(
        files,
        tables,
        settings,
        tz=tz,
        source_tz=source_tz,
        dayfirst=dayfirst,
        lang=lang,
        allow_remote=allow_remote,
        max_size=size("--max-size", max_size),
        show_values=show_values,
    )
    steps = steps_of(options.language, config or in_use(files or ()), on=verbose)
    with progress(options.language, steps) as tell:
        done = api.run(options, tell, every=True)
    steps(JUDGING)
    beside: list[Output] = []
    try:
        beside = aside.handle(done, rejects, show_values=show_values, strict=strict, limit=limit)
    finally:
        quality = _assess(done)
        steps(WRITING)
        _write(quality, chosen, beside, color=not no_color, private=show_values)
        steps.done(done.sources)
    return Exit.DONE


def _assess(done: "Run") -> "Quality":
    from datetime import UTC, datetime

    from cx_kpi.judge.quality.quality_assess import assess

    return assess(done.loaded, done.results, done.notices, done.options, datetime.now(UTC))


def _write(
    quality: "Quality",
    chosen: "Sequence[tuple[str, str]]",
    beside: "Sequence[Output]",
    *,
    color: bool,
    private: bool,
) -> None:
    from cx_kpi.cli.outputs import output as out
    from cx_kpi.render.documents import quality_document as sheet

    makers = {"table": sheet.render, "json": sheet.as_json, "md": sheet.as_markdown, "html": sheet.as_page}
    inputs = [file.path for file in quality.files]
    out.write_each(quality, makers, chosen, color=color, inputs=inputs, beside=beside, private=private)

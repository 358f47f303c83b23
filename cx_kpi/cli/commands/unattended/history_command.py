"""`cxkpi history`: what runs with `--record` kept."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any, get_args

import typer

from cx_kpi.cli.options import arguments
from cx_kpi.cli.options.parse import day, one_of
from cx_kpi.cli.options.settings import chosen, history_file, read_settings, spoken
from cx_kpi.model.errors import Exit, UsageProblem

CHARTS = ("static", "none")
FORMATS = {"table": (".txt",), "json": (".json",), "csv": (".csv",)}


def history(
    name: Annotated[
        str | None, typer.Argument(metavar="ID", help="The metric; all of them by default.")
    ] = None,
    record: arguments.Record = None,
    format: Annotated[str | None, arguments.formats(FORMATS)] = None,
    output: arguments.Outputs = None,
    segment: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN[=VALUE]",
            help="Segments in place of the whole: channel, or channel=email; may be repeated.",
        ),
    ] = None,
    period: arguments.Period = None,
    since: arguments.Since = None,
    until: arguments.Until = None,
    charts: arguments.Charts = None,
    config: arguments.Configuration = None,
    lang: arguments.Language = None,
    no_color: arguments.NoColor = False,
) -> int:
    """Show the readings that runs with --record kept."""
    from cx_kpi.cli.outputs import output as out
    from cx_kpi.cli.records.history_shown import Asked
    from cx_kpi.metrics.registry import metric
    from cx_kpi.model.documents.recorded_history import PeriodName
    from cx_kpi.render.documents import history_document as sheet

    settings = read_settings(config, ())
    path = history_file(record, settings)
    if path is None:
        raise UsageProblem("history: no file; name it with --record FILE, or write record in cxkpi.toml")
    planned = out.planned("history", format, output, FORMATS)
    drawn = one_of("--charts", charts, CHARTS) == "static"
    for file in output or ():
        out.check_file(file, [path])
    out.alone(output or ())
    asked = Asked(
        metrics=(metric(name, settings.config).id,) if name else (),
        segment=_segment(segment or ()),
        period=one_of("--period", period, get_args(PeriodName)),
        since=day("--since", since),
        until=day("--until", until),
    )
    found = _read(path, asked, settings.config, lang)
    makers: dict[str, Callable[..., str]]
    makers = {"table": partial(sheet.render, charts=drawn), "json": sheet.as_json, "csv": sheet.as_csv}
    out.write_each(found, makers, planned, color=not no_color, inputs=[path])
    return Exit.DONE


def _segment(texts: list[str] | tuple[()]) -> Mapping[str, str | None]:
    """The columns that segments are of, and their values where they are said."""
    pairs = [text.partition("=") for text in texts]
    for text, (column, _, _) in zip(texts, pairs, strict=True):
        if not column.strip():
            raise UsageProblem(f"--segment {text!r} names no column; write it as channel, or channel=email")
    return {column.strip(): value.strip() if said else None for column, said, value in pairs}


def _read(path: str, asked: Any, config: Any, lang: str | None) -> Any:
    """The history; one that cannot be read is an input that cannot."""
    from cx_kpi.cli.outputs.recorded_run import as_input
    from cx_kpi.cli.records.history_shown import history as shown
    from cx_kpi.wording.language import LANGUAGES, Language

    language = Language(chosen("lang", one_of("--lang", lang, LANGUAGES), config) or spoken())
    with as_input():
        return shown(path, asked, config, language)

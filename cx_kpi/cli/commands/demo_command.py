"""`cxkpi demo`: the report on the sample company that comes with the package."""

from typing import Annotated

import typer


def demo(
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="table (the default), json, csv, md, html, eml, xlsx, slack, telegram, junit, openmetrics, "
            "ndjson or parquet.",
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
    lang: Annotated[str | None, typer.Option(metavar="LANGUAGE", help="en or ru.")] = None,
    last: Annotated[
        str | None, typer.Option(metavar="SPAN", help="The last full periods: 3m, 12w, 1q, 30d, 1y.")
    ] = None,
    no_color: Annotated[bool, typer.Option("--no-color", help="Plain text.")] = False,
) -> int:
    """Show the report on 18 months of a made-up company."""
    from cx_kpi.cli.commands.report_command import report
    from cx_kpi.model.assets import folder
    from cx_kpi.normalise.config.read_config import NAME

    sample = folder("sample_data")
    return report(
        [str(sample)],
        config=str(sample / NAME),
        format=format,
        output=output,
        lang=lang,
        last=last,
        no_color=no_color,
    )

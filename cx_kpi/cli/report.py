"""`cxkpi report`: the main job."""

from typing import Annotated, Literal, cast, get_args

import typer

from cx_kpi.cli.parse import day, listed, one_of
from cx_kpi.errors import Exit, UsageProblem
from cx_kpi.options import Config, Grain, Lang, Options
from cx_kpi.report import Report, Status, Verdict

Failing = Literal["missed", "warning", "worse"]


def report(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILES OR FOLDERS",
            help="Exports; tables are recognised by their headers.",
            show_default=False,
        ),
    ] = None,
    format: Annotated[
        str | None,
        typer.Option("--format", "-f", metavar="FORMAT", help="table (the default), json, csv, md or html."),
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
    as_of: Annotated[
        str | None,
        typer.Option(metavar="MOMENT", help="What is known at this moment; the latest timestamp by default."),
    ] = None,
    metrics: Annotated[
        str | None, typer.Option(metavar="ID[,ID]", help="Only these; see: cxkpi metrics")
    ] = None,
    where: Annotated[
        str | None,
        typer.Option(metavar="CONDITION", help="Only rows such as: channel = 'email' and priority <> 'low'"),
    ] = None,
    tz: Annotated[
        str | None, typer.Option(metavar="ZONE", help="Time zone of the report, for example Europe/Moscow.")
    ] = None,
    source_tz: Annotated[
        str | None, typer.Option(metavar="ZONE", help="Time zone of dates in the files that name none.")
    ] = None,
    config: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Configuration; cxkpi.toml here or in the folder by default."),
    ] = None,
    lang: Annotated[str | None, typer.Option(metavar="LANGUAGE", help="en or ru.")] = None,
    tickets: Annotated[
        list[str] | None, typer.Option(metavar="FILE", help="This file holds tickets.")
    ] = None,
    surveys: Annotated[
        list[str] | None, typer.Option(metavar="FILE", help="This file holds surveys.")
    ] = None,
    customers: Annotated[
        list[str] | None, typer.Option(metavar="FILE", help="This file holds customers.")
    ] = None,
    customer_counts: Annotated[
        list[str] | None, typer.Option(metavar="FILE", help="This file holds customers' totals per period.")
    ] = None,
    orders: Annotated[list[str] | None, typer.Option(metavar="FILE", help="This file holds orders.")] = None,
    calls: Annotated[list[str] | None, typer.Option(metavar="FILE", help="This file holds calls.")] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(metavar="WHAT", help="Exit with 10 on: missed (a target), worse (a change) or warning."),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing but errors and the files asked for.")
    ] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="Plain text.")] = False,
) -> int:
    """Compute the KPIs of support exports, print or write the report."""
    from cx_kpi.api import make_report
    from cx_kpi.cli import output as out

    named = {
        "tickets": tickets,
        "surveys": surveys,
        "customers": customers,
        "customer_counts": customer_counts,
        "orders": orders,
        "calls": calls,
    }
    explicit = tuple((table, path) for table, paths in named.items() for path in paths or ())
    paths = tuple(files or ())
    inputs = [*paths, *(path for _, path in explicit)]
    failing = one_of("--fail-on", fail_on, get_args(Failing))
    if since and last:
        raise UsageProblem("--since and --last both say where the window starts; leave one out")
    out.check(format, output or (), inputs)
    settings = read_settings(config, paths)
    options = Options(
        paths=paths,
        explicit=explicit,
        metrics=listed(metrics),
        by=tuple(listed(each) for each in by) if by else None,
        period=cast("Grain | None", one_of("--period", period, get_args(Grain))),
        since=day("--since", since),
        until=day("--until", until),
        last=last,
        as_of=as_of,
        where=where,
        timezone=tz or settings.timezone or "UTC",
        source_timezone=source_tz or settings.source_timezone,
        language=cast("Lang", one_of("--lang", lang, get_args(Lang)) or settings.language or "en"),
        config=settings,
    )
    made = make_report(options)
    if output or not quiet:
        out.write(made, format, output or (), color=not no_color)
    return Exit.MISSED if failing and fails(made, failing) else Exit.DONE


def read_settings(config: str | None, paths: tuple[str, ...]) -> Config:
    """The configuration named, else `cxkpi.toml` in the working folder, else in the one folder to read."""
    from pathlib import Path

    from cx_kpi.normalise.config import read_config

    beside = Path(paths[0]) / "cxkpi.toml" if len(paths) == 1 else None
    if config is None and not Path("cxkpi.toml").exists() and beside and beside.is_file():
        return read_config(str(beside))
    return read_config(config)


def fails(made: Report, on: str) -> bool:
    """Whether the report holds what should fail a run: a missed target, a change for the worse, a warning."""
    if on == "warning":
        return any(notice.level == "warning" for notice in made.notices)
    if on == "worse":
        return any(reading.verdict is Verdict.WORSENED for reading in made.metrics.values())
    judged = [reading.status for reading in made.metrics.values()]
    judged += [segment.status for segment in made.segments]
    return Status.MISSED in judged

"""Options that several commands share, each declared once; those in `CONFIGURED` can also be set in the configuration."""

from collections.abc import Iterable
from typing import Annotated, Any, get_args

import typer

from cx_kpi.model.options import Grain

CONFIGURED = {  # option: its key in `cxkpi.toml`; what the command line says goes before it
    "tz": "timezone",
    "source_tz": "source_timezone",
    "lang": "language",
    "dayfirst": "dayfirst",
    "quantiles": "quantiles",
    "memory": "memory",
}


def either(names: Iterable[str]) -> str:
    """`a, b or c`."""
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last


def formats(known: Iterable[str]) -> Any:
    """The option that chooses among the formats of a command, the first of which is the default."""
    default, *others = known
    text = f"{either([f'{default} (the default)', *others])}."
    return typer.Option("--format", "-f", metavar="FORMAT", help=text)


OUTPUT = typer.Option("--output", "-o", metavar="FILE", help="Write here; - is stdout.")
Output = Annotated[str | None, OUTPUT]
Outputs = Annotated[
    list[str] | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Write here, format by suffix; may be repeated; - is stdout."
    ),
]

Files = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FILES OR FOLDERS",
        help="Exports; tables are recognised by their headers.",
        show_default=False,
    ),
]
By = Annotated[
    list[str] | None,
    typer.Option(
        "--by", metavar="COLUMN[,COLUMN]", help="Cut by a column, or by several at once; may be repeated."
    ),
]
Since = Annotated[str | None, typer.Option(metavar="DATE", help="First day of the window.")]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="First day after the window.")]
Last = Annotated[
    str | None, typer.Option(metavar="SPAN", help='The last full periods: 3m, 12w, 1q, 30d, 1y, "2 weeks".')
]
Compare = Annotated[
    str | None,
    typer.Option(
        metavar="WITH",
        help="previous: the span before (the default); year: that of the year before; or a span: "
        "2026-01-01..2026-03-01.",
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(metavar="MOMENT", help="What is known at this moment; the latest timestamp by default."),
]
Cohorts = Annotated[
    list[str] | None,
    typer.Option(
        "--cohort", metavar="ID=COHORT", help="Which rows a metric is about, such as resolution_time=created."
    ),
]
Where = Annotated[
    str | None,
    typer.Option(metavar="CONDITION", help="Only rows such as: channel = 'email' and priority <> 'low'"),
]
Charts = Annotated[
    str | None,
    typer.Option(
        metavar="HOW", help="static, interactive (of a page) or none; a terminal draws with static."
    ),
]
Period = Annotated[
    str | None,
    typer.Option(metavar="LENGTH", help=f"{either(get_args(Grain))}; by default what fits the window."),
]
RowsFile = Annotated[
    str | None,
    typer.Option(
        "--rows",
        metavar="FILE",
        help="Write a line for each row, with everything computed for it, as .csv or .parquet.",
    ),
]
Tz = Annotated[
    str | None, typer.Option(metavar="ZONE", help="Time zone of the report, for example Europe/Moscow.")
]
SourceTz = Annotated[
    str | None, typer.Option(metavar="ZONE", help="Time zone of dates in the files that name none.")
]
DayFirst = Annotated[
    bool | None,
    typer.Option(
        "--dayfirst/--monthfirst",
        help="03/04/2026 is 3 April, or 4 March; by default the other dates of the file decide.",
        show_default=False,
    ),
]
Quantiles = Annotated[
    str | None,
    typer.Option(
        metavar="HOW", help="Medians and percentiles: exact (the default), or fast, which is within 0.8%."
    ),
]
Memory = Annotated[
    str | None,
    typer.Option(
        metavar="SIZE",
        help="Memory that tickets may take, such as 4GB; more of them wait on the disk. By default half of the machine's.",
    ),
]
Configuration = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="Configuration; by default cxkpi.toml here or in the folder, or [tool.cxkpi] of pyproject.toml.",
    ),
]
Language = Annotated[
    str | None,
    typer.Option(
        metavar="LANGUAGE", help="en or ru; by default that of the configuration, else of LC_ALL or LANG."
    ),
]
Rejects = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Write the rows set aside here, as CSV: where each was, and why."),
]
ShowValues = Annotated[
    bool,
    typer.Option(
        "--show-values", help="Show what cells hold, in messages and with --rejects; else their shape alone."
    ),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Exit with 3 where any row is damaged, and write no report.")
]
MaxRejects = Annotated[
    str | None,
    typer.Option(metavar="N or N%", help="Exit with 3 where more rows than this are set aside."),
]
AllowRemote = Annotated[
    bool, typer.Option("--allow-remote", help="Read addresses: https://, http://, s3://, gs:// and az://.")
]
MaxSize = Annotated[
    str | None,
    typer.Option(metavar="SIZE", help="Let a packed file unpack to so much, for example 20G."),
]
Verbose = Annotated[
    bool,
    typer.Option(
        "--verbose",
        "-v",
        help="Say on stderr what is read, and how long each step takes. A report shows long lists in full.",
    ),
]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print nothing but errors and the files asked for.")
]
Metrics = Annotated[str | None, typer.Option(metavar="ID[,ID]", help="Only these; see: cxkpi metrics")]
FailOn = Annotated[
    str | None,
    typer.Option(metavar="WHAT", help="Exit with 10 on: missed (a target), worse (a change) or warning."),
]
Notify = Annotated[
    list[str] | None,
    typer.Option(
        metavar="WHOM",
        help="Send the findings to a chat, a mailbox and the like: env:NAME, file:PATH or a name of [notify].",
    ),
]
To = Annotated[
    str | None,
    typer.Option(metavar="ADDRESSES", help="Whom a mail is for; by default as in the configuration, [mail]."),
]
Record = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="The history of readings: a report keeps them in it and is judged by it; by default as configured.",
    ),
]
NoColor = Annotated[bool, typer.Option("--no-color", help="Plain text.")]
Against = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Judge the window against a report saved as JSON."),
]
Benchmarks = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Figures of other studies to show beside ours, as TOML."),
]
Template = Annotated[
    str | None,
    typer.Option(metavar="PATH", help="A template of your own for page or Markdown, or a folder of them."),
]
OpenPage = Annotated[
    bool, typer.Option("--open", help="Open the page in a browser, in a folder of its own without -o.")
]
OnlyNews = Annotated[
    bool,
    typer.Option(
        "--only-news", help="Print only where a target is missed, a change is worse, or files warn."
    ),
]

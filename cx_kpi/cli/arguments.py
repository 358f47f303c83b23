"""Options that several commands share."""

from typing import Annotated

import typer

Files = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FILES OR FOLDERS",
        help="Exports; tables are recognised by their headers.",
        show_default=False,
    ),
]
Tz = Annotated[
    str | None, typer.Option(metavar="ZONE", help="Time zone of the report, for example Europe/Moscow.")
]
SourceTz = Annotated[
    str | None, typer.Option(metavar="ZONE", help="Time zone of dates in the files that name none.")
]
Configuration = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Configuration; cxkpi.toml here or in the folder by default."),
]
Language = Annotated[str | None, typer.Option(metavar="LANGUAGE", help="en or ru.")]
Tickets = Annotated[list[str] | None, typer.Option(metavar="FILE", help="This file holds tickets.")]
Surveys = Annotated[list[str] | None, typer.Option(metavar="FILE", help="This file holds surveys.")]
Customers = Annotated[list[str] | None, typer.Option(metavar="FILE", help="This file holds customers.")]
CustomerCounts = Annotated[
    list[str] | None, typer.Option(metavar="FILE", help="This file holds customers' totals per period.")
]
Orders = Annotated[list[str] | None, typer.Option(metavar="FILE", help="This file holds orders.")]
Calls = Annotated[list[str] | None, typer.Option(metavar="FILE", help="This file holds calls.")]
Rejects = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Write the rows set aside here, as CSV: where each was, and why."),
]
ShowValues = Annotated[
    bool, typer.Option("--show-values", help="With --rejects: also what the rows set aside hold.")
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Exit with 3 where any row is damaged, and write no report.")
]
MaxRejects = Annotated[
    str | None,
    typer.Option(metavar="N or N%", help="Exit with 3 where more rows than this are set aside."),
]
AllowRemote = Annotated[
    bool, typer.Option("--allow-remote", help="Read addresses: https://, http://, s3:// and gs://.")
]
NoColor = Annotated[bool, typer.Option("--no-color", help="Plain text.")]

"""`cxkpi schema`: the JSON Schema of what the commands print."""

import json
import sys
from typing import Annotated, Literal, get_args

import typer

Of = Literal["report", "explain", "check"]


def schema(
    of: Annotated[str, typer.Argument(metavar="COMMAND", help="report, explain or check.")] = "report",
) -> None:
    """Print the JSON Schema of what a command writes with -f json."""
    from cx_kpi import quality, receipt, report
    from cx_kpi.cli.parse import one_of

    one_of("schema", of, get_args(Of))
    makers = {"explain": receipt.json_schema, "check": quality.json_schema}
    made = makers.get(of, report.json_schema)()
    sys.stdout.write(json.dumps(made, indent=2, ensure_ascii=False) + "\n")

"""`cxkpi schema`: the JSON Schema of what the commands print."""

import json
import sys
from typing import Annotated, Literal, get_args

import typer

Of = Literal["report", "explain"]


def schema(
    of: Annotated[str, typer.Argument(metavar="COMMAND", help="report or explain.")] = "report",
) -> None:
    """Print the JSON Schema of what report -f json writes, or explain."""
    from cx_kpi import receipt, report
    from cx_kpi.cli.parse import one_of

    one_of("schema", of, get_args(Of))
    made = receipt.json_schema() if of == "explain" else report.json_schema()
    sys.stdout.write(json.dumps(made, indent=2, ensure_ascii=False) + "\n")

"""`cxkpi schema`: the JSON Schema of what the commands print."""

from typing import Annotated, Literal, get_args

import typer

from cx_kpi.cli.options.arguments import either

Of = Literal["report", "explain", "check", "history"]


def schema(
    of: Annotated[str, typer.Argument(metavar="COMMAND", help=f"{either(get_args(Of))}.")] = "report",
) -> None:
    """Print the JSON Schema of what a command writes with -f json."""
    import json

    from cx_kpi.cli.options.parse import one_of
    from cx_kpi.cli.outputs.output import put
    from cx_kpi.model.documents.json_schema import json_schema
    from cx_kpi.model.documents.quality import Quality
    from cx_kpi.model.documents.receipt import Receipt
    from cx_kpi.model.documents.recorded_history import History
    from cx_kpi.model.report import Report

    one_of("schema", of, get_args(Of))
    kind: type = {"explain": Receipt, "check": Quality, "history": History}.get(of, Report)
    made = json_schema(kind, f"cxkpi {of}")
    put(json.dumps(made, indent=2, ensure_ascii=False) + "\n", "json")

"""The options of tables, such as `--tickets`: declared once, and given to a command as one value."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from inspect import Parameter, signature
from typing import Annotated, Any

import typer

from cx_kpi.model.schema import TABLES

_HOLDS = {
    "customer_counts": "customers' totals per period",
    "ticket_events": "ticket events: changes of status, replies",
}
Tables = Mapping[str, Sequence[str] | None]  # the files of each table
NO_TABLES: Tables = {}


def with_tables(command: Callable[..., int]) -> Callable[..., int]:
    """The command with an option for each table, in the place of its parameter `tables`."""

    @wraps(command)
    def taken(*files: Any, **said: Any) -> int:
        tables = {name: said.pop(name, None) for name in TABLES}
        return command(*files, **said, tables=tables)

    own = signature(command)
    shown = [
        each for one in own.parameters.values() for each in (_OPTIONS if one.name == "tables" else (one,))
    ]
    taken.__dict__["__signature__"] = own.replace(parameters=shown)
    taken.__annotations__ = {each.name: each.annotation for each in shown} | {"return": int}
    return taken


def _option(name: str) -> Parameter:
    text = f"This file holds {_HOLDS.get(name, name)}."
    kind = Annotated[list[str] | None, typer.Option(metavar="FILE", help=text)]
    return Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=kind)


_OPTIONS = tuple(map(_option, TABLES))

"""`cxkpi mcp`: the reports of a folder for an assistant, over standard input and output."""

from pathlib import Path
from typing import Annotated

import typer

from cx_kpi.cli.options import arguments
from cx_kpi.model.errors import MissingFile, UsageProblem, missing_package


def mcp(
    place: Annotated[str, typer.Argument(metavar="FOLDER", help="The exports an assistant may ask about.")],
    config: arguments.Configuration = None,
    lang: arguments.Language = None,
) -> None:
    """Answer an assistant's questions about a folder of exports.

    It speaks the Model Context Protocol over standard input and output. It reads and never writes.
    """
    from importlib.util import find_spec

    from cx_kpi.cli.assistants.asked_folder import Desk
    from cx_kpi.cli.options.parse import one_of
    from cx_kpi.wording.language import LANGUAGES

    if not Path(place).is_dir():
        raise MissingFile(f"{place}: is no folder; name one that holds exports")
    if not find_spec("mcp"):
        raise UsageProblem(missing_package("mcp", "mcp"))
    from cx_kpi.cli.assistants.tools import server

    server(Desk(Path(place), config, one_of("--lang", lang, LANGUAGES))).run("stdio")

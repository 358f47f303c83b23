"""The tools of `cxkpi mcp`; what is said of them here is all that an assistant knows of us."""

import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, TextContent, Tool, ToolAnnotations
from pydantic import ValidationError

from cx_kpi import __version__
from cx_kpi.cli.assistants import guide_search, told_figures
from cx_kpi.cli.assistants.asked_folder import Desk, period
from cx_kpi.cli.assistants.told_metrics import of_metrics
from cx_kpi.model.errors import CxkpiError

ABOUT = (
    "Customer-service KPIs of a folder of support exports, counted by cxkpi. Quote a figure with its n and interval."
    " Where a verdict says inconclusive or no change, say so. Name what left_out and notices say was not counted."
    " Never count from raw files yourself. Lengths of time are in seconds, shares are between 0 and 1."
)
READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
LIST = 'a list of texts, such as ["csat"]'
Names = list[str]
P = ParamSpec("P")


class Server(MCPServer[Any]):
    """A server that says plainly which arguments are unknown, lacking or of another kind."""

    async def call_tool(self, name: str, arguments: dict[str, Any], context: Any = None) -> Any:
        """Call a tool; raises `ToolError` for arguments that it cannot take."""
        tool = next((each for each in await self.list_tools() if each.name == name), None)
        known = tool.input_schema.get("properties", {}) if tool else arguments
        if strange := sorted(arguments.keys() - set(known)):
            raise ToolError(f"{name} takes no {', '.join(strange)}; it takes {', '.join(known)}")
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as problem:
            if tool is None or not isinstance(problem.__cause__, ValidationError):
                raise
            raise ToolError(_plainly(tool, problem.__cause__)) from None


def _plainly(tool: Tool, problem: ValidationError) -> str:
    """What a tool needs, or which kinds of values it takes."""
    found = {str(each["loc"][0]): each["type"] for each in problem.errors()}
    if lacking := [name for name, kind in found.items() if kind == "missing"]:
        return f"{tool.name} needs {' and '.join(lacking)}. {str(tool.description).splitlines()[0]}"
    listed = {name for name in found if "array" in json.dumps(tool.input_schema["properties"][name])}
    kinds = (f"{name} as {LIST if name in listed else 'a text'}" for name in found)
    return f"{tool.name} takes {', '.join(kinds)}"


def server(desk: Desk) -> Server:
    """A server of one folder; it keeps nothing between two questions."""
    made = Server("cxkpi", version=__version__, instructions=ABOUT)
    for tool in _tools(desk):
        made.add_tool(_said(tool), annotations=READS)
    return made


def _tools(desk: Desk) -> Sequence[Callable[..., Any]]:
    def list_metrics(group: str = "", metric: str = "") -> dict[str, Any]:
        """The metrics there are, by group and id with title and unit, and what may be cut by.

        group: one group, with a line on what each of its metrics says. metric: one id, with all about it: formula,
        clock, columns, target.
        """
        return of_metrics(desk, group, metric)

    def report(
        metrics: Names | None = None,
        by: Names | None = None,
        since: str = "",
        until: str = "",
        last: str = "",
    ) -> dict[str, Any]:
        """Findings, figures with n, 95% interval, target, status, change and verdict, and what was left out.

        metrics: ids of list_metrics; without any, those that matter first are told and only the values of the rest.
        by: cuts, for segments. since, until: dates (until is not included). last: the last full periods, such as
        3m, 12w or 1q.
        """
        window, names, cut = {"since": since, "until": until, "last": last}, metrics or (), by or ()
        return told_figures.of_report(desk.asked("report", metrics=names, by=cut, **window), names, cut)

    def explain(metric: str, since: str = "", until: str = "", last: str = "") -> dict[str, Any]:
        """How one figure came about: formula, rows left out step by step, method, interval, what changed it."""
        return told_figures.of_receipt(desk.asked("explain", metric, since=since, until=until, last=last))

    def compare(before: str, after: str, metrics: Names | None = None) -> dict[str, Any]:
        """One period judged against another, such as 2026-01 and 2026-02: what changed beyond chance."""
        names = metrics or ()
        return told_figures.of_report(
            desk.asked("compare", period(before), period(after), metrics=names), names
        )

    def search_guide(words: str) -> list[dict[str, str]]:
        """What the guide says: definitions, settings, how to read a verdict."""
        from cx_kpi.cli.commands.guide_command import pages

        return guide_search.found(
            {each.name: each.path.read_text(encoding="utf-8") for each in pages()}, words
        )

    return list_metrics, report, explain, compare, search_guide


def _answered(answer: Any) -> CallToolResult:
    """An answer as one short text, and as values for whoever reads those."""
    text = TextContent(type="text", text=json.dumps(answer, ensure_ascii=False, separators=(",", ":")))
    whole = answer if isinstance(answer, dict) else {"result": answer}
    return CallToolResult(content=[text], structured_content=whole)


def _said(tool: Callable[P, Any]) -> Callable[P, CallToolResult]:
    """The tool, whose problems become answers that an assistant can act on."""

    @wraps(tool)
    def safe(*args: P.args, **kwargs: P.kwargs) -> CallToolResult:
        try:
            return _answered(tool(*args, **kwargs))
        except CxkpiError as problem:
            raise ToolError(str(problem)) from None

    return safe

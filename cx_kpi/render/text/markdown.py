"""The report as Markdown that renders on GitHub; every text in it is shown as it is, whatever it holds."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cx_kpi.model.chart_data import ChartKind
from cx_kpi.model.frozen import as_dict
from cx_kpi.model.options import Look
from cx_kpi.model.report import Report
from cx_kpi.render.elements.page_size import for_page
from cx_kpi.render.elements.report_view import Picture, View
from cx_kpi.render.elements.spark import blocks
from cx_kpi.render.files.json import as_plain
from cx_kpi.render.templating.template_values import context, environment, readable
from cx_kpi.render.templating.user import fill
from cx_kpi.render.view.present import view
from cx_kpi.wording.language import Language

if TYPE_CHECKING:
    from jinja2 import BaseLoader
    from markupsafe import Markup

OVER_TIME = {ChartKind.LINES, ChartKind.STACK}
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_MEANT = re.compile(r"([\\`*_\[\]|~$])")
_BLOCK = re.compile(r"^(\d*)([-+.)](?=[\s-]|$)|=)")  # what begins a list or underlines a heading
_LINK = re.compile(r"(?i)(https?|ftp|www)([:.])")
_CALL = re.compile("([@#])")  # a person, an address, an issue: found after the escapes are gone


def render(report: Report, look: Look | None = None) -> str:
    """The report as Markdown text."""
    look = look or Look()
    seen = view(for_page(report), look)
    shown = context(seen) | {"pictures": _pictures(seen)}
    if look.template:
        return fill(__name__, shown | {"report": as_plain(report)}, report.language, look.template)
    return compose(shown, report.language)


def compose(shown: Mapping[str, Any], code: str, loader: "BaseLoader | None" = None) -> str:
    """The Markdown of a context, from these templates, else ours."""
    sandbox = environment(Language(code), finalize=finalize, loader=loader)
    return sandbox.get_template("report.md").render(shown)


def _pictures(seen: View) -> dict[str, list[dict[str, Any]]]:
    """The pictures of each group: a sparkline for each line over time, and the table."""
    by_group: dict[str, list[dict[str, Any]]] = {group.id: [] for group in seen.groups}
    for picture in seen.pictures:
        by_group.setdefault(picture.group, []).append(
            {
                "title": picture.title,
                "about": picture.about,
                "lines": _lines(picture) if picture.kind in OVER_TIME else [],
                "table": as_dict(readable(picture.table)),
            }
        )
    return by_group


def _lines(picture: Picture) -> list[dict[str, str]]:
    drawn = [blocks(values) for values in picture.values]
    return [{"name": name, "blocks": line} for name, line in zip(picture.names, drawn, strict=True) if line]


def finalize(value: Any) -> "Markup":
    """What a template writes, escaped."""
    from markupsafe import Markup

    return value if isinstance(value, Markup) else Markup(escape(str(value)))  # noqa: S704


def escape(text: str) -> str:
    """The text such that Markdown and HTML in it are only characters."""
    text = re.sub(r"[&<>]", lambda found: _ENTITIES[found[0]], text.strip())
    text = _BLOCK.sub(r"\1\\\2", _MEANT.sub(r"\\\1", text))
    return _CALL.sub("\\1\u2060", _LINK.sub(r"\1\\\2", text))

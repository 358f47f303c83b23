"""The report as Markdown that renders on GitHub; every text in it is shown as it is, whatever it holds."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cx_kpi.language import Language
from cx_kpi.options import Look
from cx_kpi.render.json import as_plain
from cx_kpi.render.own import fill
from cx_kpi.render.page import context, environment
from cx_kpi.render.present import view
from cx_kpi.report import Report

if TYPE_CHECKING:
    from jinja2 import BaseLoader
    from markupsafe import Markup

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_MEANT = re.compile(r"([\\`*_\[\]|~$])")
_BLOCK = re.compile(r"^(\d*)([-+.)](?=[\s-]|$)|=)")  # what begins a list or underlines a heading
_LINK = re.compile(r"(?i)(https?|ftp|www)([:.])")
_CALL = re.compile("([@#])")  # a person, an address, an issue: found after the escapes are gone


def render(report: Report, look: Look | None = None) -> str:
    """The report as Markdown text."""
    look = look or Look()
    shown = context(view(report, look))
    if look.template:
        return fill(__name__, shown | {"report": as_plain(report)}, report.language, look.template)
    return compose(shown, report.language)


def compose(shown: Mapping[str, Any], code: str, loader: "BaseLoader | None" = None) -> str:
    """The Markdown of a context, from these templates, else ours."""
    sandbox = environment(Language(code), finalize=_finalize, loader=loader)
    return sandbox.get_template("report.md").render(shown)


def _finalize(value: Any) -> "Markup":
    from markupsafe import Markup

    return value if isinstance(value, Markup) else Markup(escape(str(value)))  # noqa: S704


def escape(text: str) -> str:
    """The text such that Markdown and HTML in it are only characters."""
    text = re.sub(r"[&<>]", lambda found: _ENTITIES[found[0]], text.strip())
    text = _BLOCK.sub(r"\1\\\2", _MEANT.sub(r"\\\1", text))
    return _CALL.sub("\\1\u2060", _LINK.sub(r"\1\\\2", text))

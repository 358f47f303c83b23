"""The report as one HTML page that needs nothing else: no script, no network, its style inside."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
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


def render(report: Report, look: Look | None = None) -> str:
    """The report as HTML text."""
    look = look or Look()
    shown = context(view(report, look))
    if look.template:
        return fill(__name__, shown | {"report": as_plain(report)}, report.language, look.template)
    return compose(shown, report.language)


def compose(shown: Mapping[str, Any], code: str, loader: "BaseLoader | None" = None) -> str:
    """The page of a context, from these templates, else ours."""
    from markupsafe import Markup

    sandbox = environment(Language(code), loader=loader)
    style = sandbox.get_template("parts/report.css").render()
    allowed = b64encode(sha256(style.encode()).digest()).decode()
    more = {"style": Markup(style), "style_hash": allowed}  # noqa: S704
    return sandbox.get_template("report.html").render({**shown, **more})

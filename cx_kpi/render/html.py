"""The report as one HTML page that needs nothing else: no script, no network, its style inside."""

from base64 import b64encode
from hashlib import sha256

from cx_kpi.language import Language
from cx_kpi.options import Look
from cx_kpi.render.page import context, environment
from cx_kpi.render.present import view
from cx_kpi.report import Report


def render(report: Report, look: Look | None = None) -> str:
    """The report as HTML text."""
    from markupsafe import Markup

    sandbox = environment(Language(report.language))
    style = sandbox.get_template("parts/report.css").render()
    allowed = b64encode(sha256(style.encode()).digest()).decode()
    shown = context(view(report, look)) | {"style": Markup(style), "style_hash": allowed}  # noqa: S704
    return sandbox.get_template("report.html").render(shown)

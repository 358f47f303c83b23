"""The report as a text in the HTML that Telegram takes (`parse_mode=HTML`), to be sent by another program."""

from html import escape

from cx_kpi.model.options import Look
from cx_kpi.model.report import Report
from cx_kpi.render.text.chat_lines import chat


def render(report: Report, look: Look | None = None) -> str:
    """The text; nothing in it links or calls, and the only elements are `<b>`."""
    return chat(report, look, lambda text: escape(text, quote=False), lambda text: f"<b>{text}</b>")

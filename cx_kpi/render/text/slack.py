"""The report as a text in Slack's mrkdwn, to be posted by another program."""

from cx_kpi.model.options import Look
from cx_kpi.model.report import Report
from cx_kpi.render.text.chat_lines import chat

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "*": "∗", "~": "∼", "`": "ˋ", "_": "ˍ"})


def render(report: Report, look: Look | None = None) -> str:
    """The text; nothing in it links, calls or formats but we."""
    return chat(report, look, lambda text: text.translate(_ESCAPES), lambda text: f"*{text}*")

"""The report for a board: its page on paper, and its first screen as a picture."""

import re
from dataclasses import replace

from cx_kpi.model.options import Look
from cx_kpi.model.report import Report
from cx_kpi.render.page import chromium, html

SCREEN = (1280, 800)
_MOMENTS = re.compile(rb"(?<=Date \(D:)\d{14}")


def pdf(report: Report, look: Look) -> bytes:
    """Pages of A4: the story first, then figures, charts and segments; dated by the data, not by the clock."""
    page = html.render(report, _still(look), pack=True)
    paper = chromium.made(page, "report.pdf", "--no-pdf-header-footer", "--print-to-pdf=")
    moment = re.sub(r"\D", "", report.as_of or "19800101")[:14].ljust(14, "0").encode()
    return _MOMENTS.sub(moment, paper)


def png(report: Report, look: Look) -> bytes:
    """The first screen at 1280 × 800, drawn twice as fine."""
    size = "--window-size={},{}".format(*SCREEN)
    page = html.render(report, _still(look), pack=True)
    return chromium.made(page, "report.png", size, "--force-device-scale-factor=2", "--screenshot=")


def _still(look: Look) -> Look:
    return replace(look, charts="static") if look.charts == "interactive" else look

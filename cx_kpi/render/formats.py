"""The formats: a new one is a module and a row here."""

from collections.abc import Callable
from pathlib import PurePath
from typing import TYPE_CHECKING

from cx_kpi.model.errors import UsageProblem, nearest
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Look

if TYPE_CHECKING:
    from cx_kpi.model.report import Report


TEXT = "table"


@dataclass(frozen=True, slots=True)
class Format:
    """How a report becomes a file, and the suffixes of such files."""

    name: str
    suffixes: tuple[str, ...]
    render: Callable[["Report", Look], str | bytes]
    binary: bool = False  # nothing for a terminal
    ready: Callable[[], object] | None = None  # raises where this machine cannot write it
    each_period: bool = True  # holds the verdict on every period, not only on the latest
    exhibits: bool = True  # shows charts; a text for a terminal where they are asked for
    draws: bool = False  # has its charts drawn

    def shows_exhibits(self, look: Look) -> bool:
        """Whether what it makes of a report holds the charts."""
        return self.exhibits or (self.name == TEXT and look.charts == "static")


def _table(report: "Report", look: Look) -> str:
    from cx_kpi.render.terminal import terminal_report as terminal

    return terminal.render(report, look=look)


def _json(report: "Report", _look: Look) -> bytes:
    from cx_kpi.render.files import json

    return json.render(report)


def _csv(report: "Report", _look: Look) -> str:
    from cx_kpi.render.files import csv

    return csv.render(report)


def _markdown(report: "Report", look: Look) -> str:
    from cx_kpi.render.text import markdown

    return markdown.render(report, look=look)


def _html(report: "Report", look: Look) -> str:
    from cx_kpi.render.page import html

    return html.render(report, look=look)


def _pdf(report: "Report", look: Look) -> bytes:
    from cx_kpi.render.page import board_pack

    return board_pack.pdf(report, look)


def _png(report: "Report", look: Look) -> bytes:
    from cx_kpi.render.page import board_pack

    return board_pack.png(report, look)


def _browser() -> None:
    from cx_kpi.render.page import chromium

    chromium.find()


def _xlsx(report: "Report", look: Look) -> bytes:
    from cx_kpi.render import xlsx

    return xlsx.render(report, look)


def _eml(report: "Report", look: Look) -> bytes:
    from cx_kpi.render.text import mail

    return mail.render(report, look)


def _slack(report: "Report", look: Look) -> str:
    from cx_kpi.render.text import slack

    return slack.render(report, look)


def _telegram(report: "Report", look: Look) -> str:
    from cx_kpi.render.text import telegram

    return telegram.render(report, look)


def _junit(report: "Report", _look: Look) -> str:
    from cx_kpi.render.files import junit

    return junit.render(report)


def _openmetrics(report: "Report", _look: Look) -> str:
    from cx_kpi.render.files import openmetrics

    return openmetrics.render(report)


def _ndjson(report: "Report", _look: Look) -> str:
    from cx_kpi.render.files import ndjson

    return ndjson.render(report)


def _parquet(report: "Report", _look: Look) -> bytes:
    from cx_kpi.render.files import parquet

    return parquet.render(report)


FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format(TEXT, (".txt",), _table, each_period=False, exhibits=False),
        Format("json", (".json",), _json),
        Format("csv", (".csv",), _csv),
        Format("md", (".md", ".markdown"), _markdown, each_period=False),
        Format("html", (".html", ".htm"), _html, draws=True),
        Format("eml", (".eml",), _eml, each_period=False, draws=True),
        Format("xlsx", (".xlsx",), _xlsx, binary=True),
        Format("pdf", (".pdf",), _pdf, binary=True, ready=_browser, draws=True),
        Format("png", (".png",), _png, binary=True, ready=_browser, draws=True),
        Format("slack", (".slack",), _slack, each_period=False, exhibits=False),
        Format("telegram", (".telegram",), _telegram, each_period=False, exhibits=False),
        Format("junit", (".xml",), _junit, each_period=False, exhibits=False),
        Format("openmetrics", (".prom",), _openmetrics, each_period=False, exhibits=False),
        Format("ndjson", (".ndjson", ".jsonl"), _ndjson),
        Format("parquet", (".parquet",), _parquet, binary=True),
    )
}


def named(name: str) -> Format:
    """The format of this name; raises `UsageProblem` with the known ones."""
    if name not in FORMATS:
        raise UsageProblem(f"no format {name!r}{nearest(name, FORMATS)}")
    return FORMATS[name]


def of_file(path: str) -> Format:
    """The format that the suffix of an output file asks for; raises `UsageProblem` where none does."""
    suffix = PurePath(path).suffix.lower()
    for each in FORMATS.values():
        if suffix in each.suffixes:
            return each
    known = " ".join(suffix for each in FORMATS.values() for suffix in each.suffixes)
    raise UsageProblem(f"{path}: no format has the suffix {suffix or 'of this name'!r}; use one of {known}")


def render(report: "Report", name: str, look: Look | None = None) -> str | bytes:
    """The report in the format of this name: text, or the bytes of a file."""
    return named(name).render(report, look or Look())

"""What an assistant is told: figures with n, interval and verdict, what was left out, and no cell of a row."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cx_kpi.wording.language import Language

FIGURE = ("value", "n", "interval", "target", "status", "change", "verdict")
READING = ("title", "about", "unit", "better", *FIGURE, "worked")
LATEST = ("start", "end", *FIGURE, "usual", "since")
WAYS = ("method", "table", "clock", "cohort", "taken", "lacks")
RECEIPT = ("steps", "target_from", "interval_by", "change_by", "as_of", "timezone", "window")
REPORT = ("as_of", "timezone", "window", "left_out")
NOTICE = ("level", "message", "table", "field", "rows", "path")
SOURCE = ("path", "table", "rows", "used", "set_aside")
MOST = 40  # segments of a metric, the largest first
Plain = dict[str, Any]


def of_report(report: Plain) -> Plain:
    """A report without its series, charts and details: those may hold words that customers wrote."""
    return {
        **_some(report, REPORT),
        "sources": [_some(each, SOURCE) for each in report["sources"]],
        "notices": [_some(each, NOTICE) for each in report["notices"]],
        "findings": [each["text"] for each in report["findings"]],
        "metrics": {name: reading(each) for name, each in report["metrics"].items()},
        "segments": list(_segments(report["segments"])),
    }


def reading(of: Plain) -> Plain:
    """One metric over the window, and over the latest full period."""
    return {**_some(of, READING), "latest": _some(of.get("latest") or {}, LATEST)}


def of_receipt(receipt: Plain) -> Plain:
    """How a figure came about: its reading, the ways it can be counted, its rows step by step, what changed it."""
    return {
        **_some(receipt, RECEIPT),
        **reading(receipt["reading"]),
        "formula": receipt["reading"]["formula"],
        "account": receipt["reading"]["account"],
        "ways": [_some(each, WAYS) for each in receipt["ways"]],
    }


def of_metrics(language: Language) -> Plain:
    """Every metric: what it is called, what it says, its unit and which way is better."""
    from cx_kpi.metrics.registry import PUBLIC

    return {
        name: {"title": language(each.title), "about": language(each.about), "group": each.group}
        for name, each in PUBLIC.items()
    }


def of_guide(pages: Mapping[str, str], words: str) -> list[Plain]:
    """The parts of the guide that say most about these words, at most five."""
    asked = set(re.findall(r"\w{3,}", words.lower()))
    found = [
        (sum(part.lower().count(each) > 0 for each in asked), page, part)
        for page, text in pages.items()
        for part in re.split(r"(?m)^(?=## )", text)
    ]
    best = sorted((each for each in found if each[0]), key=lambda each: -each[0])[:5]
    return [{"page": page, "text": part[:4_000]} for _, page, part in best]


def _segments(every: Sequence[Plain]) -> Iterator[Plain]:
    told: dict[tuple[str, ...], int] = {}
    for each in sorted(every, key=lambda each: -(each["n"] or 0)):
        key = (each["metric"], *each["by"])
        told[key] = told.get(key, 0) + 1
        if told[key] <= MOST:
            yield _some(each, ("metric", "by", *FIGURE))


def _some(of: Mapping[str, Any], keys: Sequence[str]) -> Plain:
    return {key: of[key] for key in keys if key in of}

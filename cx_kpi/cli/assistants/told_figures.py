"""What an assistant is told: findings, figures with n, interval and verdict, what was left out, and no row."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cx_kpi.normalise.values.cell_shapes import masked

FIGURE = ("value", "n", "interval", "target", "status", "change", "verdict")
JUDGED = ("change", "verdict")
READING = ("title", "about", "unit", "better", *FIGURE, "worked")
FIRST = ("title", "unit", *FIGURE)  # of a metric that was not asked for by name
LATEST = ("start", "end", *FIGURE, "usual", "since")
WAYS = ("method", "table", "clock", "cohort", "taken", "lacks")
RECEIPT = ("steps", "target_from", "interval_by", "change_by", "as_of", "timezone", "window")
SOURCE = ("path", "table", "rows", "used", "set_aside")
WINDOW = ("as_of", "timezone", "window")
MOST, FEW = 40, 12  # segments of a metric, the largest first: where metrics are named, and where none is
FEWEST = 5  # rows of a segment whose name is told
LONGEST = 60  # signs of a name that is told; a longer one is a text of somebody
Plain = dict[str, Any]


def of_report(report: Plain, metrics: Sequence[str] = (), by: Sequence[str] = ()) -> Plain:
    """Findings first, then the metrics asked for, else those shown first; segments where `by` asks for them.

    Series, charts and details are left out: those may hold words that customers wrote.
    """
    first = list(metrics and report["metrics"]) or list(dict.fromkeys([*_first(report), *_found(report)]))
    return masks(
        {
            "findings": [each["text"] for each in report["findings"]],
            **_some(report, WINDOW),
            **_figures(report["metrics"], first, named=bool(metrics)),
            **(_cut(report["segments"], first, MOST if metrics else FEW) if by else {}),
            "notices": [each["message"] for each in report["notices"] if each["level"] != "info"],
            "sources": [_some(each, SOURCE) for each in report["sources"]],
            "left_out": _left_out(report["left_out"]),
        }
    )


def of_receipt(receipt: Plain) -> Plain:
    """How a figure came about: its reading, the ways it can be counted, its rows step by step, what changed it."""
    told = receipt["reading"]
    return masks(
        {
            **_some(receipt, RECEIPT),
            **_reading(told, READING, LATEST),
            "formula": told["formula"],
            "account": told["account"],
            "ways": [_some(each, WAYS) for each in receipt["ways"]],
        }
    )


def masks(answer: Plain) -> Plain:
    """An answer whose texts show no e-mail address and no phone number."""
    return {masked(key): _masked(each) for key, each in answer.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, list):
        return [_masked(each) for each in value]
    return masks(value) if isinstance(value, dict) else value


def _first(report: Plain) -> Iterator[str]:
    """The metrics that a report shows first."""
    yield from (name for group in report["headlines"] for name in group["metrics"])


def _found(report: Plain) -> Iterator[str]:
    """The metrics that a finding is about."""
    yield from (each["metric"] for each in report["findings"] if each["metric"])


def _figures(readings: Plain, first: Sequence[str], *, named: bool) -> Plain:
    """The metrics that come first with all that is judged of them, and the others with their values."""
    keys, latest = (READING, LATEST) if named else (FIRST, ("start", *FIGURE))
    return {
        "metrics": {name: _reading(readings[name], keys, latest) for name in first if name in readings},
        "other_metrics": {name: _brief(each) for name, each in readings.items() if name not in first},
    }


def _cut(every: Sequence[Plain], first: Sequence[str], most: int) -> Plain:
    """The largest segments of these metrics, and how many have no name to be told."""
    told, withheld = _nameable([each for each in every if each["metric"] in first])
    return {"segments": list(_segments(told, most)), "segments_withheld": withheld}


def _reading(of: Plain, keys: Sequence[str], latest: Sequence[str]) -> Plain:
    """One metric over the window, and over the latest full period, which alone is judged where there is one."""
    judged = of.get("latest") or {}
    plain = [each for each in keys if each not in JUDGED] if judged else keys
    return {**_some(of, plain), "latest": _known(_some(judged, latest))}


def _brief(of: Plain) -> Plain:
    """The value of a metric that nothing is said of; whoever needs more asks for it by name."""
    value = of["value"]
    return {"value": value[:3] if isinstance(value, list) else value, **_known({"status": of["status"]})}


def _left_out(every: Sequence[Plain]) -> dict[str, list[str]]:
    """The metrics that were left out, by the reason."""
    found: dict[str, list[str]] = {}
    for each in every:
        found.setdefault(each["why"], []).append(each["metric"])
    return found


def _nameable(every: Sequence[Plain]) -> tuple[list[Plain], int]:
    """The segments whose names may be told, and how many others there are: of few rows, or with texts for names."""
    rows: Counter[tuple[str | None, ...]] = Counter()
    for each in every:
        name = tuple(each["by"].values())
        rows[name] = max(rows[name], each["n"] or 0)
    told = {
        name for name, n in rows.items() if n >= FEWEST and all(len(part or "") <= LONGEST for part in name)
    }
    return [each for each in every if tuple(each["by"].values()) in told], len(rows) - len(told)


def _segments(every: Sequence[Plain], most: int) -> Iterator[Plain]:
    told: Counter[tuple[str, ...]] = Counter()
    for each in sorted(every, key=lambda each: -(each["n"] or 0)):
        key = (each["metric"], *each["by"])
        told[key] += 1
        if told[key] <= most:
            yield _some(each, ("metric", "by", *FIGURE))


def _known(of: Plain) -> Plain:
    return {key: value for key, value in of.items() if value is not None}


def _some(of: Mapping[str, Any], keys: Sequence[str]) -> Plain:
    return {key: of[key] for key in keys if key in of}

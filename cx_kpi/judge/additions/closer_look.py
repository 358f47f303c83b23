"""A closer look at answers: what goes with dissatisfaction, who answered, and which stages matter."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from math import atanh, sqrt, tanh
from statistics import median
from typing import TYPE_CHECKING, Any

from cx_kpi.engine.aggregation.daily import quantity_of
from cx_kpi.engine.drilldown.rated_answers import STAGE, Tally, answered, importance, tally
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.results import Results
from cx_kpi.judge.statistics.budget import INSIDE, survivors
from cx_kpi.judge.statistics.change import compare
from cx_kpi.judge.statistics.distributions import two_sided
from cx_kpi.judge.statistics.intervals import Z
from cx_kpi.model.figures import Proportion
from cx_kpi.model.options import Options
from cx_kpi.model.report import Report
from cx_kpi.model.sums import Quantity
from cx_kpi.wording.language import Language, mark
from cx_kpi.wording.names import CHANNEL

if TYPE_CHECKING:
    import polars as pl

FEWEST = 5  # answers of a group that is shown
EXPECTED = 5.0  # rows expected in a cell; with fewer its residual means nothing
RANKED = 30  # customers behind a correlation
MOST, FEW = 12, 3  # rows shown of a table: where something stands out, and where nothing does
LEVELS = {"yes": mark("yes"), "no": mark("no")} | CHANNEL
WAITS = (mark("under 1 h"), mark("1–4 h"), mark("4–24 h"), mark("over 24 h"))
WAIT = "first_response_seconds"
FACTORS: dict[str, str] = {
    "channel": mark("channel: {level}"),
    "product": mark("product: {level}"),
    "category": mark("reason: {level}"),
    WAIT: mark("first response: {level}"),
    "reopen_count": mark("reopened: {level}"),
    "escalation_level": mark("escalated: {level}"),
}
Row = dict[str, Any]
Tested = list[tuple[Row, float | None]]  # rows of a table, and the p of what each says


def with_closer_look(report: Report, results: Results, options: Options) -> Report:
    """The report with tables on the answers of each kind of survey; without those with too few rows."""
    language, metrics = Language(options.language), dict(report.metrics)
    jobs = [
        job for job in results.plan.jobs if job.metric.id in metrics and job.metric.kind and not job.aside
    ]
    frames, sent = answered(results, jobs)
    for job in jobs:
        found = dict(_tables(job, frames, sent.get(job.metric.kind), language))
        if found:
            reading = metrics[job.metric.id]
            metrics[job.metric.id] = replace(reading, details=reading.details | found)
    return replace(report, metrics=metrics)


def _tables(
    job: Job, frames: "dict[str, pl.DataFrame]", sent: "pl.DataFrame | None", language: Language
) -> Iterator[tuple[str, Any]]:
    frame = frames.get(job.metric.kind)
    if frame is None or frame.is_empty():
        return
    if job.method.aggregation.within == STAGE:
        yield from _of_stages(frame, frames)
        return
    if quantity_of(job) is Quantity.SHARE:
        yield from _of_share(frame, language)
    if sent is not None and "channel" in sent.columns and "channel" in frame.columns:
        yield from _who_answered(tally(frame, ["channel"]), tally(sent, ["channel"]))


def _of_stages(frame: "pl.DataFrame", frames: "dict[str, pl.DataFrame]") -> Iterator[tuple[str, Any]]:
    whole = next((frames[kind] for kind in ("nps", "csat") if kind in frames), None)
    if whole is not None and (table := _importance(importance(frame, whole))):
        yield from _named("importance", table, "first_to_improve")


def _of_share(frame: "pl.DataFrame", language: Language) -> Iterator[tuple[str, Any]]:
    if table := _with_dissatisfaction(frame, language):
        yield from _named("dissatisfaction", table, "shown")
    known = {"channel", "category"} <= {*frame.columns}
    if known and (table := _reasons(tally(frame, ["channel", "category"]))):
        yield "reasons", table


def _named(key: str, table: list[Row], stands_out: str) -> Iterator[tuple[str, Any]]:
    """A table, and the names of its rows that stand out, for those who see no tables."""
    yield key, table
    names = [row["name"] for row in table if row[stands_out]]
    if names:
        yield f"{key}_names", names


def _with_dissatisfaction(frame: "pl.DataFrame", language: Language) -> list[Row]:
    """Each level of the tickets' fields: how many of its answers are dissatisfied, against the others."""
    found: Tested = []
    for factor, name in FACTORS.items():
        known = _levels(frame, factor)
        n, satisfied = (sum(counts[place] for counts in known.values()) for place in (0, 1))
        for level, (k, hits) in sorted(known.items()):
            if min(k, n - k) < FEWEST:
                continue
            others = Proportion(round(n - k - satisfied + hits), int(n - k))
            here = Proportion(round(k - hits), k)
            change = compare(here, others)
            word = WAITS[int(level)] if factor == WAIT else LEVELS.get(level, "")
            row = {
                "name": language(name, level=language(word) or level),
                "share_low": here.hits / here.n,
                "against_others": change.change,
                "n": k,
                "interval": list(change.interval) if change.interval else None,
            }
            found.append((row, change.p))
    return _said(found, lambda row: row["against_others"])


def _said(found: Tested, size: Callable[[Row], float]) -> list[Row]:
    """The rows that are larger than nothing, those that are more than chance first; a few where none is."""
    kept = survivors({place: p for place, (_, p) in enumerate(found) if p is not None}, INSIDE)
    rows = [row | {"shown": place in kept} for place, (row, _) in enumerate(found)]
    larger = [row for row in rows if size(row) > 0]
    return sorted(larger, key=lambda row: (not row["shown"], -size(row), row["name"]))[
        : MOST if kept else FEW
    ]


def _reasons(answers: Tally) -> list[Row]:
    """Dissatisfied answers by channel and reason, where a pair is more frequent than either alone makes it."""
    pairs = Counter(
        {
            (channel, reason): round(n - hits)
            for (channel, reason), (n, hits) in answers.items()
            if channel is not None and reason is not None
        }
    )
    n, channels, reasons = pairs.total(), Counter[str](), Counter[str]()
    for (channel, reason), count in pairs.items():
        channels[channel] += count
        reasons[reason] += count
    found: Tested = []
    for channel, reason in product(sorted(channels), sorted(reasons)):
        expected = channels[channel] * reasons[reason] / n if n else 0.0
        spread = expected * (1 - channels[channel] / n) * (1 - reasons[reason] / n) if n else 0.0
        if expected < EXPECTED or spread <= 0:
            continue
        residual = (pairs[channel, reason] - expected) / sqrt(spread)
        said = {"name": channel, "reason": reason, "n": pairs[channel, reason]}
        found.append((said | {"expected": expected, "residual": residual}, two_sided(residual)))
    return _said(found, lambda row: row["residual"])


def _levels(frame: "pl.DataFrame", factor: str) -> dict[str, tuple[int, float]]:
    """The known levels of a factor: how many answers, and how many of them satisfied."""
    levels = tally(frame, [factor]) if factor in frame.columns else {}
    return {level: counts for (level,), counts in levels.items() if level is not None}


def _who_answered(answers: Tally, sent: Tally) -> Iterator[tuple[str, Any]]:
    """Asked and answered by channel, and the figure if every channel had answered as often as every other."""
    known = {channel: counts for (channel,), counts in sent.items()}
    if len(known.keys() - {None}) < 2 or all(n == answered for n, answered in known.values()):
        return
    order = sorted(known, key=lambda name: (name is None, -known[name][0], name or ""))
    table: list[Row] = []
    for name in order:
        (n, answered), (k, total) = known[name], answers.get((name,), (0, 0.0))
        value = total / k if k >= FEWEST else None
        table.append({"name": name, "asked": n, "n": int(answered), "share": answered / n, "value": value})
    yield "who_answered", table
    if all(row["value"] is not None for row in table):
        yield "if_all_answered", _if_all_answered(table)


def _if_all_answered(table: Sequence[Row]) -> float:
    whole = sum(row["asked"] for row in table)
    return float(sum(row["asked"] * row["value"] for row in table) / whole)


def _correlated(stages: Sequence[tuple[str, float, float | None, int]]) -> Tested:
    """Each stage of enough customers, with the 95 % interval of its correlation (Fisher)."""
    found: Tested = []
    for stage, mean, r, n in stages:
        if r is None or n < RANKED or stage is None:
            continue
        middle, error = atanh(min(max(r, -0.999), 0.999)), 1 / sqrt(n - 3)
        bounds = [tanh(middle - Z * error), tanh(middle + Z * error)]
        row = {"name": stage, "mean": mean, "importance": r, "n": n, "interval": bounds}
        found.append((row, two_sided(middle / error)))
    return found


def _importance(stages: Sequence[tuple[str, float, float | None, int]]) -> list[Row]:
    """Each stage: its mean, and how strongly it goes with how satisfied the same customers are altogether."""
    found = _correlated(stages)
    if len(found) < 2:
        return []
    kept = survivors({place: p for place, (_, p) in enumerate(found) if p is not None}, INSIDE)
    weight, level = (median(row[key] for row, _ in found) for key in ("importance", "mean"))
    table = [
        row
        | {
            "shown": place in kept,
            "first_to_improve": place in kept
            and row["importance"] >= max(weight, 0)
            and row["mean"] <= level,
        }
        for place, (row, _) in enumerate(found)
    ]
    return sorted(table, key=lambda row: -row["importance"])

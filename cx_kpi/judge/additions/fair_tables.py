"""Fair tables: agents, teams and products against what chance allows with their number of rows (a funnel)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import sqrt
from typing import Any

from cx_kpi.engine.aggregation.cells import OVERALL, Cell
from cx_kpi.engine.aggregation.cuts import Cut
from cx_kpi.engine.results import Results
from cx_kpi.judge.statistics.budget import INSIDE, survivors
from cx_kpi.judge.statistics.distributions import two_sided
from cx_kpi.judge.statistics.intervals import Z, score_interval
from cx_kpi.model.figures import Figure, Mean, Proportion
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Report
from cx_kpi.model.values import Better

DIMENSIONS = ("agent", "team", "product")
FEWEST = 30  # rows, below which nobody is ranked
COMPARED = 3  # ranked segments; with fewer there is nothing to compare
WINSORISED = 5  # with so many, at least one at each end
ENDS = 0.1  # the part of the segments at each end that is pulled in when their spread is measured


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of a scale from `low` to `high`: its mean there from 0 to 1, the variance of a row, and its rows."""

    name: str
    rate: float
    variance: float
    n: int


def with_fair_tables(report: Report, results: Results) -> Report:
    """The report with a table for each share and score that is cut by one of the dimensions."""
    metrics = dict(report.metrics)
    for cut in results.cuts:
        if len(cut) != 1 or cut[0] not in DIMENSIONS:
            continue
        for name, reading in report.metrics.items():
            cells = results.figures.get(name, {})
            whole = cells.get(OVERALL)
            table = _table(cells, cut, whole, reading.better) if whole else []
            if table:
                odd = [row["name"] for row in table if row["shown"]]
                more = {f"fair_{cut[0]}": table} | ({f"fair_{cut[0]}_names": odd} if odd else {})
                metrics[name] = replace(metrics[name], details=metrics[name].details | more)
    return replace(report, metrics=metrics)


def _segments(cells: Mapping[Cell, Figure], cut: Cut) -> dict[str, Figure]:
    """The figures of the segments that have a name, in the whole window."""
    return {
        cell.values[0]: figure
        for cell, figure in cells.items()
        if cell.cut == cut and cell.group == OVERALL.group and cell.values[0] is not None
    }


def _table(cells: Mapping[Cell, Figure], cut: Cut, whole: Figure, better: Better) -> list[dict[str, Any]]:
    """Those with rows enough, the best first; the others after them, by name and without a place."""
    low, high = _scale(whole)
    if high <= low:
        return []
    figures = _segments(cells, cut)
    if not _has_enough(figures.values()):
        return []
    every = [each for name, figure in figures.items() if (each := _segment(name, figure, low, high))]
    ranked = [each for each in every if each.n >= FEWEST]
    rows = [*_judged(ranked, low, high)]
    sign = -1 if better is not Better.LOWER else 1
    rows.sort(key=lambda row: (sign * row["fair_value"], row["name"]))
    few = sorted((each for each in every if each.n < FEWEST), key=lambda each: each.name)
    none = {"value": None, "fair_value": None, "funnel": None, "shown": None}
    return [*rows, *({"name": each.name, "n": each.n} | none for each in few)]


def _has_enough(figures: Iterable[Figure]) -> bool:
    """Whether enough segments have the rows to be ranked."""
    samples = [figure.sample for figure in figures]
    return sum(sample is not None and sample.n >= FEWEST for sample in samples) >= COMPARED


def _scale(whole: Figure) -> tuple[float, float]:
    match whole.sample:
        case Proportion(per=per):
            return 0.0, per
        case Mean(low=float(low), high=float(high)):
            return low, high
        case _:
            return 0.0, 0.0


def _segment(name: str, figure: Figure, low: float, high: float) -> Segment | None:
    sample = figure.sample
    if isinstance(sample, Proportion) and sample.n:
        rate = sample.hits / sample.n
        return Segment(name, rate, rate * (1 - rate), sample.n)
    if isinstance(sample, Mean) and sample.n:
        width = high - low
        return Segment(name, (sample.mean - low) / width, sample.variance / width**2, sample.n)
    return None


def _judged(segments: Sequence[Segment], low: float, high: float) -> Iterator[dict[str, Any]]:
    """Each segment with its funnel, and its value drawn to that of all by as much as chance may have moved it.

    Limits are widened by how much segments differ in all, without those at the ends (Spiegelhalter 2005); the fair value
    is the empirical Bayes estimate (DerSimonian and Laird 1986).
    """
    rows = sum(each.n for each in segments)
    middle = sum(each.n * each.rate for each in segments) / rows
    within = sum((each.n - 1) * each.variance for each in segments) / (rows - len(segments))
    if within <= 0:
        return
    scores = [(each.rate - middle) / sqrt(within / each.n) for each in segments]
    factor, between = _overdispersion(scores), _between(segments, middle, within)
    chances = {place: two_sided(score / sqrt(factor)) for place, score in enumerate(scores)}
    kept, width = survivors(chances, INSIDE), high - low
    told = factor * within / (middle * (1 - middle)) if 0 < middle < 1 else 1.0
    sizes = {each.n for each in segments}
    funnels = {n: _funnel(middle, n / told, low, width) for n in sizes}
    drawn = {n: between / (between + within / n) for n in sizes}
    for place, each in enumerate(segments):
        yield {
            "name": each.name,
            "n": each.n,
            "value": low + width * each.rate,
            "fair_value": low + width * (middle + drawn[each.n] * (each.rate - middle)),
            "funnel": funnels[each.n],
            "shown": place in kept,
        }


def _funnel(middle: float, n: float, low: float, width: float) -> list[float]:
    """What chance allows so many rows, on the scale of the metric."""
    return [low + width * bound for bound in score_interval(middle, n, Z)]


def _overdispersion(scores: Sequence[float]) -> float:
    ordered = sorted(scores)
    cut = max(1, int(ENDS * len(ordered))) if len(ordered) >= WINSORISED else 0
    least, most = ordered[cut], ordered[-1 - cut]
    return max(1.0, sum(min(max(score, least), most) ** 2 for score in scores) / len(scores))


def _between(segments: Sequence[Segment], middle: float, within: float) -> float:
    """The variance between segments beyond chance."""
    weights = [each.n / within for each in segments]
    total = sum(weights)
    spread = sum(w * (each.rate - middle) ** 2 for w, each in zip(weights, segments, strict=True))
    rest = total - sum(w * w for w in weights) / total
    return max(0.0, (spread - len(segments) + 1) / rest) if rest > 0 else 0.0

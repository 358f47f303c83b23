"""A metric over its periods: the line, the interval around it, the target in force, what is not over."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from cx_kpi.model.report import Point, Reading
from cx_kpi.model.values import Status
from cx_kpi.render.charts import texts
from cx_kpi.render.charts.frame import WIDTH, Plot, across, frame, layer, up
from cx_kpi.render.charts.kinds import LINE_MARK, POINT
from cx_kpi.render.charts.palette import BAD, BAND, SERIES, TEXT, Spec
from cx_kpi.render.charts.scale import Scale, scale
from cx_kpi.render.elements.labels import STATUS
from cx_kpi.wording.units import Words


def trend(reading: Reading, points: Sequence[Point], grain: str, words: Words, width: int = WIDTH) -> Spec:
    """The specification of one metric's points, in order of time."""
    plot = _plot(reading, points, grain, words, width)
    rows = [_row(place, point) for place, point in enumerate(points)]
    x = across(plot)
    area = {"type": "area", "fill": BAND, "invalid": "break-paths-show-domains"}
    ends = {
        place
        for place, point in enumerate(points)
        if _number(point) is not None and _stands_out(points, place)
    }
    dots = [row for row in rows if row["x"] in ends]
    color = {"field": "color", "type": "nominal", "scale": None, "legend": None}
    return frame(
        plot,
        layer(rows, area, x=x, y=up(plot, "low"), y2={"field": "high"}),
        *_targets(plot, reading, points, words),
        layer(rows, LINE_MARK | {"stroke": SERIES[0]}, x=x, y=up(plot)),
        layer(dots, POINT, x=x, y=up(plot), color=color),
    )


def _plot(reading: Reading, points: Sequence[Point], grain: str, words: Words, width: int) -> Plot:
    currency = reading.details.get("currency", "")
    ends = _scale(reading, points)
    return Plot(
        title=reading.title,
        labels=texts.period_labels([point.start for point in points], grain, width / len(points), words),
        scale=ends,
        named=texts.named(ends, reading.unit, words, currency),
        said=[_said(point, reading, grain, words) for point in points],
        young=[place for place, point in enumerate(points) if point.partial],
        width=width,
    )


def _scale(reading: Reading, points: Sequence[Point]) -> Scale:
    values = [_number(point) for point in points]
    bounds = [bound for point in points for bound in point.interval or ()]
    goals = [point.target.value for point in points if point.target]
    return scale([*values, *bounds, *goals], reading.unit)


def _number(point: Point) -> float | None:
    return point.value if isinstance(point.value, int | float) else None


def _row(place: int, point: Point) -> dict[str, Any]:
    low, high = point.interval or (None, None)
    color = BAD if point.status is Status.MISSED else SERIES[0]
    return {"x": place, "y": _number(point), "low": low, "high": high, "color": color}


def _stands_out(points: Sequence[Point], place: int) -> bool:
    """Whether a point needs a dot: the last, one without neighbours, one that missed its target."""
    beside = [_number(points[other]) for other in (place - 1, place + 1) if 0 <= other < len(points)]
    alone = not any(value is not None for value in beside)
    return alone or place == len(points) - 1 or points[place].status is Status.MISSED


def _targets(plot: Plot, reading: Reading, points: Sequence[Point], words: Words) -> list[Spec]:
    """A dashed step for each run of periods with one target, named where it ends."""
    places = [place for place, point in enumerate(points) if point.target]
    changes = [b for a, b in pairwise(places) if b > a + 1 or points[a].target != points[b].target]
    starts = [*places[:1], *changes]
    runs = [
        [place for place in places if start <= place and not any(start < c <= place for c in changes)]
        for start in starts
    ]
    rows = [
        {
            "x": run[0],
            "end": run[-1],
            "y": target.value,
            "text": words.target(target, reading.unit, reading.details.get("currency", "")),
        }
        for run in runs
        if (target := points[run[0]].target)
    ]
    rule = {"type": "rule", "stroke": TEXT, "strokeDash": [4, 3], "strokeWidth": 1}
    name = {"type": "text", "align": "left", "baseline": "bottom", "dx": 2, "dy": -3, "fill": TEXT}
    start = across(plot, bandPosition=0)
    end = {"field": "end", "bandPosition": 1}
    return [
        layer(rows, rule, x=start, x2=end, y=up(plot)),
        layer(rows, name, x=start, y=up(plot), text={"field": "text"}),
    ] if rows else []  # fmt: skip


def _said(point: Point, reading: Reading, grain: str, words: Words) -> str:
    """`March 2026: 88.6% (86.2–90.6%), target ≥ 90%, missed, n = 260`."""
    _, currency = words.language, reading.details.get("currency", "")
    value = words.value(_number(point), reading.unit, currency)
    interval = words.interval(point.interval, reading.unit, currency)
    target = words.target(point.target, reading.unit, currency)
    parts = [
        f"{value} ({interval})" if interval else value,
        _("target {goal}", goal=target) if target else "",
        _(STATUS[point.status]) if point.status else "",
        _("n = {n}", n=words.numerals.decimal(point.n)),
    ]
    name = words.dates.period(point.start, grain)
    return texts.said(name, [part for part in parts if part], point.partial, words)

"""A metric over its periods: the line, the interval around it, the target in force, periods that have not ended."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from cx_kpi.model.report import Point, Reading, Window
from cx_kpi.model.values import Status, Target
from cx_kpi.render.charts import texts
from cx_kpi.render.charts.frame import WIDTH, Plot, across, frame, layer, up
from cx_kpi.render.charts.kinds import LINE_MARK, POINT
from cx_kpi.render.charts.palette import BAD, BAND, SERIES, TEXT, Spec
from cx_kpi.render.charts.scale import Scale, scale
from cx_kpi.render.elements.labels import STATUS
from cx_kpi.render.elements.reading_words import is_over, period_name
from cx_kpi.wording.units import Words


def trend(
    reading: Reading, points: Sequence[Point], window: Window | None, words: Words, width: int = WIDTH
) -> Spec:
    """The specification of one metric's points, in order of time."""
    window = window or Window("", "", "month")
    plot = _plot(reading, points, window, words, width)
    rows = [_row(place, point, points) for place, point in enumerate(points)]
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
        *_outside(plot, reading, points, window.grain, words),
    )


def signs_of(points: Sequence[Point], window: Window | None, words: Words) -> list[tuple[str, str]]:
    """What the marks of a trend mean, of those that are in it: a name for each kind of mark, and words."""
    _, usual = words.language, any(point.usual for point in points)
    interval = any(point.interval for point in points) and not usual
    found = {
        ("band", _("the usual range")): usual,
        ("band", _("the 95% interval")): interval,
        ("ring", _("outside the usual range")): any(point.outside for point in points),
        ("red", _("target missed")): any(point.status is Status.MISSED for point in points),
        ("dashed", _("the target")): any(point.target for point in points),
        ("hatched", _hatched(points, window, words)): any(point.partial for point in points),
    }
    return [sign for sign, there in found.items() if there]


def _hatched(points: Sequence[Point], window: Window | None, words: Words) -> str:
    """What the partial ones among the points are."""
    over = {window is not None and is_over(point, window) for point in points if point.partial}
    if len(over) > 1:
        return words.language("not over yet, or known in part")
    return words.language("known in part") if True in over else words.language("not over yet")


def said_of_signs(signs: Sequence[tuple[str, str]], words: Words) -> str:
    """The same without a picture of each mark: `Shaded: the usual range. Red: target missed.`."""
    _ = words.language
    names = {
        "band": _("Shaded: {meaning}."),
        "ring": _("Ringed: {meaning}."),
        "red": _("Red: {meaning}."),
        "dashed": _("Dashed: {meaning}."),
        "hatched": _("Hatched: {meaning}."),
    }
    return " ".join(names[mark].format(meaning=meaning) for mark, meaning in signs)


def _outside(plot: Plot, reading: Reading, points: Sequence[Point], grain: str, words: Words) -> list[Spec]:
    """A ring around each point outside the usual range, with its name and value."""
    rows = [
        {"x": place, "y": _number(point), "text": _name(point, reading, grain, words)}
        | _beside(point, left=_is_left(points, place))
        for place, point in enumerate(points)
        if point.outside and _number(point) is not None
    ]
    ring = {"type": "point", "filled": False, "size": 110, "stroke": TEXT, "strokeWidth": 1.4}
    where = {name: {"expr": f"datum.{name}"} for name in ("align", "dx", "dy")}
    name = {"type": "text", "baseline": "middle", "fill": TEXT, **where}
    x, y = across(plot), up(plot)
    return [layer(rows, ring, x=x, y=y), layer(rows, name, x=x, y=y, text={"field": "text"})] if rows else []


def _beside(point: Point, *, left: bool) -> dict[str, Any]:
    """The place of a point's name: above a high one, below a low one."""
    value, usual = _number(point), point.usual
    high = usual is not None and value is not None and value > usual.middle
    return {"align": "right" if left else "left", "dx": -9 if left else 9, "dy": -5 if high else 5}


def _is_left(points: Sequence[Point], place: int) -> bool:
    """Whether a name is to the left: away from a neighbour that has one too, else inside the plot."""
    before, after = (0 <= other < len(points) and points[other].outside for other in (place - 1, place + 1))
    return 2 * place > len(points) if before == after else after


def _name(point: Point, reading: Reading, grain: str, words: Words) -> str:
    """`Jan 65.8%`."""
    value = words.value(_number(point), reading.unit, reading.details.get("currency", ""))
    return f"{words.dates.period(point.start, grain, short=True)} {value}"


def _plot(reading: Reading, points: Sequence[Point], window: Window, words: Words, width: int) -> Plot:
    currency, grain = reading.details.get("currency", ""), window.grain
    ends = _scale(reading, points)
    return Plot(
        title=reading.title,
        labels=texts.period_labels([point.start for point in points], grain, width / len(points), words),
        scale=ends,
        named=texts.named(ends, reading.unit, words, currency),
        said=[_said(point, reading, window, words) for point in points],
        young=[place for place, point in enumerate(points) if point.partial],
        beyond=[
            _name(point, reading, grain, words)
            for place, point in enumerate(points)
            if point.outside and not _is_left(points, place)
        ],
        width=width,
    )


def _scale(reading: Reading, points: Sequence[Point]) -> Scale:
    values = [_number(point) for point in points]
    bounds = [bound for point in points for bound in _band(point, points) or ()]
    goals = [point.target.value for point in points if point.target]
    return scale([*values, *bounds, *goals], reading.unit)


def _number(point: Point) -> float | None:
    return point.value if isinstance(point.value, int | float) else None


def _row(place: int, point: Point, points: Sequence[Point]) -> dict[str, Any]:
    low, high = _band(point, points) or (None, None)
    color = BAD if point.status is Status.MISSED else SERIES[0]
    return {"x": place, "y": _number(point), "low": low, "high": high, "color": color}


def _band(point: Point, points: Sequence[Point]) -> tuple[float, float] | None:
    """The usual range; of a metric that has none, the interval."""
    if any(each.usual for each in points):
        return (point.usual.low, point.usual.high) if point.usual else None
    return point.interval


def _stands_out(points: Sequence[Point], place: int) -> bool:
    """Whether a point needs a dot: the last, one without neighbours, one that missed its target."""
    beside = [_number(points[other]) for other in (place - 1, place + 1) if 0 <= other < len(points)]
    alone = not any(value is not None for value in beside)
    return alone or place == len(points) - 1 or points[place].status is Status.MISSED


def _targets(plot: Plot, reading: Reading, points: Sequence[Point], words: Words) -> list[Spec]:
    """A dashed step for each run of periods with one target, named where it ends."""
    currency = reading.details.get("currency", "")
    rows = [
        {"x": first, "end": last, "y": target.value, "text": words.target(target, reading.unit, currency)}
        for first, last, target in _runs(points)
    ]
    rule = {"type": "rule", "stroke": TEXT, "strokeDash": [4, 3], "strokeWidth": 1}
    name = {"type": "text", "align": "left", "baseline": "bottom", "dx": 2, "dy": -3, "fill": TEXT}
    start = across(plot, bandPosition=0)
    end = {"field": "end", "bandPosition": 1}
    return [
        layer(rows, rule, x=start, x2=end, y=up(plot)),
        layer(rows, name, x=start, y=up(plot), text={"field": "text"}),
    ] if rows else []  # fmt: skip


def _runs(points: Sequence[Point]) -> Iterator[tuple[int, int, Target]]:
    """Places of the first and the last period of each run with one target, and the target."""
    aims = ((place, point.target) for place, point in enumerate(points))
    for target, run in groupby(aims, key=lambda aim: aim[1]):
        places = [place for place, _ in run]
        if target:
            yield places[0], places[-1], target


def _said(point: Point, reading: Reading, window: Window, words: Words) -> str:
    """`March 2026: 88.6% (86.2–90.6%), target ≥ 90%, missed, n = 260`."""
    _, currency = words.language, reading.details.get("currency", "")
    value = words.value(_number(point), reading.unit, currency)
    interval = words.interval(point.interval, reading.unit, currency)
    target = words.target(point.target, reading.unit, currency)
    parts = [
        f"{value} ({interval})" if interval else value,
        _("target {goal}", goal=target) if target else "",
        _(STATUS[point.status]) if point.status else "",
        _said_of_usual(point, reading, words),
        _("n = {n}", n=words.numerals.decimal(point.n)),
    ]
    return texts.said(period_name(point, window, words), [part for part in parts if part])


def _said_of_usual(point: Point, reading: Reading, words: Words) -> str:
    """`usual 81.6–90.6%`, `outside the usual 81.6–90.6%`."""
    if point.usual is None:
        return ""
    bounds = (point.usual.low, point.usual.high)
    usual = words.interval(bounds, reading.unit, reading.details.get("currency", ""))
    if point.outside:
        return words.language("outside the usual {range}", range=usual)
    return words.language("usual {range}", range=usual)

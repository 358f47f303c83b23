"""One function for each kind of chart: from an exhibit to a Vega-Lite specification."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import accumulate
from typing import Any

from cx_kpi.model.chart_data import Chart, ChartKind
from cx_kpi.model.values import Unit
from cx_kpi.render.charts import texts
from cx_kpi.render.charts.frame import SPARE, WIDTH, Plot, across, frame, layer, up
from cx_kpi.render.charts.heat import heat
from cx_kpi.render.charts.palette import GROUND, MUTED, SERIES, Spec, shades
from cx_kpi.render.charts.scale import Scale, scale
from cx_kpi.render.elements import chart_words
from cx_kpi.wording.units import Words

LINE_MARK: Spec = {
    "type": "line",
    "strokeWidth": 2,
    "invalid": "break-paths-show-domains",
    "strokeJoin": "round",
}
BOX, GAP = 34, 14  # pixels of a legend: what is beside a name, and between two of them
POINT: Spec = {"type": "point", "filled": True, "size": 24, "opacity": 1}


def lines(exhibit: Chart, grain: str, words: Words, width: int = WIDTH) -> Spec:
    """A line for each row that has a value."""
    known = [row for row in exhibit.rows if any(value is not None for value in row.values)]
    exhibit = replace(exhibit, rows=known or exhibit.rows)
    plot = _plot(exhibit, scale(_values(exhibit), exhibit.unit), grain, words, width)
    rows, drawn = _rows(exhibit), {"x": across(plot), "y": up(plot), "color": _color(exhibit, width)}
    points = [row for row in rows if row["y"] is not None and row["alone"]]
    return frame(plot, layer(rows, LINE_MARK, **drawn), layer(points, POINT, **drawn))


def bars(exhibit: Chart, grain: str, words: Words, width: int = WIDTH) -> Spec:
    """Bars side by side."""
    plot = _plot(exhibit, scale(_values(exhibit), exhibit.unit, zero=True), grain, words, width)
    many = len(exhibit.rows) > 1
    beside = {"xOffset": {"field": "row", "sort": None, "scale": {"paddingOuter": 0.15}}} if many else {}
    mark = {"type": "bar", "width": {"band": 1 if many else 0.72}}
    return frame(
        plot, layer(_rows(exhibit), mark, x=across(plot), y=up(plot), color=_color(exhibit, width), **beside)
    )


def stack(exhibit: Chart, grain: str, words: Words, width: int = WIDTH) -> Spec:
    """Bars on top of one another, the first row lowest."""
    columns = zip(*(row.values for row in exhibit.rows), strict=True)
    tops = [sum(value or 0.0 for value in column) for column in columns]
    tops = [min(top, 1.0) for top in tops] if exhibit.unit is Unit.SHARE else tops
    plot = _plot(exhibit, scale(tops, exhibit.unit, zero=True), grain, words, width)
    mark = {"type": "bar", "width": {"band": 0.72}, "stroke": GROUND, "strokeWidth": 0.5}
    order = {"order": {"field": "place", "type": "quantitative"}}
    drawn = {"x": across(plot), "y": up(plot, stack="zero"), "color": _color(exhibit, width), **order}
    return frame(plot, layer(_rows(exhibit), mark, **drawn))


def pareto(exhibit: Chart, grain: str, words: Words, width: int = WIDTH) -> Spec:
    """Bars of the first row under the line of their running sum, whose share of the whole is at the right."""
    values = [value or 0.0 for value in exhibit.rows[0].values]
    running = list(accumulate(values))
    plot = _plot(exhibit, scale([running[-1]], exhibit.unit, zero=True), grain, words, width)
    whole = running[-1] or 1.0
    shares = [
        {"y": share * whole, "text": words.value(share, Unit.SHARE, trim=True)} for share in (0.5, 0.8, 1)
    ]
    plot = replace(_topped(plot, whole), beyond=[str(share["text"]) for share in shares])
    rows = [{"x": x, "y": y, "sum": total} for x, (y, total) in enumerate(zip(values, running, strict=True))]
    x, second = across(plot), SERIES[1]
    return frame(
        plot,
        layer(rows, {"type": "bar", "width": {"band": 0.72}, "fill": SERIES[0]}, x=x, y=up(plot)),
        layer(rows, LINE_MARK | {"stroke": second}, x=x, y=up(plot, "sum")),
        layer(rows, POINT | {"fill": second}, x=x, y=up(plot, "sum")),
        layer(shares, {"type": "text", "align": "left", "baseline": "middle", "x": width + 8, "fill": MUTED},
              y=up(plot), text={"field": "text"}),
    )  # fmt: skip


def _topped(plot: Plot, whole: float) -> Plot:
    """The plot whose top is the whole: 100 %."""
    kept = [(tick, text) for tick, text in zip(plot.scale.ticks, plot.named, strict=True) if tick <= whole]
    ends = Scale(0.0, whole, [tick for tick, _ in kept])
    return replace(plot, scale=ends, named=[text for _, text in kept])


DRAWN: dict[ChartKind, Callable[[Chart, str, Words, int], Spec]] = {
    ChartKind.LINES: lines,
    ChartKind.BARS: bars,
    ChartKind.STACK: stack,
    ChartKind.PARETO: pareto,
    ChartKind.HEAT: heat,
}


def of_exhibit(exhibit: Chart, grain: str, words: Words, width: int = WIDTH) -> Spec:
    """The specification of an exhibit; `grain` is the period its dates begin, `width` that of the plot."""
    return DRAWN[exhibit.kind](exhibit, grain, words, width)


def _plot(exhibit: Chart, ends: Scale, grain: str, words: Words, width: int) -> Plot:
    names, columns = chart_words.columns(exhibit, grain, words), range(len(exhibit.columns))
    return Plot(
        title=exhibit.title,
        labels=texts.labels(exhibit, grain, width / max(len(names), 1), words),
        scale=ends,
        named=texts.named(ends, exhibit.unit, words),
        said=[texts.column_said(exhibit, names, place, words) for place in columns],
        young=[place for place in columns if texts.is_young(exhibit, place)],
        width=width,
    )


def _values(exhibit: Chart) -> Iterable[float | None]:
    return (value for row in exhibit.rows for value in row.values)


def _rows(exhibit: Chart) -> list[dict[str, Any]]:
    """A row for each value; `alone` are those without a neighbour to draw a line to."""
    return [
        {"x": x, "y": value, "row": line.name, "place": place, "alone": _is_alone(line.values, x)}
        for place, line in enumerate(exhibit.rows)
        for x, value in enumerate(line.values)
    ]


def _is_alone(values: list[float | None], place: int) -> bool:
    before = values[place - 1] if place else None
    after = values[place + 1] if place + 1 < len(values) else None
    return before is None and after is None


def _color(exhibit: Chart, width: int) -> Spec:
    """A colour for each row; a legend where there are several, in as many rows as its names take."""
    names = [row.name for row in exhibit.rows]
    colors = shades(exhibit.scale, len(names))
    longest = max(map(len, names), default=0)
    across = max(1, int(width / (longest * texts.WIDE_LETTER + BOX)))
    legend = {"columns": across, "columnPadding": GAP + SPARE * longest} if len(names) > 1 else None
    return {"field": "row", "type": "nominal", "scale": {"domain": names, "range": colors}, "legend": legend}

"""What all charts share: the plot with its grid and labels, periods that have not ended, and the text of each column."""

from dataclasses import field
from itertools import chain
from typing import Any

from cx_kpi.model.frozen import dataclass
from cx_kpi.render.charts.palette import HATCH, LINE, MUTED, Spec
from cx_kpi.render.charts.scale import Scale

WIDTH, WIDE, HEIGHT = 480, 1030, 190  # of a plot in half a page, in a whole one
BELOW, LINE_HEIGHT = 8, 13
EDGE, SPARE = 2, 2  # pixels: at the edge, and more for each letter beside the plot
LONGEST = 26  # letters of a name
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
CONFIG: Spec = {
    "font": "Helvetica, Arial, sans-serif",
    "mark": {"aria": False},
    "text": {"fontSize": 11, "fill": MUTED},
    "legend": {
        "aria": False,
        "orient": "top",
        "title": None,
        "labelColor": MUTED,
        "labelFontSize": 11,
        "labelLimit": 160,
        "symbolType": "square",
        "symbolStrokeWidth": 0,
        "columnPadding": 14,
        "offset": 10,
    },
    "view": {"stroke": None},
}


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart without its marks: labels under the columns, values named at the side, and the texts of columns.

    `young` are the columns that have not ended; `said` is one text a column, shown where it is pointed at.
    """

    title: str
    labels: list[list[str]]
    scale: Scale
    named: list[str]
    said: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)  # names at the side that no scale has
    beyond: list[str] = field(default_factory=list)  # texts that reach over the right end
    young: list[int] = field(default_factory=list)
    width: int = WIDTH
    height: int = HEIGHT


def data(rows: list[dict[str, Any]]) -> Spec:
    """Rows as a specification holds them."""
    return {"values": rows}


def across(plot: Plot, name: str = "x", **more: Any) -> Spec:
    """The horizontal channel: columns by their number."""
    domain = list(range(len(plot.labels)))
    return {"field": name, "type": "ordinal", "axis": None, "scale": {"domain": domain}, **more}


def up(plot: Plot, name: str = "y", **more: Any) -> Spec:
    """The vertical channel, over the scale of the plot."""
    domain = [plot.scale.low, plot.scale.high]
    return {
        "field": name,
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": domain, "nice": False, "zero": False},
        **more,
    }


def layer(rows: list[dict[str, Any]], mark: Spec, **encoding: Spec) -> Spec:
    """One layer: its own rows, a mark, and what decides how each looks."""
    return {"data": data(rows), "mark": mark, "encoding": encoding}


def frame(plot: Plot, *layers: Spec) -> Spec:
    """The whole specification: the layers, with what is behind and in front of them."""
    behind = [*_young(plot), _grid(plot), _named(plot)]
    before = [_labels(plot), *_hits(plot)]
    return {
        "$schema": SCHEMA,
        "description": plot.title,
        "width": plot.width,
        "height": plot.height,
        "padding": _padding(plot),
        "background": None,
        "config": CONFIG,
        "layer": [*behind, *layers, *before],
    }


def _padding(plot: Plot) -> dict[str, int]:
    """Room at the sides, more where texts are, as the reader's font may be wider than the one they are measured in."""
    first, last = plot.labels[:1], plot.labels[-1:]
    texts = ([*plot.named, *plot.rows, *chain(*first)], [*plot.beyond, *chain(*last)])
    left, right = (EDGE + SPARE * min(max(map(len, side), default=0), LONGEST) for side in texts)
    return {"left": left, "right": right, "top": EDGE, "bottom": EDGE}


def _young(plot: Plot) -> list[Spec]:
    """Hatching behind the columns that have not ended."""
    rows = [{"x": place} for place in plot.young]
    return [layer(rows, _column(plot, HATCH), x=across(plot))] if rows else []


def _column(plot: Plot, fill: str) -> Spec:
    return {"type": "bar", "fill": fill, "y": 0, "y2": plot.height, "width": {"band": 1}}


def _grid(plot: Plot) -> Spec:
    rows = [{"y": tick} for tick in plot.scale.ticks]
    mark = {"type": "rule", "stroke": LINE, "x": 0, "x2": plot.width}
    return layer(rows, mark, y=up(plot))


def _named(plot: Plot) -> Spec:
    rows = [{"y": tick, "text": text} for tick, text in zip(plot.scale.ticks, plot.named, strict=True)]
    mark = {"type": "text", "align": "right", "baseline": "middle", "x": -8}
    return layer(rows, mark, y=up(plot), text={"field": "text"})


def _labels(plot: Plot) -> Spec:
    rows = [{"x": place, "text": lines} for place, lines in enumerate(plot.labels) if any(lines)]
    mark = {"type": "text", "baseline": "top", "y": plot.height + BELOW, "lineHeight": LINE_HEIGHT}
    return layer(rows, mark, x=across(plot), text={"field": "text"})


def _hits(plot: Plot) -> list[Spec]:
    """A column of nothing over each column, to point at."""
    rows = [{"x": place, "text": text} for place, text in enumerate(plot.said) if text]
    mark = _column(plot, "transparent") | {"aria": True}
    encoding = {"x": across(plot), "description": {"field": "text"}, "tooltip": {"field": "text"}}
    return [layer(rows, mark, **encoding)] if rows else []

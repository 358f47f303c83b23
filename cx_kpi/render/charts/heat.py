"""A heat map: a coloured cell for each row and column, darker where there is more."""

from typing import Any

from cx_kpi.render import pictures
from cx_kpi.render.charts import texts
from cx_kpi.render.charts.frame import WIDTH, Plot, across, frame, layer
from cx_kpi.render.charts.palette import HATCH, HEAT, PALE, TEXT, Spec
from cx_kpi.render.charts.scale import Scale
from cx_kpi.report import Exhibit
from cx_kpi.words import Words

WIDE, CELL_HEIGHT = 640, 24
MANY = 12  # more columns than this need the whole width
ROOM = 42  # pixels a cell needs to show its value
DARK = 4  # from this level on, text is pale


def heat(exhibit: Exhibit, grain: str, words: Words) -> Spec:
    """The cells of an exhibit; values in them where they are wide enough."""
    plot = _plot(exhibit, grain, words)
    cells = _cells(exhibit, pictures.columns(exhibit, grain, words), words)
    x, y = across(plot), _down(exhibit)
    cell = {"type": "rect", "width": {"band": 0.95}, "height": {"band": 0.93}}
    spoken = {"description": {"field": "text"}, "tooltip": {"field": "text"}}
    color = {"field": "fill", "type": "nominal", "scale": None, "legend": None}
    layers = [layer(cells, cell | {"aria": True}, x=x, y=y, color=color, **spoken)]
    young = [cell for cell in cells if cell["young"]]
    layers += [layer(young, cell | {"fill": HATCH}, x=x, y=y)] if young else []
    if plot.width / len(exhibit.columns) >= ROOM:
        ink = {"field": "ink", "type": "nominal", "scale": None, "legend": None}
        mark = {"type": "text", "baseline": "middle"}
        layers.append(layer(cells, mark, x=x, y=y, color=ink, text={"field": "value"}))
    return frame(plot, *layers, _names(exhibit))


def is_wide(exhibit: Exhibit) -> bool:
    """Whether a heat map needs the whole width of a page."""
    return len(exhibit.columns) > MANY


def _plot(exhibit: Exhibit, grain: str, words: Words) -> Plot:
    width = WIDE if is_wide(exhibit) else WIDTH
    labels = texts.labels(exhibit, grain, width / max(len(exhibit.columns), 1), words)
    height = CELL_HEIGHT * len(exhibit.rows)
    return Plot(exhibit.title, labels, Scale(0.0, 1.0, []), [], width=width, height=height)


def _cells(exhibit: Exhibit, names: list[str], words: Words) -> list[dict[str, Any]]:
    known = [value for row in exhibit.rows for value in row.values if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    found = []
    for y, row in enumerate(exhibit.rows):
        for x, value in enumerate(row.values):
            if value is None:
                continue
            level = _level(value, min(low, 0.0) if low < high / 2 else low, high)
            text = words.value(value, exhibit.unit)
            young = bool(row.young and row.young[x])
            found.append(
                {
                    "x": x,
                    "y": y,
                    "fill": HEAT[0] if young else HEAT[level],
                    "ink": PALE if level >= DARK and not young else TEXT,
                    "value": text,
                    "young": young,
                    "text": texts.said(f"{row.name}, {names[x]}", [text], young, words),
                }
            )
    return found


def _level(value: float, low: float, high: float) -> int:
    share = (value - low) / (high - low) if high > low else 0.5
    return min(int(share * len(HEAT)), len(HEAT) - 1)


def _down(exhibit: Exhibit) -> Spec:
    domain = list(range(len(exhibit.rows)))
    return {"field": "y", "type": "ordinal", "axis": None, "scale": {"domain": domain}}


def _names(exhibit: Exhibit) -> Spec:
    rows = [{"y": place, "text": row.name} for place, row in enumerate(exhibit.rows)]
    mark = {"type": "text", "align": "right", "baseline": "middle", "x": -8, "limit": 150}
    return layer(rows, mark, y=_down(exhibit), text={"field": "text"})

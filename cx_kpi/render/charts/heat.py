"""A heat map: a coloured cell for each row and column, darker where there is more."""

from typing import Any

from cx_kpi.model.chart_data import Chart
from cx_kpi.render.charts import texts
from cx_kpi.render.charts.frame import WIDTH, Plot, across, frame, layer
from cx_kpi.render.charts.palette import HATCH, HEAT, PALE, TEXT, Spec
from cx_kpi.render.charts.scale import Scale
from cx_kpi.render.elements import chart_words
from cx_kpi.wording.units import Words

CELL_HEIGHT = 24
ROOM = 60  # pixels a cell needs to show its value
DARK = 5  # from this level on, text is pale
STEP = 14  # pixels of a level in the legend
ABOVE = -20  # where the legend is


def heat(exhibit: Chart, grain: str, words: Words, width: int = WIDTH) -> Spec:
    """The cells of an exhibit under what their colours mean; values in them where they are wide enough."""
    plot = _plot(exhibit, grain, words, width)
    cells = _cells(exhibit, chart_words.columns(exhibit, grain, words), words)
    x, y = across(plot), _down(exhibit)
    cell = {"type": "rect", "width": {"band": 0.95}, "height": {"band": 0.93}}
    spoken = {"description": {"field": "text"}, "tooltip": {"field": "text"}}
    layers = [layer(cells, cell | {"aria": True}, x=x, y=y, color=_as_said("fill"), **spoken)]
    young = [cell for cell in cells if cell["young"]]
    layers += [layer(young, cell | {"fill": HATCH}, x=x, y=y)] if young else []
    if plot.width / len(exhibit.columns) >= ROOM:
        mark = {"type": "text", "baseline": "middle"}
        layers.append(layer(cells, mark, x=x, y=y, color=_as_said("ink"), text={"field": "value"}))
    return frame(plot, *layers, _names(exhibit), *_legend(exhibit, words))


def _plot(exhibit: Chart, grain: str, words: Words, width: int) -> Plot:
    labels = texts.labels(exhibit, grain, width / max(len(exhibit.columns), 1), words)
    height = CELL_HEIGHT * len(exhibit.rows)
    rows = [row.name for row in exhibit.rows]
    return Plot(exhibit.title, labels, Scale(0.0, 1.0, []), [], rows=rows, width=width, height=height)


def _cells(exhibit: Chart, names: list[str], words: Words) -> list[dict[str, Any]]:
    low, high = _ends(exhibit)
    found = []
    for y, row in enumerate(exhibit.rows):
        for x, value in enumerate(row.values):
            if value is None:
                continue
            level = _level(value, low, high)
            text = words.value(value, exhibit.unit)
            young = bool(row.young and row.young[x])
            name = f"{row.name}, {names[x]}"
            found.append(
                {
                    "x": x,
                    "y": y,
                    "fill": HEAT[0] if young else HEAT[level],
                    "ink": PALE if level >= DARK and not young else TEXT,
                    "value": text,
                    "young": young,
                    "text": texts.said(words.dates.partly(name, over=False) if young else name, [text]),
                }
            )
    return found


def _ends(exhibit: Chart) -> tuple[float, float]:
    """What the palest and the darkest colour mean."""
    known = [value for row in exhibit.rows for value in row.values if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    return (min(low, 0.0) if low < high / 2 else low), high


def _level(value: float, low: float, high: float) -> int:
    share = (value - low) / (high - low) if high > low else 0.5
    return min(int(share * len(HEAT)), len(HEAT) - 1)


def _as_said(field: str) -> Spec:
    """Colours that the rows hold themselves."""
    return {"field": field, "type": "nominal", "scale": None, "legend": None}


def _legend(exhibit: Chart, words: Words) -> list[Spec]:
    """The colours from least to most, between the values that these are."""
    low, high = _ends(exhibit)
    if low == high:
        return []
    least, most = (words.value(end, exhibit.unit, trim=True) for end in (low, high))
    start = len(least) * texts.LETTER + 8
    boxes = [{"x": start + STEP * place, "fill": fill} for place, fill in enumerate(HEAT)]
    ends = [{"x": 0, "text": least}, {"x": start + STEP * len(HEAT) + 6, "text": most}]
    box = {"type": "rect", "y": ABOVE, "height": 10, "width": STEP - 1, "align": "left"}
    name = {"type": "text", "y": ABOVE, "align": "left", "baseline": "middle"}
    x = {"field": "x", "type": "quantitative", "scale": None, "axis": None}
    return [layer(boxes, box, x=x, color=_as_said("fill")), layer(ends, name, x=x, text={"field": "text"})]


def _down(exhibit: Chart) -> Spec:
    domain = list(range(len(exhibit.rows)))
    return {"field": "y", "type": "ordinal", "axis": None, "scale": {"domain": domain}}


def _names(exhibit: Chart) -> Spec:
    rows = [{"y": place, "text": row.name} for place, row in enumerate(exhibit.rows)]
    mark = {"type": "text", "align": "right", "baseline": "middle", "x": -8, "limit": 150}
    return layer(rows, mark, y=_down(exhibit), text={"field": "text"})

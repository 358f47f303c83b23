"""Charts: Vega-Lite specifications as plain dicts, and their drawings.

`of_exhibit(exhibit, grain, words, width)` and `trend(reading, points, grain, words, width)` give a specification,
`svg(spec)` and `png(spec)` draw it; `begin()` starts what draws.
"""

from functools import cache
from threading import Thread

from cx_kpi.render.charts.kinds import of_exhibit
from cx_kpi.render.charts.live import live, runtime
from cx_kpi.render.charts.palette import Spec, literal
from cx_kpi.render.charts.svg import slim
from cx_kpi.render.charts.trend_chart import trend

__all__ = ["Spec", "begin", "live", "of_exhibit", "png", "runtime", "svg", "trend"]


@cache
def begin() -> None:
    """Start what draws charts, beside other work: it takes as long as the report on a small file."""
    import vl_convert

    nothing = {"data": {"values": []}, "mark": "point"}
    Thread(target=vl_convert.vegalite_to_svg, args=(nothing,), name="charts").start()


def svg(spec: Spec) -> str:
    """The chart as an `svg` element for a page that knows the colours' names."""
    import vl_convert

    return slim(vl_convert.vegalite_to_svg(spec), spec["description"])


def png(spec: Spec, scale: float = 2.0) -> bytes:
    """The chart as a picture on white, `scale` pixels a unit."""
    import vl_convert

    return vl_convert.vegalite_to_png(literal(spec) | {"background": "white", "padding": 8}, scale=scale)

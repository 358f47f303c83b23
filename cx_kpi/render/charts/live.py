"""Charts that answer: their specifications for the page's script, and the Vega runtime that draws them there."""

import json
from copy import deepcopy

from cx_kpi.render.charts.palette import Spec
from cx_kpi.render.files.json import plain

RUNTIME = "window.vegaEmbed = vegaEmbed;"
FAINT = 0.15


def live(spec: Spec) -> str:
    """The specification as JSON that a page can hold; a click on a name of the legend shows it alone."""
    return json.dumps(plain(_chosen(spec)), ensure_ascii=False).replace("<", "\\u003c")


def runtime() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, from what draws the static charts."""
    import vl_convert

    return vl_convert.javascript_bundle(RUNTIME).replace("</script", "<\\/script").replace("<!--", "\\x3c!--")


def _chosen(spec: Spec) -> Spec:
    """With a legend: what is not chosen in it becomes faint."""
    spec = deepcopy(spec)
    named = [
        layer for layer in spec["layer"] if "legend" not in layer["encoding"].get("color", {"legend": 0})
    ]
    for place, layer in enumerate(named):
        if place == 0:
            chosen = {"name": "chosen", "select": {"type": "point", "fields": ["row"]}, "bind": "legend"}
            layer["params"] = [chosen]
        layer["encoding"]["opacity"] = {"condition": {"param": "chosen", "value": 1}, "value": FAINT}
    return spec

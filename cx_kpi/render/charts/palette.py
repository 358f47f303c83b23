"""The colours of charts: custom properties of the page, and their values for pictures outside of it."""

from typing import Any

from cx_kpi.model.values import Scale

Spec = dict[str, Any]

LIGHT = {
    "--text": "#16191d",
    "--muted": "#59626d",
    "--line": "#e2e5e9",
    "--bad": "#a3201c",
    "--c1": "#0b6b6b",
    "--c2": "#d98a1f",
    "--c3": "#5b6fb5",
    "--c4": "#b5508a",
    "--c5": "#7a9a3a",
    "--c6": "#8a8f98",
    "--n1": "#0b6b6b",
    "--n2": "#c3c9d0",
    "--n3": "#cc6138",
    "--band": "#cfe3e2",
    "--h0": "#f3f6f6",
    "--h1": "#dcebea",
    "--h2": "#b9d8d6",
    "--h3": "#8fc0bd",
    "--h4": "#5fa3a0",
    "--h5": "#31807e",
    "--h6": "#0b5a5a",
    "--pale": "#ffffff",
    "--ground": "#ffffff",
}
HATCH = "url(#hatch)"  # a pattern of the page
_HATCHED = "#eceef0"

TEXT, MUTED, LINE, BAD, BAND, PALE, GROUND = (
    f"var(--{name})" for name in ("text", "muted", "line", "bad", "band", "pale", "ground")
)
SERIES = [f"var(--c{place})" for place in range(1, 7)]
HEAT = [f"var(--h{level})" for level in range(7)]
NET = [f"var(--n{place})" for place in range(1, 4)]


def shades(scale: Scale, count: int) -> list[str]:
    """A colour for each of N rows: one hue that darkens where they are in order, else different ones."""
    if scale == "ordered":
        first = max(1, len(HEAT) - count)  # the palest are hardly seen
        return [
            HEAT[round(first + (len(HEAT) - 1 - first) * place / max(count - 1, 1))] for place in range(count)
        ]
    colors = NET if scale == "net" else SERIES
    return [colors[min(place, len(colors) - 1)] for place in range(count)]


def on_white(color: str) -> str:
    """The value of a colour's name, for pictures outside of the page."""
    return LIGHT.get(color.removeprefix("var(").removesuffix(")"), color)


def literal(spec: Spec) -> Spec:
    """The specification with colours instead of their names, for a picture outside of the page."""
    colours = {f"var({name})": colour for name, colour in LIGHT.items()} | {HATCH: _HATCHED}
    plain: Spec = _coloured(spec, colours)
    return plain


def _coloured(value: Any, colours: dict[str, str]) -> Any:
    match value:
        case dict():
            return {key: _coloured(each, colours) for key, each in value.items()}
        case list():
            return [_coloured(each, colours) for each in value]
        case str():
            return colours.get(value, value)
        case _:
            return value

"""Sparklines: a row of block characters, or an inline SVG drawing; gaps stay gaps."""

from collections.abc import Sequence

BLOCKS = "▁▂▃▄▅▆▇█"
GAP = "\u00a0"
WIDTH, HEIGHT, EDGE = 120, 24, 3  # of the drawing, in its own units

Values = Sequence[float | None]


def blocks(values: Values, most: int | None = None) -> str:
    """One character a value, the last `most` of them; empty where fewer than two values are known."""
    shown = list(values)[-most:] if most else list(values)
    known = [value for value in shown if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    return "".join(GAP if value is None else BLOCKS[_level(value, low, high)] for value in shown)


def _level(value: float, low: float, high: float) -> int:
    top = len(BLOCKS) - 1
    if high == low:
        return top // 2 if value else 0  # nothing but zeros lies at the bottom
    return round((value - low) / (high - low) * top)


def lines(values: Values) -> list[str]:
    """The `points` of one SVG polyline for each unbroken run of values; one alone is a dot."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return []
    low, high = min(known), max(known)
    runs: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(_point(place / (len(values) - 1), _up(value, low, high)))
    return [" ".join(run * 2 if len(run) == 1 else run) for run in runs if run]


def _point(across: float, up: float) -> str:
    x = EDGE + across * (WIDTH - 2 * EDGE)
    return f"{round(x, 1):g},{round(up, 1):g}"


def stripe(values: Values, low: float, high: float) -> dict[str, str]:
    """Where the range from `low` to `high` lies in that drawing: `y` and `height`; empty where nothing is drawn."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return {}
    least, most = min(known), max(known)
    top, bottom = (_up(min(max(end, least), most), least, most) for end in (high, low))
    return {"y": f"{round(top, 1):g}", "height": f"{round(bottom - top, 1):g}"}


def _up(value: float, low: float, high: float) -> float:
    up = (value - low) / (high - low) if high > low else 0.5 * (value != 0)
    return HEIGHT - EDGE - up * (HEIGHT - 2 * EDGE)

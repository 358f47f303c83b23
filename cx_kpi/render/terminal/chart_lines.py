"""Exhibits in a terminal: bars, shares of bars, rows of blocks, and shaded cells."""

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from rich.cells import cell_len
from rich.text import Text

from cx_kpi.model.chart_data import ChartKind
from cx_kpi.render.elements.report_view import Picture
from cx_kpi.render.elements.spark import blocks
from cx_kpi.render.terminal.text_columns import ACCENT, broken, cropped
from cx_kpi.wording.language import Language
from cx_kpi.wording.units import Words

EIGHTHS = " ▏▎▍▌▋▊▉█"
PARTS = (("█", "cyan"), ("▓", "yellow"), ("▒", "green"), ("░", "magenta"), ("▚", "blue"))
STEPS = tuple((glyph, "cyan") for glyph in "·░▒▓█")  # from least to most
NET = (("█", "green"), ("▒", "dim"), ("▓", "red"))  # for, neutral, against
SHADES = " ░▒▓█"
NAME = 24  # cells
COLUMNS = 12  # of a stack, the last
BARS = 14  # of other bars, the first
WIDEST = 50  # cells of a bar

Values = Sequence[float | None]


def chart_lines(pictures: Sequence[Picture], language: Language, width: int) -> Iterator[Text]:
    """Every picture under its title."""
    for picture in pictures:
        yield from (Text(line, ACCENT) for line in broken(picture.title, width))
        yield from _draw(picture)(picture, language, width)
        yield Text("")


def _draw(picture: Picture) -> Callable[[Picture, Language, int], Iterator[Text]]:
    if picture.kind == ChartKind.HEAT:
        return _heat
    if picture.kind == ChartKind.STACK and len(picture.names) <= len(PARTS):
        return _stack
    if picture.kind in (ChartKind.BARS, ChartKind.PARETO) and len(picture.names) == 1:
        return _bars
    return _rows


def _bars(picture: Picture, language: Language, width: int) -> Iterator[Text]:
    """A bar for each head; of a Pareto with the share of the whole up to it."""
    values = [value or 0.0 for value in picture.values[0]]
    said = [cell.text for cell in picture.table.rows[0][1:]]
    running = _running(values, language) if picture.kind == ChartKind.PARETO else [""] * len(values)
    names, edge = _names(picture.heads)
    room = min(width - edge - 4 - max(map(cell_len, said)) - max(map(len, running)), WIDEST)
    top = max(values) or 1.0
    for name, value, text, share in list(zip(names, values, said, running, strict=True))[:BARS]:
        line = Text(_filled(name, edge) + "  ")
        line.append(_bar(value / top, room), "cyan")
        line.append(f" {text}")
        line.append(f"  {share}" if share else "", "dim")
        yield line
    if len(values) > BARS:
        yield Text(f"… {language('{n} more', n=len(values) - BARS)}", "dim")


def _running(values: Sequence[float], language: Language) -> list[str]:
    numerals = Words(language).numerals
    whole = sum(values) or 1.0
    return [numerals.decimal(value / whole * 100) + numerals.percent for value in accumulate(values)]


def _stack(picture: Picture, _language: Language, width: int) -> Iterator[Text]:
    """A bar for each head, made of its parts; what the parts are below."""
    columns = [[value or 0.0 for value in column] for column in zip(*picture.values, strict=True)][-COLUMNS:]
    names, edge = _names(picture.heads[-COLUMNS:])
    room = min(width - edge - 2, WIDEST)
    top = max(map(sum, columns)) or 1.0
    for name, column in zip(names, columns, strict=True):
        line = Text(_filled(name, edge) + "  ")
        marks = [round(total / top * room) for total in accumulate(column, initial=0.0)]
        for (glyph, style), start, end in zip(_parts(picture), marks, marks[1:], strict=False):
            line.append(glyph * (end - start), style)
        yield line
    yield from _legend(picture, edge + 2, width)


def _parts(picture: Picture) -> Sequence[tuple[str, str]]:
    """A glyph and its style for each name."""
    ordered = STEPS[-len(picture.names) :]
    return {"parts": PARTS, "ordered": ordered, "net": NET}[picture.scale]


def _legend(picture: Picture, margin: int, width: int) -> Iterator[Text]:
    """What each glyph means, in as many lines as that takes."""
    line = Text(" " * margin)
    for (glyph, style), name in zip(_parts(picture), picture.names, strict=False):
        item = Text.assemble((f"{glyph} ", style), f"{name}  ")
        if len(line) > margin and line.cell_len + item.cell_len > width:
            yield line
            line = Text(" " * margin)
        line += item
    yield line


def _rows(picture: Picture, _language: Language, width: int) -> Iterator[Text]:
    """A row of blocks for each name, and its latest value."""
    names, edge = _names(picture.names)
    for name, values, cells in zip(names, picture.values, picture.table.rows, strict=True):
        latest = next((cell.text for cell in reversed(cells[1:]) if cell.text), "")
        drawn = blocks(values, width - edge - 4 - cell_len(latest))
        yield Text.assemble(_filled(name, edge), "  ", (drawn, "cyan"), f"  {latest}")
    if picture.heads:
        yield Text(f"{' ' * (edge + 2)}{picture.heads[0]} – {picture.heads[-1]}", "dim")


def _heat(picture: Picture, _language: Language, width: int) -> Iterator[Text]:
    """A shaded cell for each value, as wide as the width allows, and what is most."""
    known = [value for line in picture.values for value in line if value is not None]
    low, high = min(known), max(known)
    names, edge = _names(picture.names)
    widest = max(map(cell_len, picture.heads)) + 1
    cell = max(min((width - edge - 2) // len(picture.heads), widest), 1)
    yield Text(" " * (edge + 2) + _scale(picture.heads, cell), "dim")
    for name, values in zip(names, picture.values, strict=True):
        shades = "".join(" " * cell if value is None else _shade(value, low, high) * cell for value in values)
        yield Text.assemble(_filled(name, edge), "  ", (shades, "cyan"))
    least, most = _said(picture, low), _said(picture, high)
    yield Text(f"{' ' * (edge + 2)}{SHADES[1]} {least} – {SHADES[-1]} {most}", "dim")


def _shade(value: float, low: float, high: float) -> str:
    share = (value - low) / (high - low) if high > low else 1.0
    return SHADES[1 + min(int(share * 4), 3)]


def _said(picture: Picture, value: float) -> str:
    """The text of the first cell that holds the value."""
    for values, cells in zip(picture.values, picture.table.rows, strict=True):
        if value in values:
            return cells[1 + values.index(value)].text
    return ""


def _scale(heads: Sequence[str], cell: int) -> str:
    """The heads above their cells, as many as there is room for."""
    line = ""
    for place, head in enumerate(heads):
        start = place * cell
        if cell_len(line) <= start:
            line += " " * (start - cell_len(line)) + head + " "
    return line.rstrip()


def _bar(share: float, room: int) -> str:
    whole, part = divmod(round(share * room * 8), 8)
    return "█" * whole + (EIGHTHS[part] if part else "")


def _names(names: Sequence[str]) -> tuple[list[str], int]:
    """The names, none longer than a column, and how wide that is."""
    shown = [cropped(name, NAME) for name in names]
    return shown, max(map(cell_len, shown))


def _filled(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))

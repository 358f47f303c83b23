"""The receipt of a number for a terminal, as Markdown and as JSON."""

from collections.abc import Iterator
from dataclasses import replace

from rich.cells import cell_len
from rich.text import Text

from cx_kpi.model.documents.receipt import Receipt
from cx_kpi.render.documents.receipt_view import Section, Sheet, sheet
from cx_kpi.render.elements.report_view import Cell, Fact, Table, filled
from cx_kpi.render.elements.sanitise import cleaned
from cx_kpi.render.files import json
from cx_kpi.render.terminal.terminal_report import WIDTH, paragraph, printed
from cx_kpi.render.terminal.text_columns import GAP, Column, Piece, broken, first, headlines, needed, rest
from cx_kpi.render.text.markdown import escape
from cx_kpi.wording.language import Language
from cx_kpi.wording.units import Words

LABEL = 22  # cells


def as_json(receipt: Receipt) -> str:
    """The receipt as JSON text, a newline at its end."""
    return json.dumps(receipt.as_dict())


def _sheet(receipt: Receipt) -> Sheet:
    words = Words(Language(receipt.language), receipt.window.year_starts if receipt.window else 1)
    return sheet(cleaned(receipt), words)


def render(receipt: Receipt, width: int = WIDTH, color: bool = False, unicode: bool = True) -> str:
    """The receipt in lines of at most `width` cells; without `unicode`: no glyphs beyond letters."""
    return printed(_lines(_sheet(receipt), width), width, color, unicode)


def _lines(shown: Sheet, width: int) -> Iterator[Text]:
    yield from paragraph(shown.title, width, style="bold")
    yield from paragraph(shown.about, width, style="dim")
    yield Text("")
    yield Text(shown.value, "bold")
    for section in shown.sections:
        yield Text("")
        yield from headlines(section.title, (), width, width)
        yield from _facts(section.facts, width)
        for table in section.tables:
            yield from _table(_addressed(filled(table)), width)


def _facts(facts: list[Fact], width: int) -> Iterator[Text]:
    """Labels in a column, their texts in the next."""
    room = min(max((cell_len(fact.label) for fact in facts), default=0), LABEL)
    lead = room + GAP if room else 0
    for fact in facts:
        labels, texts = broken(fact.label, max(room, 1)), broken(fact.text, width - lead)
        for place in range(max(len(labels), len(texts))):
            label = labels[place] if place < len(labels) else ""
            text = texts[place] if place < len(texts) else ""
            yield Text.assemble((label + " " * (lead - cell_len(label)), "dim"), text)


def _table(table: Table, width: int) -> Iterator[Text]:
    """The table; columns for which there is no room go below, a line for each row."""
    names = [Piece(row[0].text) for row in table.rows]
    columns = [
        Column(head, [Piece(row[place].text) for row in table.rows])
        for place, head in enumerate(table.heads[1:], start=1)
    ]
    longest = max(cell_len(text) for text in (table.heads[0], *(name.text for name in names)))
    kept = columns[:]
    while len(kept) > 1 and needed(kept) + min(longest, width // 3) > width:
        kept.pop()
    room = max(min(longest, width - needed(kept)), 1)
    if any(table.heads):
        head = Text(table.heads[0] + " " * (room - cell_len(table.heads[0])), "dim")
        yield head + rest([Column("", [Piece(each.head, "dim"), *each.pieces]) for each in kept], 0)
    for place, name in enumerate(names):
        start, *more = first(name, room)
        yield start + rest([Column("", [Piece(each.head), *each.pieces]) for each in kept], place + 1)
        yield from more
        yield from _below(columns[len(kept) :], place, width)


def _addressed(table: Table) -> Table:
    """The table with the addresses of its rows in a last column, where they have some."""
    if not any(row[0].link for row in table.rows):
        return table
    rows = [[*row, Cell(row[0].link)] for row in table.rows]
    return replace(table, heads=[*table.heads, ""], rows=rows)


def _below(columns: list[Column], place: int, width: int) -> Iterator[Text]:
    """The cells of one row for which there is no room next to the others."""
    cells = [f"{each.head} {each.pieces[place].text}" for each in columns if each.pieces[place].text]
    if cells:
        yield from paragraph(" · ".join(cells), width - 2, "  ", style="dim")


def markdown(receipt: Receipt) -> str:
    """The receipt as Markdown text; every text in it is shown as it is."""
    shown = _sheet(receipt)
    parts = [f"# {escape(shown.title)}", escape(shown.about), f"**{escape(shown.value)}**"]
    parts += [part for section in shown.sections for part in _markdown(section)]
    return "\n\n".join(parts) + "\n"


def _markdown(section: Section) -> Iterator[str]:
    yield f"## {escape(section.title)}"
    lines = [": ".join(filter(None, (escape(fact.label), escape(fact.text)))) for fact in section.facts]
    if lines:
        yield "\n".join(f"- {line}" for line in lines)
    for table in map(filled, section.tables):
        yield "\n".join(_rows(table))


def _rows(table: Table) -> Iterator[str]:
    yield f"| {' | '.join(map(escape, table.heads))} |"
    yield f"|---|{'---:|' * (len(table.heads) - 1)}"
    for row in table.rows:
        yield f"| {' | '.join(map(_cell, row))} |"


def _cell(cell: Cell) -> str:
    """The text, as a link where it has an address."""
    return f"[{escape(cell.text)}](<{cell.link}>)" if cell.link else escape(cell.text)

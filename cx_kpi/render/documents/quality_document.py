"""The check of data for a terminal, as JSON, as a page and as Markdown."""

from collections.abc import Iterator
from dataclasses import asdict

from rich.cells import cell_len
from rich.text import Text

from cx_kpi.model.documents.quality import Quality
from cx_kpi.render.documents.quality_view import Checked, Sheet, Trouble, view
from cx_kpi.render.elements.report_view import Tone
from cx_kpi.render.files import json
from cx_kpi.render.terminal.marks import ALARM, STYLE
from cx_kpi.render.terminal.terminal_report import WIDTH, paragraph, printed
from cx_kpi.render.terminal.text_columns import Column, Piece, broken, cropped, first, headlines, needed, rest
from cx_kpi.wording.language import Language

HEADER = 28  # cells


def as_json(quality: Quality) -> str:
    """The check as JSON text, a newline at its end."""
    return json.dumps(quality.as_dict())


def as_page(quality: Quality) -> str:
    """The check as one HTML page that needs nothing else and runs nothing."""
    from markupsafe import Markup

    from cx_kpi.render.charts.palette import LIGHT
    from cx_kpi.render.page.policy import policy
    from cx_kpi.render.templating.template_values import environment

    sandbox = environment(Language(quality.language))
    parts = (sandbox.get_template(f"parts/{name}.css").render(palette=LIGHT) for name in ("report", "check"))
    style = "".join(parts)
    shown = {"style": Markup(style), "policy": policy([style], [])}  # noqa: S704 - ours
    return sandbox.get_template("check.html").render(asdict(view(quality, whole=True)) | shown)


def as_markdown(quality: Quality) -> str:
    """The check as Markdown text."""
    from cx_kpi.render.templating.template_values import environment
    from cx_kpi.render.text.markdown import finalize

    sandbox = environment(Language(quality.language), finalize=finalize)
    return sandbox.get_template("check.md").render(asdict(view(quality, whole=True)))


def render(quality: Quality, width: int = WIDTH, color: bool = False, unicode: bool = True) -> str:
    """The check in lines of at most `width` cells; without `unicode`: no glyphs beyond letters."""
    return printed(_lines(view(quality), Language(quality.language), width), width, color, unicode)


def _lines(shown: Sheet, language: Language, width: int) -> Iterator[Text]:
    yield from paragraph(f"{shown.title} · {shown.totals}", width, style="bold")
    for file in shown.files:
        yield Text("")
        yield from _file(file, width)
    if shown.problems:
        yield Text("")
        yield from headlines(language("Problems"), (), width, width)
    for each in shown.problems:
        yield from _problem(each, width)
    if shown.left_out:
        yield Text("")
        yield from headlines(language("Cannot be computed"), (), width, width)
    for reason in shown.left_out:
        yield from paragraph(f"{reason.why}: {', '.join(reason.titles)}", width, "· ", "dim")


def _file(file: Checked, width: int) -> Iterator[Text]:
    fields = [row[0].text for row in file.table.rows]
    longest = max(map(cell_len, (file.name, *fields)))
    columns = _columns(file)
    while len(columns) > 1 and needed(columns) + longest > width:
        columns.pop()
    room = min(max(width - needed(columns), 1), longest)
    yield from headlines(file.name, columns, room, width)
    yield from paragraph(" · ".join(file.about), width, style="dim")
    for choice in file.reading:
        yield from paragraph(choice, width, style="dim")
    for place, row in enumerate(file.table.rows):
        start, *more = first(Piece(row[0].text, "" if row[3].text else "dim"), room)
        yield start + rest(columns, place)
        yield from more
    for left in filter(None, (file.cuts, file.unused)):
        yield from paragraph(left, width, style="dim")


def _columns(file: Checked) -> list[Column]:
    """The most telling columns first: a narrow terminal goes without the last."""
    _, *heads = file.table.heads
    filled, readable, metrics, header = ([row[place] for row in file.table.rows] for place in range(1, 5))
    return [
        Column(heads[0], [Piece(cell.text) for cell in filled]),
        Column(heads[1], [Piece(cell.text, "red" if cell.tone is Tone.BAD else "") for cell in readable]),
        Column(heads[2], [Piece(cell.text, "dim") for cell in metrics]),
        Column(heads[3], [Piece(cropped(cell.text, HEADER), "dim") for cell in header], right=False),
    ]


def _problem(trouble: Trouble, width: int) -> Iterator[Text]:
    told = trouble.remark
    style = STYLE[told.tone]
    text = f"{told.table}: {told.text}" if told.table else told.text
    yield from paragraph(text, width, f"{ALARM} " if style else "· ", style or "dim")
    if trouble.effect:
        for line in broken(trouble.effect, width - 4):
            yield Text(f"    {line}", "dim")

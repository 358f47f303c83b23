"""The report for a terminal: findings, metrics by group, segments, what was left out, notices."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rich.color import ColorSystem
from rich.style import Style
from rich.text import Text

from cx_kpi.model.options import Look
from cx_kpi.model.report import Report
from cx_kpi.render.elements.report_view import Reason, Remark, Story, Tone, View
from cx_kpi.render.elements.sanitise import cleaned
from cx_kpi.render.terminal.cut_lines import cut_lines
from cx_kpi.render.terminal.marks import ALARM, STYLE, plain
from cx_kpi.render.terminal.metric_lines import metric_lines
from cx_kpi.render.terminal.more import listed
from cx_kpi.render.terminal.text_columns import ACCENT, broken, headlines
from cx_kpi.render.view.notice_order import merged
from cx_kpi.render.view.present import view
from cx_kpi.wording.language import Language
from cx_kpi.wording.numerals import numerals

NARROWEST, WIDTH = 40, 100
MOST = 4  # remarks, and titles for one reason, that are shown; the other formats have all
FEW = 3  # reasons that are all shown


def render(
    report: Report, width: int = WIDTH, color: bool = False, unicode: bool = True, look: Look | None = None
) -> str:
    """The report in lines of at most `width` cells; without `unicode`: no glyphs beyond letters."""
    report = replace(report, notices=merged(report.notices, numerals(report.language)))
    static, room = look is not None and look.charts == "static", max(width, NARROWEST)
    shown = view(report, look, periods=False, pictures=static)
    drawn = _charts(report, shown, room) if static else ()
    full = look is not None and look.full
    lines = _lines(shown, drawn, Language(report.language), room, unicode, full=full)
    return printed(lines, width, color, unicode)


def _charts(report: Report, shown: View, width: int) -> Iterator[Text]:
    from cx_kpi.render.terminal.chart_lines import chart_lines
    from cx_kpi.render.terminal.trend_lines import trend_lines

    yield from trend_lines(cleaned(report), shown, width)
    yield from chart_lines(shown.pictures, Language(report.language), width)


def printed(lines: Iterable[Text], width: int, color: bool, unicode: bool) -> str:
    """The lines as a terminal of that width takes them."""
    said = []
    for line in lines:
        line.rstrip()
        line.truncate(max(width, NARROWEST))  # joined letters may be wider than their parts
        said.append(f"{_painted(line) if color else line.plain}\n")
    text = "".join(said)
    return text if unicode else plain(text)


class _Styles:
    """All that a text asks of a console, whose import takes longer than the text of a report."""

    @staticmethod
    def get_style(name: str | Style, *, default: Style) -> Style:  # noqa: ARG004
        """What a style is called, as it is drawn."""
        return name if isinstance(name, Style) else Style.parse(name)


def _painted(line: Text) -> str:
    """The line with the codes of its colours."""
    parts = Text().join([line]).render(_Styles())  # type: ignore[arg-type]  # its own style becomes a part of it
    return "".join(
        part.style.render(part.text, color_system=ColorSystem.STANDARD) if part.style else part.text
        for part in parts
    )


def _lines(
    shown: View, charts: Iterable[Text], language: Language, width: int, glyphs: bool, *, full: bool
) -> Iterator[Text]:
    if shown.alarm:
        yield from paragraph(shown.alarm, width, f"{ALARM} ", STYLE[Tone.BAD])
    yield from paragraph(f"{shown.title} · {shown.period}", width, style="bold")
    yield from paragraph(" · ".join(filter(None, (shown.moment, shown.rows_line))), width, style="dim")
    if shown.where:
        yield from paragraph(shown.where, width)
    yield Text("")
    for story in shown.stories:
        yield from paragraph(story.text, width, "• ", ACCENT)
        yield from _account(story, width)
    if shown.look_at:
        yield from paragraph(shown.look_at, width, "• ", ACCENT)
    if shown.stories or shown.look_at:
        yield Text("")
    figures = [*metric_lines(shown.groups, shown.heads, width, glyphs)]
    if shown.groups:
        yield from paragraph(" · ".join(_legend(shown, figures)), width, style="dim")
    yield from figures
    yield from charts
    for cut in shown.cuts:
        yield from cut_lines(cut, language, width)
    yield from _left_out(shown, language, width, full=full)
    yield from _remarks(shown.remarks, language, width, full=full)
    yield from _end(shown, width)


def _legend(shown: View, figures: list[Text]) -> Iterator[str]:
    """What the short words and signs before the figures mean, and the interval, where its column is there."""
    interval = shown.heads.interval
    yield from (fact.said for fact in shown.legend)
    if any(interval in line.plain for line in figures):
        yield from (fact.said for fact in shown.key if fact.label == interval)


def _account(story: Story, width: int) -> Iterator[Text]:
    """What a change is made of, in a few lines under its finding."""
    opened = story.opened
    if opened is None:
        return
    yield from paragraph(f"{opened.title}: {opened.summed}", width, "  ", style="dim")
    if opened.reversed:
        yield from paragraph(opened.reversed, width, "  · ", "dim", "dim")


def _end(shown: View, width: int) -> Iterator[Text]:
    """What the columns and signs mean, business hours, and what made the report."""
    yield Text("")
    words = (
        fact for fact in shown.key if fact.beside and fact.label[:1].isalpha()
    )  # signs are in the legend
    signs = ". ".join(f"{fact.label}: {fact.text}" for fact in words)
    made = " · ".join(filter(None, (shown.hours, shown.tool, shown.configuration)))
    for text in filter(None, (signs, made)):
        yield from paragraph(text, width, style="dim")


def _left_out(shown: View, language: Language, width: int, *, full: bool) -> Iterator[Text]:
    """Reasons, where they are few or all are asked for, else what to bring first."""
    if shown.left_out:
        yield from headlines(language("Left out"), (), width, width)
    if len(shown.left_out) > FEW and shown.bring and not full:
        yield from paragraph(shown.bring, width, "· ", "dim", "dim")
        yield from listed(language("why of each"), language, width)
        return
    for reason in shown.left_out:
        yield from paragraph(_reason(reason, language, full=full), width, "· ", "dim", "dim")


def _reason(reason: Reason, language: Language, *, full: bool) -> str:
    """`no file of tickets: Backlog, Reopened and 3 more`."""
    most = len(reason.titles) if full else MOST
    more = len(reason.titles) - most
    titles = ", ".join(reason.titles[:most])
    rest = [language("and {n} more", n=more)] if more > 0 else []
    return f"{reason.why}: {' '.join([titles, *rest])}"


def _remarks(remarks: list[Remark], language: Language, width: int, *, full: bool) -> Iterator[Text]:
    if remarks:
        yield from headlines(language("Notices"), (), width, width)
    most = len(remarks) if full else MOST
    for remark in remarks[:most]:
        text = f"{remark.table}: {remark.text}" if remark.table else remark.text
        plain_one = remark.tone is Tone.PLAIN
        lead, style = ("· ", "dim") if plain_one else (f"{ALARM} ", STYLE[remark.tone])
        yield from paragraph(text, width, lead, style, "dim" if plain_one else "")
    if len(remarks) > most:
        n = len(remarks) - most
        yield from listed(language.plural("{n} more notice", "{n} more notices", n), language, width)


def paragraph(text: str, width: int, lead: str = "", lead_style: str = "", style: str = "") -> Iterator[Text]:
    """A text in lines, those after the first set in under the first word."""
    for place, line in enumerate(broken(text, width - len(lead))):
        start = lead if place == 0 else " " * len(lead)
        yield Text.assemble((start, lead_style), (line, style))

"""A report in the few lines of a chat message: findings, headlines, and the data it is made from."""

from collections.abc import Callable, Iterator

from cx_kpi.model.options import Look
from cx_kpi.model.report import Report
from cx_kpi.render.elements.report_view import Row, Tone, View
from cx_kpi.render.terminal.marks import MARK, change
from cx_kpi.render.view.present import view

LONGEST = 3_900  # characters; the services take 4,000 and some
_UNSEEN = "\u200b"  # keeps an address or a name from becoming a link, which a service would open
Words = Callable[[str], str]


def chat(report: Report, look: Look | None, escape: Words, strong: Words) -> str:
    """The lines in the markup of a chat, as many as it takes; names and texts of the report are escaped."""
    shown = view(report, look)
    kept: list[str] = []
    for line in _lines(shown, lambda text: escape(harmless(text)), strong):
        if sum(len(each) + 1 for each in [*kept, line]) > LONGEST:
            kept.append("…")
            break
        kept.append(line)
    return "\n".join(kept).strip() + "\n"


def harmless(text: str) -> str:
    """The text without links, and without names that would call somebody."""
    return text.replace("://", f":{_UNSEEN}//").replace("@", f"@{_UNSEEN}").replace("www.", f"www{_UNSEEN}.")


def _lines(shown: View, plain: Words, strong: Words) -> Iterator[str]:
    if shown.alarm:
        yield strong(plain(shown.alarm))
    yield strong(plain(shown.title)) + f" · {plain(shown.period)}"
    if shown.where:
        yield plain(shown.where)
    yield ""
    yield from (f"• {plain(text)}" for text in [*shown.findings, shown.look_at] if text)
    yield from _first(shown, plain, strong)
    yield ""
    warned = sum(remark.tone is not Tone.PLAIN for remark in shown.remarks)
    level = next((remark.level for remark in shown.remarks if remark.tone is not Tone.PLAIN), "")
    yield " · ".join(filter(None, [plain(shown.rows_line), f"{level}: {warned}" if warned else ""]))


def _first(shown: View, plain: Words, strong: Words) -> Iterator[str]:
    """The metrics that are shown first, else those with a target."""
    for theme in shown.themes:
        yield ""
        yield strong(plain(theme.title))
        yield from (_row(row, plain) for row in theme.rows)
    if not shown.themes:
        yield ""
        yield from (_row(row, plain) for group in shown.groups for row in group.rows if row.status.text)


def _row(row: Row, plain: Words) -> str:
    """`✗ CSAT: 86.0% (≥ 90%) ▼ −2.1 pp !`; a change that is not proven would need a legend."""
    mark = MARK[row.status.tone] if row.status.text else "·"
    target = f" ({row.target})" if row.target else ""
    shown = "" if row.verdict.tone is Tone.UNSURE else change(row)
    return f"{mark} {plain(f'{row.title}: {row.value}{target} {shown}'.strip())}"

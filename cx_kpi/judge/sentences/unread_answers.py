"""Why answers that are there give no figure: they stand beside tickets, or their words are not known."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from cx_kpi.engine.results import Results
from cx_kpi.judge.sentences.unavailable import NO_ROWS
from cx_kpi.model.report import LeftOut, Notice
from cx_kpi.wording.language import Language, mark

_UNREAD = mark("most answers could not be read")
_WHY = {  # by the notice that tells of them
    "answers_beside": mark("the answers are a column of the tickets, which give CSAT alone"),
    "bare_mark": mark("a column of the tickets may hold the answers, but its name does not say so"),
    "mostly_unread": _UNREAD,
    "much_unread": _UNREAD,
    "unreadable": _UNREAD,
}
_SCORES = ("score", "satisfaction_score")


def with_unread(
    left: Iterable[LeftOut], results: Results, notices: Sequence[Notice], language: Language
) -> Iterator[LeftOut]:
    """The metrics without a figure, those of surveys with what became of their answers."""
    metrics = [each.metric for each in results.plan.jobs] + [each.metric for each in results.plan.missing]
    kinds = {each.id: each.kind or each.same_as for each in metrics}
    for each in left:
        untold = "surveys" in each.needs or each.why == language(NO_ROWS)
        told = _told(kinds.get(each.metric, ""), notices) if untold else None
        yield replace(each, why=language(told), bring="") if told else each


def _told(kind: str, notices: Iterable[Notice]) -> str | None:
    """What a notice says of the answers of a kind."""
    for each in notices:
        of_kind = each.field == kind if each.code == "answers_beside" else kind == "csat"
        if each.code in _WHY and of_kind and each.field in (*_SCORES, kind):
            return _WHY[each.code]
    return None

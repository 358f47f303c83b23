"""The key: each sign and word that a report uses, explained once, where it is used at all."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from cx_kpi.model.report import Latest, Reading, Report
from cx_kpi.model.values import Status, Unit, Verdict
from cx_kpi.render.elements.details import PENDING_TOO
from cx_kpi.render.elements.labels import DETAIL, STATUS, VERDICT
from cx_kpi.render.elements.report_view import Fact
from cx_kpi.render.view.judgement_words import NEITHER_WAY
from cx_kpi.wording.units import Words


def key(report: Report, leads: Iterable[Reading], words: Words) -> list[Fact]:
    """Terms with what they mean, in the order in which they are met; `beside` are the few that no reader can do without."""
    shown = list(leads)
    every = [*_of_values(shown, words), *_of_judgements(report, words)]
    named = [replace(each, label=each.label[:1].upper() + each.label[1:]) for each in every]
    return [*_short_words(shown, words), *named, *_causes(report, words)]


def legend(report: Report, leads: Iterable[Reading], words: Words) -> list[Fact]:
    """What short words and signs mean, of those that the report uses, to stand before the figures."""
    shown = list(leads)
    signs = [*_short_words(shown, words), *_costs(shown, words), *_signs(report, shown, words)]
    return [*signs, *_causes(report, words)]


def _causes(report: Report, words: Words) -> Iterator[Fact]:
    """That findings do not say why, which people ask next."""
    _ = words.language
    if report.findings:
        yield Fact(
            _("why"),
            _("the files hold no causes; where a line names a segment (a channel, a team …), ask there"),
        )


def _short_words(shown: Sequence[Reading], words: Words) -> Iterator[Fact]:
    _ = words.language
    if shown:
        yield Fact(_("n"), _("rows behind a figure"))
    if any("p90" in each.details for each in shown):
        yield Fact(_(DETAIL["p90"].label), _("nine in ten took no longer"))
    if any("pending" in each.details for each in shown):
        yield Fact(
            _(DETAIL["pending"].label),
            _("not finished yet, and not overdue"),
        )
    if any(each.unit is Unit.SHARE and each.latest for each in shown):
        yield Fact(_("pp"), _("percentage points"))


def _costs(shown: Sequence[Reading], words: Words) -> Iterator[Fact]:
    """What costs are in, where no currency is named."""
    _ = words.language
    if any(each.unit is Unit.CURRENCY and each.n and not each.details.get("currency") for each in shown):
        yield Fact(_("cost"), _("in the currency of the files; name it in cxkpi.toml, [costs] currency"))


def _signs(report: Report, shown: Sequence[Reading], words: Words) -> Iterator[Fact]:
    _ = words.language
    verdicts = {each.latest.verdict for each in report.metrics.values() if each.latest} - {None}
    if {*(each.status for each in shown), *(each.status for each in report.segments)} & {
        Status.MET,
        Status.MISSED,
        Status.INCONCLUSIVE,
    }:
        yield Fact("✓ ✗ ?", _("target met, missed, too close to tell"))
        if report.configuration:
            yield Fact(_("default targets"), _("preset by cxkpi, where cxkpi.toml sets none"))
        else:
            yield Fact(_("targets"), _("preset by cxkpi, until yours stand in cxkpi.toml"))
    if text := _against([each.latest for each in shown if each.latest], report, words):
        yield Fact(_("change"), text)
    if verdicts:
        yield Fact("▲ ▼", _("up, down, by more than chance explains"))
        yield Fact(NEITHER_WAY[Verdict.UNCHANGED], _("not proven, may be chance"))
    if Verdict.CHANGED in verdicts:
        yield Fact(NEITHER_WAY[Verdict.CHANGED], _("spread otherwise, by more than chance explains"))
    if Verdict.WORSENED in verdicts:
        yield Fact("!", _("for the worse"))


def _of_values(shown: Sequence[Reading], words: Words) -> Iterator[Fact]:
    _ = words.language
    if any(each.interval for each in shown):
        text = _("how precise a figure is: the true value lies within it 95 times in 100")
        yield Fact(_("95% interval"), text)
    if any(each.status is Status.INCONCLUSIVE for each in shown):
        text = _("the 95% interval holds the target, so chance may decide")
        yield Fact(f"? {_(STATUS[Status.INCONCLUSIVE])}", text, beside=True)
    if any(each.details.get("pending") and PENDING_TOO in each.details for each in shown):
        text = _("the median if those still waiting are counted, too")
        yield Fact(_(DETAIL[PENDING_TOO].label), text)


def _of_judgements(report: Report, words: Words) -> Iterator[Fact]:
    _ = words.language
    every = [each.latest for each in report.metrics.values() if each.latest]
    if any(each.usual for each in every):
        yield Fact(
            _("Usual range"), _("where the figure of a period falls as long as nothing changes"), beside=True
        )
    if text := _against(every, report, words):
        yield Fact(_("Change"), text)
    yield from _of_lengths(report, words)
    if any(each.verdict is Verdict.UNCHANGED for each in every):
        yield Fact(
            NEITHER_WAY[Verdict.UNCHANGED],
            _("{verdict}; it may be chance", verdict=_(VERDICT[Verdict.UNCHANGED])),
            beside=True,
        )
    if any(each.can_meet for each in every):
        text = _(
            "reliably: the whole usual range keeps it; now and then: a part of it does; "
            "not without changing how you work: none of it does, or no period so far did"
        )
        yield Fact(_("Can meet the target"), text, beside=True)


def _of_lengths(report: Report, words: Words) -> Iterator[Fact]:
    _ = words.language
    waits = (each for each in report.metrics.values() if each.unit is Unit.SECONDS)
    if any(each.latest and each.latest.relative for each in waits):
        text = _(
            "of the geometric mean, in which a few very long waits weigh little; the mean may move otherwise"
        )
        yield Fact(_("Change of lengths of time"), text)


def _against(every: Sequence[Latest], report: Report, words: Words) -> str:
    """`March 2026 against the 12 months before it, those outside the usual range left out`."""
    spans = [(each.baseline.start, each.baseline.end, each) for each in every if each.baseline]
    if not spans or report.window is None:
        return ""
    start, latest = min(each[0] for each in spans), spans[0][2]
    _, grain = words.language, report.window.grain
    period, length = (
        words.dates.span(latest.start, latest.end),
        words.dates.duration(start, latest.start, grain),
    )
    if any(each.baseline_without for each in every):
        return _("{period} against the {length} before it, leaving out those outside their usual range", period=period, length=length)  # fmt: skip
    return _("{period} against the {length} before it", period=period, length=length)

"""The judgement of each metric for the report: of the latest full period, or of the window that was chosen."""

from dataclasses import replace

from cx_kpi.engine.aggregation.cells import OVERALL, Cell
from cx_kpi.judge.statistics.effect import Effect
from cx_kpi.judge.statistics.series import Series
from cx_kpi.judge.statistics.usual_range import UsualRange
from cx_kpi.judge.verdicts.judged import Judged
from cx_kpi.judge.verdicts.procedure import Judgement
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Latest, Part, Usual
from cx_kpi.model.sums import Quantity
from cx_kpi.model.values import Capability, Span, Status, Target, Value

RELATIVE = {Quantity.DURATION, Quantity.COUNT}


@dataclass(frozen=True, slots=True)
class Seen:
    """A figure of the subject with its target, judged by itself."""

    value: Value
    n: int
    interval: tuple[float, float] | None
    target: Target | None
    status: Status | None


def cell_of(found: Judged) -> Cell:
    """The cell of the subject's figures."""
    return found.latest or OVERALL


def latest(found: Judged, name: str, seen: Seen) -> Latest | None:
    """The subject of one metric; None where no period is over."""
    if not found.subject:
        return None
    spans = found.spans[-found.subject :]
    start, end = spans[0].start.isoformat(), spans[-1].end.isoformat()
    judgement = found.judgements.get(name)
    if judgement is None:
        return Latest(start, end, seen.value, seen.n, seen.interval, seen.target, seen.status)
    effect = judgement.effect
    prospect, shift = judgement.prospect, judgement.shift
    return Latest(
        start=start,
        end=end,
        value=seen.value,
        n=seen.n,
        interval=seen.interval,
        target=seen.target,
        status=seen.status,
        change=effect.size if effect else None,
        change_interval=effect.interval if effect else None,
        relative=found.series[name].quantity in RELATIVE,
        p=judgement.p,
        verdict=judgement.verdict,
        baseline=_baseline(found, judgement, name, effect),
        recorded=_recorded(found, judgement, name),
        baseline_without=[found.spans[number].start.isoformat() for number in judgement.left_out],
        usual=_told_usual(found, judgement, name) if found.subject == 1 else None,
        since=found.spans[judgement.since].start.isoformat() if judgement.since is not None else None,
        can_meet=prospect.capability if prospect else None,
        more_rows=prospect.more if prospect else None,
        part=Part(shift.name, shift.share, shift.before) if shift else None,
    )


def usual(found: UsualRange | None, place: int, series: Series) -> Usual | None:
    """The usual range of one period."""
    limits = found.limits[place] if found else None
    if found is None or limits is None:
        return None
    wide = found.is_wide(place, series.quantity, series.bounds)
    return Usual(limits[0], limits[1], found.middle, found.trial, wide)


def _told_usual(found: Judged, judgement: Judgement, name: str) -> Usual | None:
    """The usual range of the subject; one that always meets the target tells that, however wide it is."""
    told = usual(judgement.usual, len(found.spans) - 1, found.series[name])
    able = judgement.prospect and judgement.prospect.capability is Capability.RELIABLY
    return replace(told, wide=False) if told and able else told


def _baseline(found: Judged, judgement: Judgement, name: str, effect: Effect | None) -> Span | None:
    """The periods the subject is set against, from the first to the last of them."""
    if (effect is None and judgement.shift is None) or not judgement.baseline:
        return None
    first, last = min(judgement.baseline), max(judgement.baseline)
    n = sum(_rows(found, found.series[name], number) for number in judgement.baseline)
    return Span(found.spans[first].start.isoformat(), found.spans[last].end.isoformat(), None, n)


def _recorded(found: Judged, judgement: Judgement, name: str) -> Span | None:
    """The periods it is set against that are out of a history; None where none is."""
    series = found.series[name]
    known = [
        number for number in judgement.baseline if number < found.recorded and _counts(found, series, number)
    ]
    if not known:
        return None
    n = sum(_rows(found, series, number) for number in known)
    return Span(found.spans[known[0]].start.isoformat(), found.spans[known[-1]].end.isoformat(), None, n)


def _counts(found: Judged, series: Series, number: int) -> bool:
    return found.spans[number].start.toordinal() >= series.begins


def _rows(found: Judged, series: Series, number: int) -> int:
    """How many rows a period has; of a count, its days."""
    if series.parts:
        return sum(series.parts[number].values())
    span = range(found.spans[number].start.toordinal(), found.spans[number].end.toordinal())
    return int(
        sum(days[day].n for days in (series.days, *series.groups.values()) for day in span if day in days)
    )

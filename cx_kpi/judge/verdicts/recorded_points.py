"""Earlier periods as points of the series, so that tables and charts begin with what a history holds."""

from collections.abc import Iterator

from cx_kpi.judge.statistics.series import Series
from cx_kpi.judge.statistics.usual_range import UsualRange
from cx_kpi.judge.verdicts.judged import Judged, iso
from cx_kpi.judge.verdicts.latest import usual
from cx_kpi.judge.verdicts.procedure import Turn
from cx_kpi.model.documents.recorded_history import Past, Recorded
from cx_kpi.model.figures import LOWER_BOUND
from cx_kpi.model.report import Point
from cx_kpi.model.values import Status


def recorded_points(found: Judged, past: Past, metric: str) -> Iterator[Point]:
    """The earlier periods of a metric that are as long as those of the series, in order of time."""
    series, known = found.series.get(metric), past.metrics.get(metric)
    if series is None or known is None or found.latest is None or found.latest.group != "series":
        return
    judgement = found.judgements.get(metric)
    limits = judgement.usual if judgement and not series.aged else None
    for number, span in enumerate(found.spans[: found.recorded]):
        point = known.points.get(iso(span))
        if point and span.start.toordinal() >= series.begins:
            yield _point(series, point, limits, number, found.turn(metric, number))


def _point(
    series: Series, point: Recorded, limits: UsualRange | None, number: int, turn: Turn | None
) -> Point:
    """A recorded reading as a point, with its usual range and the verdict on it."""
    bounds = None if point.low is None or point.high is None else (point.low, point.high)
    return Point(
        metric=series.metric,
        start=point.start,
        end=point.end,
        partial=False,
        value=point.value,
        n=point.n,
        status=Status(point.status) if point.status else None,
        details={LOWER_BOUND: True} if point.at_least else {},
        interval=bounds,
        target=point.target,
        usual=usual(limits, number, series),
        outside=bool(limits and limits.is_outside(number)),
        recorded=True,
        change=turn.change if turn else None,
        verdict=turn.verdict if turn else None,
    )

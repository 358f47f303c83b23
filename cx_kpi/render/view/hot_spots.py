"""Where to look: the segments that stand out and miss their target, by most and for most rows."""

from cx_kpi.model.report import Report, Segment
from cx_kpi.model.values import Status
from cx_kpi.render.elements import anchors
from cx_kpi.render.elements.reading_fields import value_of
from cx_kpi.render.elements.report_view import Spot
from cx_kpi.render.view.cut_tables import segment_name
from cx_kpi.wording.units import Words

MOST = 4


def spots(report: Report, words: Words) -> list[Spot]:
    """At most one for each metric and one for each segment, the worst first; none of what a finding says already."""
    missed = [
        each
        for each in report.segments
        if each.stands_out and each.status is Status.MISSED and each.metric in report.metrics
    ]
    found: list[Segment] = []
    for segment in sorted(missed, key=lambda each: -_size(each, report)):
        if all(segment.metric != other.metric and segment.by != other.by for other in found):
            found.append(segment)
    every = (_spot(segment, report, words) for segment in found)
    return [spot for spot in every if not _is_told(spot, report)][:MOST]


def _is_told(spot: Spot, report: Report) -> bool:
    """Whether a finding says the same of the same segment."""
    said = (each.text for each in report.findings if each.metric == spot.metric)
    return any(spot.segment in text and spot.value in text for text in said)


def _size(segment: Segment, report: Report) -> float:
    """How far from the target, relative to it, for what part of the rows."""
    if segment.target is None or not isinstance(segment.value, int | float):
        return 0.0
    gap = abs(segment.value - segment.target.value) / (abs(segment.target.value) or 1.0)
    return min(gap, 1.0) * segment.n / max(report.metrics[segment.metric].n, 1)


def _spot(segment: Segment, report: Report, words: Words) -> Spot:
    reading = report.metrics[segment.metric]
    return Spot(
        metric=segment.metric,
        title=reading.title,
        segment=segment_name(tuple(segment.by), tuple(segment.by.values()), words),
        anchor=anchors.segment(segment.by),
        value=value_of(segment, reading, words),
        target=words.target(segment.target, reading.unit, reading.details.get("currency", "")),
    )

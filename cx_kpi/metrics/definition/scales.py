"""Scales that are too short for a mean."""

from dataclasses import replace

from cx_kpi.metrics.definition.metric import Aggregation, Measured
from cx_kpi.model.figures import Figure
from cx_kpi.wording.language import mark

TWO_VALUES = mark("the answers have two values, such as good and bad, so their mean is CSAT again")


def graded(score: Aggregation) -> Aggregation:
    """The mean of scores, refused where the scale has two values, 0 and 1: the mean is a share of answers there."""

    def finish(parts: Measured) -> Figure:
        figure = score.finish(parts)
        low, high = figure.details["scale"]
        if figure.value is None or high - low > 1:
            return figure
        return Figure(None, figure.n, None, {**figure.details, "refused": TWO_VALUES})

    return replace(score, finish=finish)

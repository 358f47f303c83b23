"""What rows bring day by day adds up to the figures of the periods, whole and by segment."""

from datetime import date

import pytest
from canonical import results, settings
from random_tables import Company

from cx_kpi.engine.aggregation.cells import Cell
from cx_kpi.engine.aggregation.daily import periods_over
from cx_kpi.metrics.registry import METRICS
from cx_kpi.model.sums import Quantity, summed

EXACT = {Quantity.SHARE, Quantity.NET, Quantity.SCORE, Quantity.AMOUNT, Quantity.COUNT}


@pytest.fixture(scope="module", params=[13, 15])
def computed(request):
    """The figures of a random company by week."""
    return results(Company(request.param, 200).frames(), settings(by=[["channel"]], period="week"))


def full(windows):
    """Numbers and spans of the periods that are over."""
    return [(number, span) for number, span in enumerate(windows.series) if not span.partial]


def inside(days, span):
    """The sums of the days of a span."""
    return summed(sums for day, sums in days.items() if span.start <= date.fromordinal(day) < span.end)


def compares(job, computed):
    """Whether the days of a metric add up to its figures, not to figures at one age."""
    contribution = job.method.aggregation.contribution
    return job.key in computed.daily and contribution.quantity in EXACT and not contribution.happened


def test_days_add_up_to_the_periods(computed):
    checked = 0
    for job in (job for job in computed.plan.jobs if compares(job, computed)):
        days = computed.daily[job.key]
        for number, span in full(computed.windows):
            figure = computed.figures[job.key].get(Cell("series", number))
            if figure is None or not figure.n or figure.value is None:
                continue
            sums = inside(days, span)
            if job.method.clock.until is not None:
                assert days[span.end.toordinal() - 1].total == figure.value, (job.key, span)
            elif job.method.aggregation.contribution.quantity is Quantity.COUNT:
                assert sums.total == figure.value, (job.key, span)
            else:
                assert sums.n == figure.n, (job.key, span)
                assert sums.rate == pytest.approx(figure.value, abs=1e-9), (job.key, span)
            checked += 1
    assert checked > 100


def test_days_are_those_of_public_metrics(computed):
    public = {job.key for job in computed.plan.jobs if not job.aside and not job.metric.internal}
    assert computed.daily.keys() <= public


def test_segments_add_up_to_the_whole(computed):
    found = computed.daily_by(
        {"tickets_created", "resolution_time"}, ["channel"], periods_over(computed.windows)
    )["channel"]
    assert set(found) == {"tickets_created", "resolution_time"}
    for key, segments in found.items():
        for day, whole in computed.daily[key].items():
            parts = [days[day] for days in segments.values() if day in days]
            assert summed(parts).n == whole.n
            assert summed(parts).total == pytest.approx(whole.total)


def test_a_metric_without_a_verdict_has_no_days(computed):
    assert "reopen_rate" in METRICS
    assert "reopen_rate" not in computed.daily

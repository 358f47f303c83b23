"""Each full period judged as if it were the latest: the same as a report of that period says."""

import math
from dataclasses import replace

import pytest

from cx_kpi import report
from cx_kpi.api import make_report
from cx_kpi.judge.statistics.series import Period, Series
from cx_kpi.judge.verdicts.procedure import MOST, judge_earlier, judge_report
from cx_kpi.model.assets import folder
from cx_kpi.model.options import Look, Options
from cx_kpi.model.sums import Quantity, Sums
from cx_kpi.model.values import Better, Verdict
from cx_kpi.render.formats import FORMATS, render

pytestmark = pytest.mark.usefixtures("kept_runs")

LATER = {
    "complaint_resolution_rate",
    "response_rate",
}  # hits that came later than one age count in its own report
START = 738_158  # a Monday


@pytest.fixture(scope="module")
def whole():
    return report(folder("sample_data")).data


@pytest.mark.parametrize(
    ("start", "end"),
    [("2024-12-01", "2025-01-01"), ("2026-01-01", "2026-02-01")],
)
def test_a_period_is_judged_as_in_its_own_report(whole, start, end):
    alone = report(folder("sample_data"), since=start, until=end).data
    points = {point.metric: point for point in whole.series if point.start == start}
    assert set(alone.metrics) - LATER <= set(points)
    for metric, reading in alone.metrics.items():
        latest, point = reading.latest, points[metric]
        if metric not in LATER:
            assert (latest.start, latest.verdict) == (start, point.verdict), metric
            assert latest.change == point.change or math.isclose(latest.change, point.change, rel_tol=1e-9)


def test_the_latest_point_says_what_latest_says(whole):
    start = next(reading.latest.start for reading in whole.metrics.values() if reading.latest)
    points = {point.metric: point for point in whole.series if point.start == start}
    judged = {name: each.latest for name, each in whole.metrics.items() if each.latest.verdict}
    assert len(judged) > 30
    for name, latest in judged.items():
        assert (points[name].verdict, points[name].change) == (latest.verdict, latest.change)


def test_periods_that_are_not_over_are_not_judged(whole):
    assert not [point for point in whole.series if point.partial and point.verdict]


def test_texts_that_show_the_latest_period_alone_are_the_same_without_the_others():
    options = Options((str(folder("sample_data")),), each_period=False)
    bare, every = make_report(options), make_report(replace(options, each_period=True))
    assert not [point for point in bare.series if point.verdict]
    for name, reading in bare.metrics.items():
        assert reading.latest.verdict is every.metrics[name].latest.verdict, name
    light = {name for name, each in FORMATS.items() if not each.each_period}
    assert {"table", "md", "slack"} < light
    for name in light - {"eml"}:  # which has boundaries of its own each time
        assert render(bare, name) == render(every, name), name


def test_texts_that_show_no_charts_are_the_same_without_them(whole):
    bare, drawn = replace(whole, exhibits=[]), Look(charts="static")
    for name in FORMATS:
        if not FORMATS[name].shows_exhibits(Look()):
            assert render(bare, name) == render(whole, name), name
    assert FORMATS["table"].shows_exhibits(drawn)
    assert render(bare, "table", drawn) != render(whole, "table", drawn)


def test_charts_are_made_where_they_are_shown(tmp_path):
    file = tmp_path / "tickets.csv"
    rows = "".join(f"{n},2026-0{1 + n % 3}-05,{'chat' if n % 2 else 'email'}\n" for n in range(60))
    file.write_text(f"ticket_id,created_at,channel\n{rows}")
    whole, bare = (make_report(Options((str(file),), exhibits=each)) for each in (True, False))
    assert whole.exhibits
    assert bare == replace(whole, exhibits=[])


def months(rates, length=28):
    """A share whose periods have these rates, in 40 rows a day."""
    periods = [Period(START + length * i, START + length * (i + 1)) for i in range(len(rates))]
    days = {
        day: Sums(40, hits, hits)
        for period, rate in zip(periods, rates, strict=True)
        for day in range(period.start, period.end)
        if (hits := round(40 * rate) + (day * 7 % 3) - 1) >= 0
    }
    return Series("csat", Quantity.SHARE, days, Better.HIGHER), periods


def test_what_comes_later_changes_no_verdict():
    series, periods = months([0.8] * 9 + [0.6] + [0.8, 0.3, 0.9])
    found = judge_earlier([series], periods)
    assert found[9]["csat"].verdict is Verdict.WORSENED
    for number in (4, 9, 10, 11):
        alone = judge_report([series], periods[: number + 1])["csat"]
        assert found[number]["csat"] == alone.turn(alone.verdict)


def test_long_series_are_judged_where_people_look():
    series, periods = months([0.8] * 60, length=7)
    found = judge_earlier([series], periods)
    assert list(found) == list(range(59 - MOST, 59))

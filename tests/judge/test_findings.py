"""The sentences that open a report: what happened to the sample company, and nothing of one to which nothing does."""

import re

import pytest

from cx_kpi.api import make_report
from cx_kpi.model.assets import folder
from cx_kpi.model.options import Options
from cx_kpi.model.values import Status, Unit, Verdict
from cx_kpi.wording.units import words_of


@pytest.fixture(scope="module", params=["en", "ru"])
def sample(request, kept_runs):
    return make_report(Options(paths=(str(folder("sample_data")),), language=request.param))


def test_the_sample_company_opens_with_its_backlog_and_january(sample):
    backlog, january, volume, missed, where = (finding for finding in sample.findings if finding.metric)
    assert where.metric == "resolution_within_target"
    assert {"46.2", "62.0", "75.1"} <= {
        each.replace(",", ".") for each in re.findall(r"\d+[.,]\d", where.text)
    }
    assert (backlog.metric, january.metric) == ("backlog", "first_response_within_target")
    assert missed.metric == "complaint_within_target"
    assert volume.metric == "tickets_created"
    assert re.findall(r"\b(?:0|74)\b", backlog.text)[:2] == ["0", "74"]
    figures = re.findall(r"\d+[.,]\d", january.text)
    value, low, high, *_, now = (float(figure.replace(",", ".")) for figure in figures)
    assert (value, now) == (65.8, 88.3)
    assert 82 < low < 84
    assert 93 < high < 95


def test_the_months_are_named(sample):
    text = sample.findings[1].text
    months = {"en": ("January 2026", "March 2026"), "ru": ("январь 2026", "март 2026")}[sample.language]
    assert [text.index(month) for month in months] == sorted(text.index(month) for month in months)


def test_the_last_sentence_counts_what_is_not_worth_one(sample):
    others = re.findall(r"\d+", sample.findings[-1].text)[-1]
    quiet = [
        name
        for name, each in sample.metrics.items()
        if each.latest and each.latest.verdict is Verdict.UNCHANGED and name not in _told(sample)
    ]
    assert 20 < int(others) <= len(quiet)


def test_the_last_sentence_names_the_targets_that_are_met(sample):
    """So that a reader knows what is fine."""
    met, missed = (
        {each.title for each in sample.metrics.values() if each.latest and each.latest.status is status}
        for status in (Status.MET, Status.MISSED)
    )
    text = sample.findings[-1].text
    assert met
    assert all(title in text for title in met)
    assert not any(title in text for title in missed)


def _told(report):
    return {finding.metric for finding in report.findings}


def test_each_metric_has_the_verdict_of_its_latest_period(sample):
    assert all(each.verdict == (each.latest and each.latest.verdict) for each in sample.metrics.values())
    ends = {each.latest.end for each in sample.metrics.values()}
    assert ends == {"2026-04-01"}


def test_january_is_told_with_what_came_in_and_about_what(sample):
    text, account = sample.findings[2].text, sample.findings[2].account
    assert "466" in text
    assert "app (36 → 151)" in text
    assert account.dimension == "category"
    assert [cause.by["category"] for cause in account.causes if cause.named] == ["app"]
    own = sum(cause.rate for cause in account.causes)
    assert own == pytest.approx(account.change) == pytest.approx(account.rate + account.mix + account.chance)
    assert account.looked_at[:4] == ["channel", "product", "category", "team"]


def test_a_target_missed_over_the_window_is_told_where_the_latest_period_has_no_figure(tmp_path):
    """Nobody created a ticket in February, and those of the window took 40 days each."""
    rows = [f"{day},2026-01-{day:02} 09:00,2026-02-{day:02} 10:00,closed" for day in range(1, 29)]
    export = tmp_path / "tickets.csv"
    late = "99,2026-03-01 09:00,2026-03-10 09:00,closed"
    export.write_text("\n".join(["id,created,solved,status", *rows, late]), encoding="utf-8")
    report = make_report(Options(paths=(str(export),), metrics=("resolution_within_target",)))
    assert report.metrics["resolution_within_target"].latest.value is None
    first = report.findings[0]
    assert first.metric == "resolution_within_target"
    assert first.text == (
        "Solved within target, 1 January – 10 March 2026: 0% (n = 29); the default target is ≥ 90%."
    )


def test_all_missed_targets_are_told_in_one_sentence(sample):
    missed = [
        each.title
        for each in sample.metrics.values()
        if each.latest and each.latest.status is Status.MISSED and not each.twin_of
    ]
    (text,) = (finding.text for finding in sample.findings if finding.metric == "complaint_within_target")
    assert len(missed) > 1
    assert all(title in text for title in missed)


def test_the_usual_range_of_a_sentence_is_that_of_the_table(sample):
    words = words_of(sample)
    for finding in sample.findings[1:3]:
        usual = sample.metrics[finding.metric].latest.usual
        unit = sample.metrics[finding.metric].unit
        low, high = (round(each) if unit is Unit.COUNT else each for each in (usual.low, usual.high))
        assert words.interval((low, high), unit) in finding.text

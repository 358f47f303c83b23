"""Where a target is missed: the segment that is worse than all others by more than chance; none in a company of alike ones."""

import random

import pytest

from cx_kpi.api import make_report
from cx_kpi.judge.sentences.stories.missed_where import missed_where
from cx_kpi.judge.verdicts.standing_out import standing_out
from cx_kpi.model.figures import Proportion
from cx_kpi.model.options import Options
from cx_kpi.model.report import Reading, Segment
from cx_kpi.model.values import Better, Unit
from cx_kpi.wording.language import Language
from cx_kpi.wording.units import Words

OTHERS = ("seven", "eleven", "twelve", "fifteen", "sixteen", "twenty")
EN = Words(Language("en"))


def reading(better):
    return Reading(
        title="A share",
        group="speed",
        unit=Unit.SHARE,
        better=better,
        value=0.7,
        n=1200,
        interval=None,
        clock="created",
        cohort="created",
        about="",
        formula="",
        target=None,
        status=None,
        previous=None,
        change=None,
        verdict=None,
        compared=None,
    )


def rows(shares, n=400, dimension="team", better=Better.HIGHER):
    every = [
        (Segment("m", {dimension: name}, share, n), Proportion(round(n * share), n))
        for name, share in shares.items()
    ]
    return standing_out({"m": tuple(zip(*every, strict=True))}, {"m": better}, {}, dated=False)


def said(shares, better=Better.HIGHER, **more):
    found = rows(shares, better=better, **more)
    return [each.text for each in missed_where(["m"], {"m": reading(better)}, found, "3 months", EN)]


def test_the_segment_that_brings_most_is_named_with_its_part_and_the_others():
    (text,) = said({"north": 0.5, "south": 0.9, "west": 0.9})
    assert text == "A share, 3 months: 50.0% in team north, 90.0% elsewhere; it has 71.4% of the misses."


def test_of_a_segment_with_few_of_the_misses_it_tells_how_bad_it_is():
    (text,) = said({"north": 0.5, "south": 0.74, "west": 0.74, "east": 0.74})
    assert (
        text
        == "A share, 3 months: team north is the worst (50.0%, 74.0% elsewhere), with 39.1% of the misses."
    )


def test_of_what_is_better_low_the_cases_count():
    (text,) = said({"north": 0.4, "south": 0.1}, Better.LOWER, dimension="channel")
    assert text == "A share, 3 months: 40.0% in north, 10.0% elsewhere; it has 80.0% of the cases."


@pytest.mark.parametrize(
    "shares",
    [{"north": 0.5, "south": 0.52}, {"north": 0.9, None: 0.5}, {"north": 0.7, "south": 0.7, "west": 0.9}],
)
def test_what_may_be_chance_and_what_is_unknown_is_not_named(shares):
    few = said(shares, n=60)
    assert not any("elsewhere" in text for text in few)
    assert all("by team between " in text and "no segment stands out" in text for text in few)


def test_nothing_is_said_of_segments_between_which_the_whole_does_not_lie():
    """Those of few rows are not shown, and may decide."""
    found = rows({"north": 0.6, "south": 0.62}, n=60)
    assert missed_where(["m"], {"m": reading(Better.HIGHER)}, found, "3 months", EN) == []


def test_in_stable_companies_a_segment_is_named_in_few_reports():
    rng, named = random.Random(3), 0
    for _ in range(400):
        shares = {str(i): sum(rng.random() < 0.7 for _ in range(100)) / 100 for i in range(6)}
        named += any("elsewhere" in text for text in said(shares, n=100))
    assert named <= 12


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("over what time is not known", "of those who left.", "in customer segment yearly, ")),
        ("ru", ("за какое время, неизвестно", " из ушедших.", "сегмент клиентов yearly – ")),
    ],
)
def test_a_list_without_dates_says_how_it_stands_and_where(language, words, tmp_path):
    path = tmp_path / "customers.csv"
    lines = [
        f"{i},{'yearly' if i % 3 else 'monthly'},{'Yes' if i % 3 and i % 2 else 'No'}" for i in range(900)
    ]
    path.write_text("customer_id,segment,churn\n" + "\n".join(lines) + "\n")
    found = make_report(Options((str(path),), language=language))
    assert {tuple(each.by) for each in found.segments} == {("segment",)}
    stands, where = found.findings
    assert (stands.metric, where.metric) == ("churn_rate", "churn_rate")
    assert words[0] in stands.text
    assert all(each in where.text for each in words[1:])


def test_answers_without_dates_tell_their_words(tmp_path):
    path = tmp_path / "surveys.csv"
    bad = [f"nps,{i % 4},the refund took {OTHERS[i % 6]} weeks" for i in range(30)]
    good = [f"nps,{9 + i % 2},quick and friendly {OTHERS[i % 6]} shop" for i in range(60)]
    path.write_text("kind,score,comment\n" + "\n".join(bad + good) + "\n")
    found = make_report(Options((str(path),)))
    assert found.metrics["comment_terms"].n == 90
    nps, words = found.findings
    assert "(n = 90)" in nps.text
    assert "refund" in words.text

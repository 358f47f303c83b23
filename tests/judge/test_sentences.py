"""Sentences about judgements: figure, period, usual, size, since when, where; the present first; both languages."""

from dataclasses import replace

import pytest

from cx_kpi.judge.sentences.stories.judgement_sentences import quiet, sentences
from cx_kpi.judge.sentences.stories.told import Place, Told
from cx_kpi.judge.statistics.effect import Effect
from cx_kpi.judge.statistics.trend import Growth, Trend
from cx_kpi.judge.statistics.usual_range import UsualRange
from cx_kpi.judge.verdicts.procedure import Event, Judgement
from cx_kpi.model.sums import Quantity
from cx_kpi.model.values import Better, Unit, Verdict
from cx_kpi.wording.language import Language

PERIODS = [(f"2026-0{i}-01", f"2026-0{i + 1}-01") for i in range(1, 7)]
RANGE = UsualRange(0.88, ((0.82, 0.94),) * 6, False, {})
SHARP = Effect(-0.22, (-0.26, -0.18), 1e-9)
CALM = Judgement("csat", (5,), (0, 1, 2, 3, 4), (), SHARP, usual=RANGE, p=0.6, verdict=Verdict.UNCHANGED)
FALLEN = replace(CALM, p=1e-9, verdict=Verdict.WORSENED, since=5)
TOLD = Told(
    FALLEN,
    "Satisfied",
    Quantity.SHARE,
    Unit.SHARE,
    Better.HIGHER,
    PERIODS,
    [0.658, 0.88, 0.88, 0.88, 0.88, 0.66],
    0.66,
)
ENGLISH, RUSSIAN = Language("en"), Language("ru")


def texts(*told, language=ENGLISH):
    return [found.text.replace("\u00a0", " ") for found in sentences(told, language)]


def judged(told, **changes):
    return replace(told, judgement=replace(told.judgement, **changes))


def test_a_fall_says_figure_period_usual_and_size():
    assert texts(TOLD) == ["Satisfied: 66.0% in June 2026 (usual 82.0–94.0%), worse by 22.0 pp."]


def test_and_where_and_since_when():
    placed = replace(TOLD, place={5: Place("social media", 0.346)}.get)
    (text,) = texts(judged(placed, since=3))
    assert text.endswith("worse by 22.0 pp, so since April 2026, worst in social media (34.6%).")


def test_what_is_over_is_told_with_where_things_are_now():
    past = judged(
        replace(TOLD, judgement=CALM, place={0: Place("social media", 0.346)}.get), events=(Event(0, SHARP),)
    )
    past = replace(past, figures=[0.658, 0.88, 0.88, 0.88, 0.88, 0.883])
    assert texts(past) == [
        "Satisfied: 65.8% in January 2026 (usual 82.0–94.0%), worst in social media (34.6%); back at 88.3% in June 2026."
    ]


def test_an_event_that_goes_on_is_not_told_twice():
    assert len(texts(judged(TOLD, since=4, events=(Event(4, SHARP),)))) == 1
    assert len(texts(judged(TOLD, since=4, events=(Event(1, SHARP),)))) == 2


def test_the_present_comes_first_then_what_is_surest_and_largest():
    small = Effect(-0.03, (-0.05, -0.01), 1e-4)
    lesser = judged(replace(TOLD, title="Lesser"), metric="ces", effect=small, p=1e-4)
    over = judged(
        replace(TOLD, title="Over"), metric="nps", verdict=Verdict.UNCHANGED, events=(Event(0, SHARP),)
    )
    more = judged(
        replace(TOLD, title="More"), metric="sps", verdict=Verdict.UNCHANGED, events=(Event(1, small),)
    )
    assert [text.split(":")[0] for text in texts(over, more, lesser, TOLD)] == ["Satisfied", "Lesser", "Over"]


def test_twins_are_told_once():
    twin = judged(replace(TOLD, title="Score", family="csat"), metric="csat_score")
    assert len(texts(replace(TOLD, family="csat"), twin)) == 1


def test_a_wait_is_told_by_its_ratio_and_a_backlog_by_its_growth():
    slow = Effect(0.18, (0.04, 0.34), 1e-6)
    hours = UsualRange(80_000, ((64_800, 93_600),) * 6, False, {})
    wait = Told(
        replace(FALLEN, metric="resolution", effect=slow, usual=hours), "Resolution", Quantity.DURATION, Unit.SECONDS,
        Better.LOWER, PERIODS, [90_000] * 6, 111_600,
    )  # fmt: skip
    assert texts(wait) == ["Resolution: 31 h in June 2026 (usual 18 h – 26 h), worse by 18%."]
    grown = replace(FALLEN, metric="backlog", usual=None, growth=Growth(9.2, (8, 10), 1e-9, 120, 843))
    stock = Told(grown, "Backlog", Quantity.STOCK, Unit.COUNT, Better.LOWER, PERIODS, [120, 843], 843)
    assert texts(stock) == ["Backlog: from 120 to 843 since January 2026, +9.2 a week."]


@pytest.mark.parametrize(
    ("better", "place"),
    [(Better.HIGHER, "worst in"), (Better.LOWER, "best in"), (Better.NEITHER, "most of it in")],
)
def test_the_place_is_named_by_what_is_good(better, place):
    placed = replace(TOLD, better=better, place={5: Place("chat", 0.3)}.get)
    assert place in texts(placed)[0]


def test_a_steady_fall_is_told_by_the_period():
    steady = judged(TOLD, effect=None, trend=Trend(-0.012, 1e-6))
    assert texts(steady) == ["Satisfied: 66.0% in June 2026, −1.2 pp a period since January 2026."]


def test_a_change_without_a_usual_range_says_what_was_before():
    assert texts(judged(TOLD, usual=None)) == [
        "Satisfied: 66.0% in June 2026 (before: 88.0%), worse by 22.0 pp."
    ]


def test_what_was_looked_at_besides():
    calm = replace(TOLD, judgement=CALM)
    assert (
        quiet([TOLD, calm, calm], ENGLISH)
        == "2 other metrics show no proven change: what moved may be chance."
    )
    assert quiet([calm], ENGLISH) == "1 other metric shows no proven change: what moved may be chance."
    assert quiet([TOLD], ENGLISH) == ""
    assert (
        quiet([calm] * 21, RUSSIAN)
        == "Ещё у 21 показателя изменение не доказано: сдвиг может быть случайным."
    )
    assert (
        quiet([calm] * 3, RUSSIAN)
        == "Ещё у 3 показателей изменение не доказано: сдвиги могут быть случайными."
    )
    assert (
        quiet([calm] * 8, RUSSIAN)
        == "Ещё у 8 показателей изменение не доказано: сдвиги могут быть случайными."
    )


def test_the_same_in_russian():
    placed = replace(TOLD, title="Довольные", place={5: Place("соцсети", 0.346)}.get)
    assert texts(judged(placed, since=3), language=RUSSIAN) == [
        (
            "Довольные: июнь 2026 – 66,0 % (обычно 82,0–94,0 %), хуже на 22,0 п. п., первый такой период – апрель 2026, "
            "хуже всего – соцсети (34,6 %)."
        )
    ]


def test_the_usual_range_of_one_period_is_not_held_against_several():
    several = judged(TOLD, subject=(3, 4, 5), baseline=(0, 1, 2), since=None)
    assert texts(several) == ["Satisfied: 66.0% in April – June 2026, worse by 22.0 pp."]
    (text,) = texts(several, language=RUSSIAN)
    assert text.endswith("п. п.")
    assert not text.endswith("..")


def test_a_past_period_within_the_usual_range_is_told_by_what_is_otherwise():
    low = Effect(-0.04, (-0.05, -0.03), 1e-6)
    (text,) = texts(
        judged(replace(TOLD, judgement=CALM, figures=[0.84, *[0.88] * 5]), events=(Event(0, low),))
    )
    assert text == "Satisfied: 84.0% in January 2026 (otherwise 88.0%); back at 88.0% in June 2026."


def test_a_side_that_nothing_was_said_of_goes_before_a_second_sentence_of_the_same():
    past = [
        judged(
            replace(TOLD, judgement=CALM, title=title, theme=theme),
            metric=title,
            events=(Event(0, replace(SHARP, p=p)),),
        )
        for title, theme, p in (
            ("Waits", "speed", 1e-9),
            ("Calls", "speed", 1e-8),
            ("Late", "speed", 1e-7),
            ("Came", "flow", 1e-4),
        )
    ]
    assert [text.split(":")[0].split(" – ")[-1] for text in texts(*past)] == ["Waits", "Calls", "Came"]


@pytest.mark.parametrize(
    ("is_most", "said"),
    [(True, "most of the change in app (40 → 152)"), (False, "above all in app (40 → 152)")],
)
def test_rows_are_placed_by_how_many_of_them_there_are(is_most, said):
    volume = replace(TOLD, quantity=Quantity.COUNT, unit=Unit.COUNT, better=Better.LOWER, value=466)
    placed = judged(replace(volume, place={5: Place("app", 152, is_most, 40)}.get), usual=None)
    assert said in texts(placed)[0]


@pytest.mark.parametrize(
    ("language", "again"),
    [(ENGLISH, "At the same time – "), (RUSSIAN, "В то же время – ")],
)
def test_a_second_sentence_on_one_past_period_says_that_it_is_the_same(language, again):
    waits, came, later = (
        judged(
            replace(TOLD, judgement=CALM, title=title, theme=title), metric=title, events=(Event(at, SHARP),)
        )
        for title, at in (("Waits", 0), ("Came", 0), ("Zzz", 2))
    )
    found = [text.split(":")[0] for text in texts(waits, came, later, language=language)]
    assert found == ["Zzz", "Came", f"{again}Waits"]

"""Values in words: what they must never be, and the same value in two languages."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.model.values import Target, Unit
from cx_kpi.wording.language import Language
from cx_kpi.wording.units import Words

EN, RU = Words(Language("en")), Words(Language("ru"))
SECONDS = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("value", "unit", "english", "russian"),
    [
        (16_470, Unit.COUNT, "16,470", "16 470"),
        (0, Unit.COUNT, "0", "0"),
        (8_040.0, Unit.SECONDS, "2 h 14 min", "2 ч 14 мин"),
        (67.5, Unit.SECONDS, "1 min 8 s", "1 мин 8 с"),
        (7_199.9, Unit.SECONDS, "2 h", "2 ч"),
        (86_400, Unit.SECONDS, "24 h", "24 ч"),
        (180_000, Unit.SECONDS, "2 d 2 h", "2 д 2 ч"),
        (172_790, Unit.SECONDS, "2 d", "2 д"),
        (9_000_000, Unit.SECONDS, "104 d", "104 д"),
        (0.4, Unit.SECONDS, "0.4 s", "0,4 с"),
        (0.004, Unit.SECONDS, "<0.1 s", "<0,1 с"),
        (0, Unit.SECONDS, "0 s", "0 с"),
        (-90, Unit.SECONDS, "−1 min 30 s", "−1 мин 30 с"),
        (0.8856, Unit.SHARE, "88.6%", "88,6 %"),
        (1.0, Unit.SHARE, "100%", "100 %"),
        (0.99961, Unit.SHARE, "99.96%", "99,96 %"),
        (1e-9, Unit.SHARE, "<0.0001%", "<0,0001 %"),
        (30.0, Unit.POINTS, "+30", "+30"),
        (-12.5, Unit.POINTS, "−12.5", "−12,5"),
        (4.333, Unit.SCORE, "4.33", "4,33"),
        (1.767, Unit.RATIO, "1.77", "1,77"),
        (18.4, Unit.CURRENCY, "18.40 EUR", "18,40 EUR"),
        ("phone", Unit.NAME, "phone", "phone"),
        (["late", "rude"], Unit.LIST, "late, rude", "late, rude"),
        (["not_working", "app"], Unit.LIST, "not working, app", "not working, app"),
        ("team_a", Unit.NAME, "team_a", "team_a"),
        (None, Unit.SHARE, "no data", "нет данных"),
    ],
)
def test_values(value, unit, english, russian):
    assert spaced(EN.value(value, unit, "EUR")) == english
    assert spaced(RU.value(value, unit, "EUR")) == russian


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_a_share_is_never_rounded_to_none_or_all(share):
    text = EN.value(share, Unit.SHARE)
    assert not re.fullmatch(r"(0|100)(\.0*)?%", text)
    number = float(text.strip("%<>"))
    assert abs(number - 100 * share) <= 0.051


@given(st.floats(0, 1e9), st.floats(0, 1e9))
def test_lengths_of_time_keep_their_order_and_are_right_to_a_part_of_the_second_unit(one, other):
    low, high = sorted((one, other))
    assert read(EN.duration(low)) <= read(EN.duration(high))
    part = 0.05 if high < 9.95 else 0.5  # of a second, below a minute
    assert abs(read(EN.duration(high)) - high) <= max(part, high / 60) + 1e-9  # of floats


def read(text: str) -> float:
    pairs = re.findall(r"([\d.,]+)\u00a0(\w+)", text)
    assert 1 <= len(pairs) <= 2
    if text.startswith("<"):
        return 0.05
    return sum(float(number.replace(",", "")) * SECONDS[unit] for number, unit in pairs)


@given(st.floats(-1e6, 1e6), st.sampled_from(list(Unit)))
def test_languages_differ_in_signs_alone(value, unit):
    digits = [re.sub(r"\D", "", words.value(value, unit)) for words in (EN, RU)]
    assert digits[0] == digits[1]


@pytest.mark.parametrize(
    ("interval", "unit", "english", "russian"),
    [
        ((0.862, 0.906), Unit.SHARE, "86.2–90.6%", "86,2–90,6 %"),
        ((14.05, 44.2), Unit.POINTS, "+14.1 – +44.2", "+14,1 – +44,2"),
        ((3600.0, 5400.0), Unit.SECONDS, "1 h – 1 h 30 min", "1 ч – 1 ч 30 мин"),
        ((17.1, 19.7), Unit.CURRENCY, "17.10–19.70 EUR", "17,10–19,70 EUR"),
        ((0.0, 0.0), Unit.SHARE, "0%", "0 %"),
        ((3600.0, 3601.0), Unit.SECONDS, "1 h", "1 ч"),
        (None, Unit.SHARE, "", ""),
    ],
)
def test_intervals(interval, unit, english, russian):
    assert spaced(EN.interval(interval, unit, "EUR")) == english
    assert spaced(RU.interval(interval, unit, "EUR")) == russian


@pytest.mark.parametrize(
    ("change", "unit", "previous", "english", "russian"),
    [
        (0.0146, Unit.SHARE, 0.871, "+1.5 pp", "+1,5 п. п."),
        (-0.0004, Unit.SHARE, 0.871, "0.0 pp", "0,0 п. п."),
        (-4.5, Unit.POINTS, 34.5, "−4.5", "−4,5"),
        (0.25, Unit.SCORE, 4.0, "+0.25", "+0,25"),
        (-1_200.0, Unit.SECONDS, 8_000.0, "−15.0%", "−15,0 %"),
        (12, Unit.COUNT, 0, "+12", "+12"),
        (90.0, Unit.SECONDS, None, "+1 min 30 s", "+1 мин 30 с"),
        (None, Unit.SHARE, None, "", ""),
    ],
)
def test_changes(change, unit, previous, english, russian):
    assert spaced(EN.change(change, unit, previous)) == english
    assert spaced(RU.change(change, unit, previous)) == russian


def test_goals():
    assert spaced(EN.target(Target(">=", 0.9), Unit.SHARE)) == "≥ 90%"
    assert spaced(EN.target(Target("<=", 86_400.0), Unit.SECONDS)) == "≤ 24 h"
    assert spaced(RU.target(Target("<=", 86_400.0), Unit.SECONDS)) == "≤ 24 ч"
    assert spaced(RU.target(Target(">=", 0.855), Unit.SHARE)) == "≥ 85,5 %"
    assert EN.target(None, Unit.SHARE) == ""


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_does_not_break_a_page(value):
    assert all(isinstance(EN.value(value, unit), str) for unit in Unit)

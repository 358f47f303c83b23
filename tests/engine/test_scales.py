"""The scale of answers without one: by the kind of survey and the scores given."""

import pytest
from canonical import frame, report, results

from cx_kpi.normalise.values.answer_scales import ends_early, scale_by_scores


@pytest.mark.parametrize(
    ("kind", "scores", "scale"),
    [
        ("nps", range(11), (0, 10)),
        ("nps", [6, 9], (0, 10)),
        ("nps", [1, 5], (1, 5)),  # then it is refused
        ("nps", [0, 1], (0, 1)),
        ("ces", [1, 7], (1, 7)),
        ("ces", [1, 5], (1, 7)),
        ("ces", [0, 7], (0, 10)),
        ("ces", [1, 8], (1, 10)),
        ("sps", [1, 5], (1, 5)),
        ("sps", [2, 6], (1, 7)),
        ("self", [1, 3], (1, 5)),
        ("self", [1, 5.5], (1, 7)),
        ("csat", [0, 1], (0, 1)),
        ("csat", [1], None),
        ("csat", [0], None),
        ("csat", [0, 3, 4], None),
        ("csat", [0, 5], None),
        ("csat", [1, 2], (1, 5)),
        ("csat", [1, 5], (1, 5)),
        ("csat", [1, 6], (1, 7)),
        ("csat", [7], (1, 7)),
        ("csat", [1, 8], (1, 10)),
        ("csat", [0, 6], (0, 10)),
        ("csat", [0.5, 10], (0, 10)),
        ("review", [1, 5], (1, 5)),
        ("", [3], (1, 5)),
        ("csat", [10, 55, 90], (0, 100)),
        ("csat", [-5, 250], (-5, 250)),
    ],
)
def test_scale_by_the_scores(kind, scores, scale):
    assert scale_by_scores(kind, dict.fromkeys(map(float, scores), 1)) == scale


@pytest.mark.parametrize(("slips", "scale"), [(2, (1, 5)), (3, (1, 10))])
def test_one_answer_in_a_hundred_far_beyond_a_filled_scale_is_a_slip(slips, scale):
    assert scale_by_scores("csat", {1.0: 80, 4.0: 40, 5.0: 80, 10.0: slips}) == scale


@pytest.mark.parametrize(("slips", "scale"), [(9, (1, 5)), (10, (0, 100))])
def test_a_few_scores_beyond_all_scales_are_slips(slips, scale):
    scores = {1.0: 40, 5.0: 100 - 40 - slips, 55.0: slips}
    assert scale_by_scores("csat", scores) == scale


@pytest.mark.parametrize(
    ("scores", "scale"),
    [
        ({1: 20, 9: 20, 10: 10}, (0, 10)),  # the score is the same on either scale
        ({0: 1, 1: 20, 9: 20, 10: 10}, (0, 10)),
        ({2: 20, 9: 20, 10: 10}, (0, 10)),
    ],
)
def test_answers_from_1_to_10_are_on_the_usual_scale_of_nps(scores, scale):
    assert scale_by_scores("nps", {float(score): times for score, times in scores.items()}) == scale


def test_without_scores_there_is_no_scale():
    assert scale_by_scores("csat", {}) is None


def test_a_slip_is_no_answer():
    rows = [{"kind": "csat", "score": score} for score in [5.0] * 19 + [11.0]]
    found = report({"surveys": rows}, metrics=["csat"]).metrics["csat"]
    assert (found.value, found.n, found.details["scale"]) == (1.0, 19, [1.0, 5.0])


def test_each_kind_has_its_own_scale_and_a_row_may_have_another():
    rows = [
        {"kind": kind, "score": score, "scale_min": low, "scale_max": high}
        for kind, score, low, high in [
            ("csat", 5.0, None, None),
            ("csat", 3.0, 0.0, 3.0),
            ("csat", 4.0, 0.0, 3.0),
            ("review", 10.0, None, None),
        ]
    ]
    found = results({"surveys": frame("surveys", rows)}).figures
    whole = {name: next(iter(cells.values())) for name, cells in found.items() if cells}
    assert (whole["csat"].value, whole["csat"].n) == (1.0, 2)
    assert whole["review_rating"].details["scale"] == [1.0, 10.0]


@pytest.mark.parametrize(("low", "score"), [(0.0, 100 / 3), (1.0, 100 / 3)])
def test_an_nps_from_1_to_10_is_computed(low, score):
    rows = [{"kind": "nps", "score": each, "scale_min": low, "scale_max": 10.0} for each in (1.0, 9.0, 10.0)]
    found = report({"surveys": rows * 20}, metrics=["nps"]).metrics["nps"]
    assert (found.value, found.n) == (pytest.approx(score), 60)


@pytest.mark.parametrize(("scores", "said"), [([1, 3, 5], "on a scale of 0 to 10;")])
def test_an_nps_on_another_scale_is_refused_with_what_to_write(scores, said):
    rows = [{"kind": "nps", "score": float(score)} for score in scores * 20]
    (left,) = report({"surveys": rows}, metrics=["nps"]).left_out
    assert said in left.why
    assert "[surveys.scales] nps = [0, 10]" in left.why
    scaled = [{**row, "scale_min": 0.0, "scale_max": 10.0} for row in rows]
    assert report({"surveys": scaled}, metrics=["nps"]).metrics["nps"].n == 60


@pytest.mark.parametrize(("scores", "value"), [([0, 1, 1, 0], None), ([1, 2, 5, 4], 3.0)])
def test_a_mean_of_two_values_is_refused_as_a_share_and_the_share_stays(scores, value):
    answers = [
        {"response_id": n, "responded_at": f"2026-03-0{n} 10:00", "kind": "csat", "score": score}
        for n, score in enumerate(scores, 1)
    ]
    text = "response_id | responded_at | kind | score\n" + "\n".join(
        " | ".join(str(cell) for cell in answer.values()) for answer in answers
    )
    made = report({"surveys": text})
    found = {name: made.metrics[name].value for name in ("csat", "csat_score") if name in made.metrics}
    assert found == {"csat": 0.5} | ({"csat_score": value} if value else {})
    assert any("two values" in each.why for each in made.left_out) == (value is None)


@pytest.mark.parametrize(
    ("scale", "scores", "says"),
    [
        ((1, 5), {1: 4, 4: 6}, True),
        ((1, 5), {1: 4, 4: 5}, False),  # so few may leave out the best
        ((1, 5), {1: 9, 5: 1}, False),
        ((1, 5), {1: 10}, False),  # one star may be all there is to say
        ((1, 7), {6: 10}, True),
        ((0, 10), {0: 5, 5: 5}, True),
        ((0, 10), {0: 5, 6: 5}, False),
    ],
)
def test_so_many_answers_without_the_best_may_be_on_a_shorter_scale(scale, scores, says):
    assert ends_early(scale, {float(score): times for score, times in scores.items()}) is says

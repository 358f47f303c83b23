"""What is said of data without dates."""

import pytest
from canonical import report


def said(scores, kind="csat"):
    rows = [{"kind": kind, "score": score} for score in scores]
    return [each.text for each in report({"surveys": rows}, metrics=["csat", "csat_score"]).findings]


@pytest.mark.parametrize(
    ("scores", "text"),
    [
        ((5.0, 4.0, 5.0, 1.0, 3.0), "Satisfaction score: 3.60 of 5 (n = 5);"),
        ((10.0, 9.0, 0.0, 8.0, 10.0), "Satisfaction score: 7.40 of 10 (n = 5)."),
    ],
)
def test_a_mean_score_is_told_with_the_end_of_its_scale(scores, text):
    assert any(each.startswith(text) for each in said(scores))


def test_a_share_has_no_scale():
    assert all(" of " not in text for text in said((5.0, 4.0, 5.0, 1.0, 3.0)) if "CSAT" in text)

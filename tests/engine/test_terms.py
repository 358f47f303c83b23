from collections import Counter
from math import log, sqrt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.engine.aggregation.apart.words.terms import Telling, new_terms, telling, term_counts

FORMS = {
    "доставка": "доставка", "доставку": "доставка", "Доставке": "доставка", "ждали": "ждать", "ЖДУТ": "ждать",
    "денег": "деньги", "деньги": "деньги", "ёлка": "ёлка", "елку": "ёлка", "ответа": "ответ", "wi-fi": "wi-fi",
    "refund": "refund", "REFUND": "refund", "naïve": "naïve", "router": "router", "don't": None, "очень": None,
    "меня": None, "the": None, "ok": None, "24": None, "x2": None, "2nd": None, "anna@example.com": None,
    "https://example.com/router": None, "&nbsp;": None, "👍": None, "й": None,
}  # fmt: skip


def frame(reviews):
    return pl.DataFrame(
        reviews, schema={"comment": pl.String, "low": pl.Boolean, "high": pl.Boolean}, orient="row"
    )


def counted(reviews):
    return {term: counts for term, *counts in term_counts(frame(reviews)).drop("texts", "first").iter_rows()}


def table(counts):
    schema = {"term": pl.String, "reviews": pl.Int64, "low": pl.Int64, "high": pl.Int64}
    return pl.DataFrame(counts, schema=schema, orient="row").with_columns(texts="reviews")


ratings = st.sampled_from([(True, False), (False, True), (False, False), (None, None)])
comments = st.none() | st.lists(st.sampled_from(sorted(FORMS)), max_size=6).map(", ".join)
reviews = st.lists(st.tuples(comments, ratings).map(lambda review: (review[0], *review[1])), max_size=12)


@given(reviews)
def test_counts_the_different_reviews_that_hold_a_word(rows):
    expected = {"reviews": Counter(), "low": Counter(), "high": Counter()}
    for comment, low, high in rows:
        terms = {FORMS[word] for word in (comment or "").split(", ") if word} - {None}
        expected["reviews"].update(terms)
        expected["low"].update(terms if low else ())
        expected["high"].update(terms if high else ())
    assert counted(rows) == {
        term: [expected[kind][term] for kind in ("reviews", "low", "high")] for term in expected["reviews"]
    }


@given(reviews, st.randoms())
def test_the_order_of_reviews_and_of_words_changes_nothing(rows, chance):
    shuffled = [(comment and "; ".join(chance.sample(comment.split(", "), comment.count(", ") + 1)), *rated)
                for comment, *rated in chance.sample(rows, len(rows))]  # fmt: skip
    assert term_counts(frame(shuffled)).drop("first").equals(term_counts(frame(rows)).drop("first"))


@given(reviews)
def test_most_mentioned_first_then_by_the_alphabet(rows):
    terms = [(-reviews, term) for term, reviews, *_ in term_counts(frame(rows)).iter_rows()]
    assert terms == sorted(terms)


def test_english_forms_are_shown_by_the_one_most_reviews_use():
    rows = [
        ("deliveries", None, None),
        ("Delivery, delivery", None, None),
        ("delivery deliveries", None, None),
    ]
    assert counted([*rows, ("the delivery", None, None)]) == {"delivery": [4, 0, 0]}
    assert counted([*rows, ("deliveries", None, None)]) == {"deliveries": [4, 0, 0]}


def test_typography_makes_no_new_word():
    decomposed = "и\u0306огурт"
    assert counted([(decomposed, None, None), ("ЙОГУРТ", None, None)]) == {"йогурт": [2, 0, 0]}
    assert counted([("don’t", None, None)]) == {}


@pytest.mark.parametrize(
    "word", ["долго", "ждали", "никто", "problem", "orders", "missing", "website", "working"]
)
def test_words_of_complaint_are_not_stop_words(word):
    assert len(counted([(word, True, False)])) == 1


sides = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
counts = st.lists(sides, max_size=8).map(
    lambda rows: table([(f"word{i}", sum(row), *row[:2]) for i, row in enumerate(rows)])
)


def score(low, high, n_low, n_high):
    """Log-odds with an informative Dirichlet prior, term by term as the paper has it."""
    prior, everyone = low + high, n_low + n_high
    odds = [log((y + prior) / (n + everyone - y - prior)) for y, n in ((low, n_low), (high, n_high))]
    return (odds[0] - odds[1]) / sqrt(1 / (low + prior) + 1 / (high + prior))


@given(counts, st.integers(41, 90), st.integers(41, 90))
def test_telling_words_agree_with_the_formula(rows, n_low, n_high):
    scored = [
        (score(low, high, n_low, n_high), term)
        for term, _, low, high, _ in rows.iter_rows()
        if low + high >= 5
    ]
    found = telling(rows, n_low, n_high, top=99)
    assert set(found.low) == {term for z, term in scored if z >= 1.96}
    assert set(found.high) == {term for z, term in scored if z <= -1.96}
    strength = {term: abs(z) for z, term in scored}
    for side in (found.low, found.high):
        ranked = [strength[term] for term in side]
        assert ranked == pytest.approx(sorted(ranked, reverse=True))


@given(counts, st.integers(41, 90), st.integers(41, 90))
def test_low_and_high_are_two_sides_of_one_thing(rows, n_low, n_high):
    there = telling(rows, n_low, n_high)
    back = telling(rows.rename({"low": "high", "high": "low"}), n_high, n_low)
    assert (back.most, back.low, back.high) == (there.most, there.high, there.low)


def test_equal_words_come_by_the_alphabet_and_no_more_than_asked():
    rows = table([(term, 30, 30, 0) for term in "cadb"])
    assert telling(rows, 100, 100, top=3) == Telling(most=["a", "b", "c"], low=["a", "b", "c"], high=[])


@pytest.mark.parametrize(("reviews", "low"), [(4, []), (5, ["word"])])
def test_a_word_of_few_reviews_sets_nothing_apart(reviews, low):
    assert telling(table([("word", reviews, reviews, 0)]), reviews, 1000).low == low


def test_a_word_of_one_review_is_not_mentioned_most():
    assert telling(table([("twice", 2, 0, 0), ("once", 1, 0, 0)]), 9, 9).most == ["twice"]


@pytest.mark.parametrize(("n_low", "n_high"), [(0, 0), (0, 50), (50, 0)])
def test_one_side_alone_tells_nothing(n_low, n_high):
    found = telling(table([("word", 50, min(n_low, 50), min(n_high, 50))]), n_low, n_high)
    assert found == Telling(most=["word"], low=[], high=[])


def test_a_word_in_every_review_tells_nothing():
    assert telling(table([("word", 80, 40, 40)]), 40, 40) == Telling(most=["word"], low=[], high=[])


@pytest.mark.parametrize(
    ("comment", "words"),
    [
        ("The app is not working", {"app", "not_working"}),
        ("App: never works. It isn’t  fast", {"app", "not_works", "not_fast"}),
        ("No answer, without help", {"no_answer", "no_help"}),
        ("Приложение не работает", {"приложение", "не_работать"}),
        ("Нет связи! Без обмана; не только", {"нет_связь", "без_обман"}),
        ("Not. Working", {"working"}),
    ],
)
def test_a_negation_and_its_word_are_one(comment, words):
    assert set(counted([(comment, True, False)])) == words


def test_what_is_negated_is_another_word():
    found = counted([("работает", False, True), ("не работает", True, False), ("не работало", True, False)])
    assert found == {"работать": [1, 0, 1], "не_работать": [2, 2, 0]}


def test_a_text_that_is_sent_again_and_again_sets_nothing_apart():
    good = [(f"refund quick {'ab'[k % 2] * (k + 3)}", False, True) for k in range(20)]
    same, different = (
        [(f"refund late {'x' * (k * odd + 1)}", True, False) for k in range(20)] for odd in (0, 1)
    )
    for bad, found in ((same, []), (different, ["late"])):
        assert telling(term_counts(frame([*good, *bad])), 20, 20).low == found


def test_new_words_are_in_enough_texts_of_now_and_in_none_of_before():
    before = [(f"refund took {k} days", False, True) for k in range(9)]
    now = [(f"refund, camera broke {'x' * k}", True, False) for k in range(5)]
    assert new_terms(term_counts(frame([*before, *now]))) == ["broke", "camera"]
    assert new_terms(term_counts(frame([*before, *now[:4]]))) == []


SAID = {
    "J'ai attendu à la caisse, c'est trop long pour un magasin": {"attendu", "caisse", "long", "magasin"},
    "Le personnel n'est pas aimable et les prix sont chers": {"personnel", "pas_aimable", "prix", "chers"},
    "Das Paket ist nicht angekommen und der Preis war sehr hoch": {"paket", "nicht_angekommen", "preis"},
    "La entrega no llegó y el precio es muy alto para mí": {"entrega", "no_llegó", "precio"},
    "A entrega não chegou e o preço está muito alto para mim": {"entrega", "não_chegou", "preço"},
    "I don't like that the car is on sale": {"car", "sale"},
}  # words of one language that are stop words of another stay


@pytest.mark.parametrize(("comment", "words"), SAID.items())
def test_stop_words_are_those_of_the_language_of_a_comment(comment, words):
    assert words <= counted([(comment, False, False)]).keys()
    unsaid = {
        "les",
        "est",
        "pour",
        "j'ai",
        "c'est",
        "der",
        "und",
        "ist",
        "the",
        "para",
        "que",
        "muy",
        "está",
        "muito",
    }
    assert not unsaid & counted([(comment, False, False)]).keys()


def test_a_comment_without_stop_words_is_in_the_language_of_most():
    rows = [("Les prix sont trop hauts pour nous", False, False)] * 3
    assert "trop" not in counted([*rows, ("trop cher", False, False)])

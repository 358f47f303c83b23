import polars as pl
import pytest

from cx_kpi.engine.aggregation.apart.words.word_counts import word_counts


def test_words_of_reviews_and_their_counts():
    rows = (
        [(f"Долго ждали возврат {'abcde'[k % 5]}", True, False) for k in range(30)]
        + [(f"Быстрая доставка {'abcde'[k % 5]}", False, True) for k in range(30)]
        + [("ok", None, None)]
    )
    found = word_counts(pl.DataFrame(rows, schema=["comment", "low", "high"], orient="row"))
    assert (found.n, found.n_low, found.n_high) == (61, 30, 30)
    assert found.most == ["быстрый", "возврат", "долго", "доставка", "ждать"]
    assert (found.low, found.high) == (["возврат", "долго", "ждать"], ["быстрый", "доставка"])
    assert found.table[0] == {
        "name": "быстрый",
        "n": 30,
        "share": pytest.approx(30 / 61),
        "low": 0,
        "high": 30,
    }


def test_no_reviews_tell_nothing():
    found = word_counts(pl.DataFrame(schema={"comment": pl.String, "low": pl.Boolean, "high": pl.Boolean}))
    assert (found.n, found.most, found.table) == (0, [], [])


def test_the_reviews_to_read_are_low_ones_first_then_the_latest_however_rows_are_ordered():
    rows = [("Возврат задержали", k == 2, k != 2, k, f"R-{k}") for k in range(5)]
    schema = ["comment", "low", "high", "at", "id"]
    for order in (rows, rows[::-1]):
        found = word_counts(pl.DataFrame(order, schema=schema, orient="row"))
        assert {tuple(row["read"]) for row in found.table} == {("R-2", "R-4", "R-3")}


def test_reviews_of_one_moment_are_read_in_the_order_of_their_ids():
    rows = [("Возврат задержали", True, False, 0, f"R-{k}") for k in (2, 0, 1, 3)]
    found = word_counts(pl.DataFrame(rows, schema=["comment", "low", "high", "at", "id"], orient="row"))
    assert {tuple(row["read"]) for row in found.table} == {("R-0", "R-1", "R-2")}

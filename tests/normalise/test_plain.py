"""Columns with types: structs by their parts, times of day, lists; nothing is dropped without a word."""

from datetime import datetime, time

import polars as pl

from cx_kpi.normalise.vocabulary.plain_columns import plainly

from .frames import typed_frame

AT = datetime(2026, 3, 2, 9)


def test_structs_times_and_lists_are_read() -> None:
    frame = plainly(
        typed_frame(
            pl.DataFrame(
                {
                    "ticket": [{"id": "A1", "by": {"team": "x"}}, {"id": "A2", "by": None}],
                    "wait": [time(2, 18), None],
                    "tags": [["a", "b"], []],
                    "counts": [[1, 2], None],
                    "moves": [[{"to": "x"}], []],
                    "pair": pl.Series([[1, 2], [3, 4]], dtype=pl.Array(pl.Int64, 2)),
                }
            )
        )
    )
    assert frame.headers == ("ticket.id", "ticket.by.team", "wait", "tags", "counts", "moves", "pair")
    assert frame.frame.collect().rows() == [
        ("A1", "x", "02:18:00", "a b", "1 2", '{"to":"x"}', "1 2"),
        ("A2", None, None, "", None, "", "3 4"),
    ]


def test_what_has_no_plain_form_is_said() -> None:
    frame = plainly(
        typed_frame(pl.DataFrame({"id": [1, 2], "odd": pl.Series([AT, object()], dtype=pl.Object)}))
    )
    assert frame.headers == ("id",)
    (said,) = frame.remarks
    assert (said.code, str(said.phrase)) == (
        "columns_left",
        "Columns of a kind that cannot be read, left out: odd.",
    )

"""Event logs: folding neither invents nor loses a record, whatever the order and the number of events."""

from random import Random

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.normalise.preset.log_folding import Fold, Take, fold

_EVENTS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c", None]), st.integers(0, 200), st.sampled_from("XYZ")),
    max_size=30,
    unique_by=lambda event: event[:2],
)
_ROW = Fold("id", "step")
_COLUMNS = Fold(
    "id",
    "step",
    {
        "begun": [Take("step")],
        "last": [Take("step", "last")],
        "most": [Take("step", "max")],
        "least": [Take("step", "min", {"event": ["X", "Y"]})],
        "end": [Take("event", "last", {"event": ["X"]}), Take("event", "first")],
    },
)


def _frame(events: list[tuple[str | None, int, str]]) -> pl.LazyFrame:
    columns = {
        "id": [e[0] for e in events],
        "step": [str(e[1]) for e in events],
        "event": [e[2] for e in events],
    }
    return pl.LazyFrame(columns, dict.fromkeys(columns, pl.String))


@given(_EVENTS)
def test_the_last_step_stands_for_its_record(events: list[tuple[str | None, int, str]]) -> None:
    rows = fold(_frame(events), _ROW).collect().rows()
    kept = {each[0]: max(e[1] for e in events if e[0] == each[0]) for each in events if each[0]}
    assert {row[0]: int(row[1]) for row in rows if row[0]} == kept
    alone = sorted(str(step) for record, step, _ in events if record is None)
    assert sorted(row[1] for row in rows if row[0] is None) == alone


@given(_EVENTS, st.randoms())
def test_the_order_of_the_file_does_not_matter(
    events: list[tuple[str | None, int, str]], chance: Random
) -> None:
    shuffled = [*events]
    chance.shuffle(shuffled)
    for rule in (_ROW, _COLUMNS):
        one, other = (fold(_frame(each), rule).collect() for each in (events, shuffled))
        assert sorted(one.rows(), key=str) == sorted(other.rows(), key=str)


@given(_EVENTS)
def test_columns_are_taken_from_the_events_meant(events: list[tuple[str | None, int, str]]) -> None:
    for row in fold(_frame(events), _COLUMNS).collect().iter_rows(named=True):
        if row["id"] is None:
            continue
        own = sorted((step, event) for record, step, event in events if record == row["id"])
        assert (int(row["begun"]), int(row["last"])) == (own[0][0], own[-1][0])
        assert float(row["most"]) == own[-1][0]
        quiet = [step for step, event in own if event != "Z"]
        assert (None if row["least"] is None else float(row["least"])) == (min(quiet) if quiet else None)
        assert row["end"] == ("X" if any(event == "X" for _, event in own) else own[0][1])


def test_typed_columns_are_folded_too() -> None:
    columns = {"id": [1, 1, 2], "step": [3, 9, 1], "event": [True, False, True]}
    rule = Fold("id", "step", {"end": [Take("step", "last", {"event": ["false"]})]})
    assert fold(pl.LazyFrame(columns), rule).collect().rows() == [(2, None), (1, 9)]

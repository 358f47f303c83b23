"""Sparklines keep length, gaps and order."""

from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.render.elements.spark import BLOCKS, GAP, HEIGHT, WIDTH, blocks, lines

HISTORY = st.lists(st.none() | st.floats(-1e9, 1e9), max_size=40)


@given(HISTORY)
def test_one_character_for_each_value_and_a_gap_for_none(history):
    drawn = blocks(history)
    if sum(value is not None for value in history) < 2:
        assert drawn == ""
        return
    assert [char == GAP for char in drawn] == [value is None for value in history]
    levels = {
        value: BLOCKS.index(char) for value, char in zip(history, drawn, strict=True) if value is not None
    }
    ordered = [levels[value] for value in sorted(levels)]
    assert ordered == sorted(ordered)
    if len(levels) > 1 and max(levels) - min(levels) > 1e-6 * max(map(abs, levels)):
        assert (ordered[0], ordered[-1]) == (0, len(BLOCKS) - 1)


@given(HISTORY)
def test_the_drawing_stays_in_its_box_and_breaks_at_gaps(history):
    runs = [[float(number) for number in line.replace(",", " ").split()] for line in lines(history)]
    assert all(0 <= x <= WIDTH for run in runs for x in run[::2])
    assert all(0 <= y <= HEIGHT for run in runs for y in run[1::2])
    known = "".join("_" if value is None else "x" for value in history).split("_")
    expected = [run for run in known if run] if sum(map(len, known)) > 1 else []
    assert [len(run) // 2 for run in runs] == [max(2, len(run)) for run in expected]


def test_the_latest_are_shown_where_there_is_little_room():
    assert blocks([9.0, 1.0, 2.0, 3.0], 3) == "▁▅█"


def test_a_flat_history_is_a_flat_line():
    assert blocks([5.0, 5.0, 5.0]) == "▄▄▄"
    assert lines([5.0, 5.0]) == [f"3,{HEIGHT / 2:g} {WIDTH - 3},{HEIGHT / 2:g}"]


def test_zeros_lie_at_the_bottom():
    assert blocks([0.0, None, 0.0]) == f"▁{GAP}▁"
    assert lines([0.0, 0.0]) == [f"3,{HEIGHT - 3} {WIDTH - 3},{HEIGHT - 3}"]

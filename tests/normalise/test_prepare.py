"""What presets do to files before their columns are read: every row dropped or folded is counted."""

from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.normalise.preset.prepare import prepare
from cx_kpi.wording.language import Language

from .frames import codes, tables, text_frame

_STATES = st.lists(
    st.tuples(st.sampled_from(["INC1", "INC2", "INC3"]), st.integers(0, 99)), min_size=1, unique=True
)


@given(_STATES)
def test_rows_of_an_event_log_are_used_or_counted(states: list[tuple[str, int]]) -> None:
    rows = len(states)
    columns = {
        "Number": [number for number, _ in states],
        "opened_at": ["2026-03-02 10:00:00"] * rows,
        "sys_mod_count": [count for _, count in states],
        "incident_state": ["Active"] * rows,
    }
    loaded = tables(text_frame(columns))["tickets"]
    (source,) = loaded.sources
    numbers = {number for number, _ in states}
    assert (source.rows, source.used, source.set_aside) == (rows, len(numbers), rows - len(numbers))
    assert codes(loaded).get(("folded", None), 0) == rows - len(numbers)


def test_a_file_the_user_calls_another_table_is_left_as_it_is() -> None:
    source = text_frame({"ResponseId": ["1"], "RecordedDate": ["2026-03-02"], "Finished": ["False"]})
    assert prepare(source, "tickets", Language()) == source
    assert prepare(source, "surveys", Language()).apart == 1


def test_notes_speak_the_language_of_the_report() -> None:
    columns = {"customerID": ["1"], "tenure": ["2"], "Churn": ["No"]}
    notes = {
        code: prepare(text_frame(columns), None, Language(code)).notices[0].message for code in ("en", "ru")
    }
    assert "share of this list" in notes["en"]
    assert "доля этого списка" in notes["ru"]

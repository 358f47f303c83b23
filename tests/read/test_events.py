"""Logs of telephone events: every line is a row or a reject."""

from pathlib import Path

import pytest

from cx_kpi.read.open import open_file

_LINES = [
    "1768208400|1.1|care|NONE|ENTERQUEUE||555|1",
    "1768208412|1.1|care|SIP/1|CONNECT|12",
    "1768208413|1.1|care|SIP/1|PAUSE",
]


@pytest.mark.parametrize("name", ["queue_log", "queue_log.txt", "log.csv"])
def test_lines_of_any_width_are_rows(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("\n".join([*_LINES, "", "garbage", ""]))
    frame = open_file(tmp_path / name)
    rows = frame.frame.collect().rows()
    assert ["|".join(cell or "" for cell in row).rstrip("|") for row in rows] == _LINES
    assert [reject.line for reject in frame.rejects] == [5]
    assert {len(row) for row in rows} == {10}


def test_other_bars_are_tables(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id|created|who|what|STATE\n1|2026-01-01|a|b|NEW\n")
    assert open_file(tmp_path / "t.csv").headers == ("id", "created", "who", "what", "STATE")

"""cxkpi.toml: each problem is one line."""

from pathlib import Path

import pytest

from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.options import Column, Config, Question
from cx_kpi.normalise.config.read_config import LARGEST, read_config


def written(tmp_path: Path, text: str | bytes) -> str:
    file = tmp_path / "cxkpi.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(file)


def test_everything_is_read(tmp_path: Path) -> None:
    text = """
    timezone = "Europe/Moscow"
    [tickets.columns]
    team = "Agency"
    created_at = ["When", "Date"]
    reopen_count = { column = "Reopened", present = true }
    [tickets.values.status]
    "In transit" = "pending"
    [[surveys.questions]]
    column = "q1"
    kind = "nps"
    scale = [0, 10]
    [targets]
    csat = 0.9
    """
    config = read_config(written(tmp_path, text))
    assert config.timezone == "Europe/Moscow"
    assert config.tickets.columns == {
        "team": "Agency",
        "created_at": ["When", "Date"],
        "reopen_count": Column("Reopened", present=True),
    }
    assert config.tickets.values == {"status": {"In transit": "pending"}}
    assert config.surveys.questions == [Question("q1", "nps", (0, 10))]
    assert config.targets == {"csat": 0.9}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('languag = "ru"', "languag: no such key; did you mean language?"),
        ("[tickets.value]", "tickets.value: no such key; did you mean values?"),
        (
            '[tickets.columns]\ncost = { colum = "x" }',
            "tickets.columns.cost.colum: no such key; did you mean column?",
        ),
        ("[tickets.columns]\ncost = 5", "tickets.columns.cost: has to be a header"),
        (
            '[tickets.columns]\ncreated = "x"',
            "tickets.columns.created: no such field; did you mean created_at",
        ),
        ('[tickets.values.stats]\nx = "open"', "tickets.values.stats: no such field; did you mean status"),
        ('[tickets.values.status]\nx = "opn"', "no word opn; did you mean open?"),
        ('[tickets.values.is_complaint]\nx = "yes"', "has to be true or false"),
        ('[surveys.values.score]\nx = "5"', "has to be a number"),
        ('[tickets.columns]\ncost = { column = "x", unit = "fortnight" }', "no unit fortnight"),
        ('[tickets.columns]\ncreated_at = { column = "x", zone = "Mars/Base" }', "no time zone Mars/Base"),
        ('timezone = "Mars/Base"', "timezone: no time zone Mars/Base"),
        ('[[surveys.questions]]\ncolumn = "a"\nkind = "npss"', "no kind npss; did you mean nps?"),
        ('[[surveys.questions]]\ncolumn = "a"', "surveys.questions: kind is missing"),
        ('[[tickets.questions]]\ncolumn = "a"\nkind = "nps"', "only surveys have questions"),
        ("[surveys.scales]\nnpss = [0, 10]", "no kind npss; did you mean nps?"),
        ("[surveys.scales]\nnps = [10, 10]", "the worst answer, then the best"),
        ("[tickets.scales]\nnps = [0, 10]", "only surveys have scales"),
        ('period = "moth"', "period: has to be 'day', 'week'"),
        ('dayfirst = "x"', "dayfirst: has to be true or false"),
        ("tickets = 5", "tickets: has to be a table"),
        ('[costs]\nhourly_rate = "x"', "costs.hourly_rate: has to be a number"),
        ("a = [[", "not TOML"),
        ("\n\nx = = 1", "line 3"),
        ("x = " + "[" * 100_000, "nested too deeply"),
        ("#" * (LARGEST + 1), "larger than 1 MB"),
        (b"a = '\xff\xfe'", "not in UTF-8"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        read_config(written(tmp_path, text))
    assert message in str(problem.value)
    assert "\n" not in str(problem.value)


def test_a_file_named_has_to_be_there_and_one_found_need_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_config(None) == Config()
    written(tmp_path, 'language = "ru"')
    assert read_config(None).language == "ru"
    with pytest.raises(UsageProblem, match="no such file"):
        read_config("absent.toml")
    with pytest.raises(UsageProblem, match="no such file"):
        read_config(str(tmp_path))

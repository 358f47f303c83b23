"""What a run takes from its environment: the language, `pyproject.toml`; and what `--verbose` prints."""

import json
from pathlib import Path

import pytest

from cx_kpi.model.errors import Exit

from .conftest import Cxkpi

TITLE = {"en": "Customer service report", "ru": "Отчёт"}


@pytest.fixture
def locale(monkeypatch: pytest.MonkeyPatch):
    """Sets the variables that hold the language of an environment."""

    def say(**variables: str) -> None:
        for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
            monkeypatch.setenv(name, variables.get(name, ""))

    return say


def language(cxkpi: Cxkpi, *more: str) -> str:
    return json.loads(cxkpi("report", "tickets.csv", "-f", "json", *more).out)["language"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"LC_ALL": "ru_RU.UTF-8"}, "ru"),
        ({"LC_MESSAGES": "ru"}, "ru"),
        ({"LANG": "ru_UA.KOI8-U"}, "ru"),
        ({"LANG": "ru-RU"}, "ru"),
        ({"LC_ALL": "C", "LANG": "ru_RU.UTF-8"}, "en"),
        ({"LC_MESSAGES": "en_GB.UTF-8", "LANG": "ru_RU.UTF-8"}, "en"),
        ({"LANG": "rue_UA.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_of_the_environment(said: dict[str, str], expected: str, locale, cxkpi: Cxkpi) -> None:
    locale(**said)
    assert language(cxkpi) == expected


def test_what_is_said_goes_before_the_environment(locale, cxkpi: Cxkpi) -> None:
    locale(LC_ALL="ru_RU.UTF-8")
    assert language(cxkpi, "--lang", "en") == "en"
    assert "Скорость" in cxkpi("metrics").out
    Path("cxkpi.toml").write_text('language = "en"\n', encoding="utf-8")
    assert language(cxkpi) == "en"
    assert "Speed" in cxkpi("metrics").out
    assert "Скорость" in cxkpi("metrics", "--lang", "ru").out


def test_the_figures_are_the_same_in_any_language(locale, cxkpi: Cxkpi) -> None:
    figures = []
    for code in ("ru_RU.UTF-8", "C"):
        locale(LC_ALL=code)
        made = json.loads(cxkpi("report", "tickets.csv", "-f", "json").out)
        figures.append(
            {name: (each["value"], each["n"], each["status"]) for name, each in made["metrics"].items()}
        )
    assert figures[0] == figures[1] != {}


PROJECT = '[project]\nname = "x"\n\n[tool.cxkpi]\nlanguage = "ru"\n\n[tool.cxkpi.targets]\nresolution_time = "7 h"\n'


def test_pyproject_is_read_where_there_is_no_configuration(cxkpi: Cxkpi) -> None:
    Path("pyproject.toml").write_text(PROJECT, encoding="utf-8")
    made = json.loads(cxkpi("report", "tickets.csv", "-f", "json").out)
    assert made["language"] == "ru"
    assert made["metrics"]["resolution_time"]["target"]["value"] == 7 * 3600
    assert language(cxkpi, "--config", "pyproject.toml") == "ru"
    Path("cxkpi.toml").write_text("", encoding="utf-8")
    assert language(cxkpi) == "en"


@pytest.mark.parametrize(
    "text",
    [
        '[project]\nname = "x"\n',
        "not = TOML [",
        '[tool]\nx = 1\ndescription = "like cxkpi"\n',
        'tool = "cxkpi"\n',
    ],
)
def test_a_project_that_does_not_speak_to_us_is_no_concern(text: str, cxkpi: Cxkpi) -> None:
    Path("pyproject.toml").write_text(text, encoding="utf-8")
    assert language(cxkpi) == "en"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[tool.cxkpi]\nlanguag = 'ru'\n",
            "pyproject.toml:2, [tool.cxkpi]: languag: no such key; did you mean language?",
        ),
        ("[tool.cxkpi\n", "pyproject.toml: not TOML"),
        ("[tool]\ncxkpi = 3\n", "pyproject.toml: has no table [tool.cxkpi]"),
    ],
)
def test_a_wrong_table_is_one_line(text: str, said: str, cxkpi: Cxkpi) -> None:
    Path("pyproject.toml").write_text(text, encoding="utf-8")
    ran = cxkpi("report", "tickets.csv")
    assert ran.code == Exit.USAGE
    assert said in ran.err
    assert ran.out == ""


def test_a_project_named_without_our_table(cxkpi: Cxkpi) -> None:
    Path("pyproject.toml").write_text("[project]\n", encoding="utf-8")
    ran = cxkpi("report", "tickets.csv", "--config", "pyproject.toml")
    assert ran.code == Exit.USAGE
    assert "has no table [tool.cxkpi]" in ran.err


def without_left_out(text: str) -> list[str]:
    """The lines but for what is left out and why, which --verbose shows in full."""
    lines = text.splitlines()
    start = next((n for n, line in enumerate(lines) if line.startswith("Left out")), len(lines))
    end = next((n for n in range(start, len(lines)) if not lines[n].strip()), len(lines))
    return lines[:start] + lines[end:]


@pytest.mark.parametrize("command", [["report"], ["explain", "resolution_time"], ["check"]])
@pytest.mark.usefixtures("runs_anew")
def test_verbose_says_what_is_read_and_how_long_it_takes(command: list[str], cxkpi: Cxkpi) -> None:
    quiet, spoken = cxkpi(*command, "tickets.csv"), cxkpi(*command, "tickets.csv", "--verbose")
    assert quiet.err == ""
    told, shown = (without_left_out(ran.out) for ran in (spoken, quiet))
    assert told == shown
    lines = spoken.err.splitlines()
    assert lines[0] == "cxkpi: no configuration"
    steps = list(dict.fromkeys(line.split(" s  ")[1] for line in lines if " s  " in line))
    assert [steps[0], *steps[1:3], steps[-1]] == [
        "tickets.csv",
        "Reading the rows",
        "Computing the metrics",
        "Writing",
    ]
    assert (
        "tickets.csv: table tickets, preset generic, rows 60, used 60, set aside 0, filtered 0, UTF-8"
        in lines[-1]
    )


def test_verbose_names_the_configuration_and_speaks_russian(cxkpi: Cxkpi) -> None:
    Path("cxkpi.toml").write_text('language = "ru"\n', encoding="utf-8")
    lines = cxkpi("report", "tickets.csv", "--quiet", "-v").err.splitlines()
    assert lines[0].endswith(": cxkpi.toml")
    assert "настройки" in lines[0]

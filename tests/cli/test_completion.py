"""What the shell offers after Tab, asked as bash asks."""

import re
from pathlib import Path

import pytest
import typer
from typer.completion import get_completion_script

from cx_kpi.cli.completion import HEAD, headers, metric_ids
from cx_kpi.metrics.registry import PUBLIC

from .conftest import Cxkpi


@pytest.fixture(autouse=True)
def anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Options are put together for each question; it sets the width, which is not for other tests."""
    monkeypatch.setattr(typer.main, "get_command", typer.main.get_command.__wrapped__)  # type: ignore[attr-defined]
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def offered(cxkpi: Cxkpi, monkeypatch: pytest.MonkeyPatch):
    """What is offered for a line whose last word is not finished."""

    def ask(line: str) -> list[str]:
        words = line.split(" ")
        monkeypatch.setenv("_CXKPI_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
        return cxkpi().out.split()

    return ask


def test_metrics_are_those_of_the_registry() -> None:
    assert dict(metric_ids()) == {name: each.title for name, each in PUBLIC.items()}


@pytest.mark.parametrize(
    ("line", "some"),
    [
        ("cxkpi gui", {"guide"}),
        ("cxkpi report --comp", {"--compare"}),
        ("cxkpi report --metrics nps", {"nps"}),
        ("cxkpi report --metrics csat,", {"csat,nps", "csat,ces"}),
        ("cxkpi explain csat_", {"csat_score"}),
        ("cxkpi metrics ba", {"backlog", "backlog_age"}),
        ("cxkpi report --cohort resolution", {"resolution_time="}),
        ("cxkpi report --period q", {"quarter"}),
        ("cxkpi report -f x", {"xlsx"}),
        ("cxkpi check -f m", {"md"}),
        ("cxkpi report --tz Europe/Mos", {"Europe/Moscow"}),
        ("cxkpi report --lang ", {"en", "ru"}),
        ("cxkpi report --fail-on m", {"missed"}),
        ("cxkpi schema ch", {"check"}),
        ("cxkpi guide gl", {"glossary"}),
        ("cxkpi report --by prio", {"priority"}),
    ],
)
def test_words_are_offered(line: str, some: set[str], offered) -> None:
    found = offered(line)
    assert some <= set(found)
    begun = line.rsplit(" ", maxsplit=1)[-1]
    assert [word for word in found if not word.startswith(begun)] == []


SCRIPT = get_completion_script(prog_name="cxkpi", complete_var="_CXKPI_COMPLETE", shell="powershell")
AST, WORD = "$commandAst.ToString()", "$wordToComplete"


@pytest.fixture
def in_powershell(cxkpi: Cxkpi, monkeypatch: pytest.MonkeyPatch):
    """What the script of PowerShell makes of a line: the environment that it sets, and the columns that it takes."""
    given = dict(re.findall(r"\$Env:(\w+) = (\S.*)", SCRIPT.partition("cxkpi |")[0]))
    (apart,) = re.findall(r'-Split "(.+?)"', SCRIPT)

    def ask(line: str) -> dict[str, str]:
        told = {AST: line.rstrip(), WORD: line.rsplit(" ", maxsplit=1)[-1]}
        for name, value in given.items():
            monkeypatch.setenv(name, told.get(value) or value.strip('"'))
            if value in told and not told[value]:
                monkeypatch.delenv(name)  # PowerShell knows no empty variables
        return dict(each.split(apart) for each in cxkpi().out.splitlines())

    return ask


def test_the_script_of_powershell_is_one_that_it_calls() -> None:
    """There is no PowerShell here: the script is held against what PowerShell documents of native completers."""
    assert SCRIPT.count("{") == SCRIPT.count("}") == 2
    assert SCRIPT.count("(") == SCRIPT.count(")")
    assert "param($wordToComplete, $commandAst, $cursorPosition)" in SCRIPT
    assert SCRIPT.endswith("Register-ArgumentCompleter -Native -CommandName cxkpi -ScriptBlock $scriptblock")
    set_, after = (re.findall(r"\$Env:(\w+) =", part) for part in SCRIPT.split("cxkpi |"))
    assert set_ == after == ["_CXKPI_COMPLETE", "_TYPER_COMPLETE_ARGS", "_TYPER_COMPLETE_WORD_TO_COMPLETE"]


@pytest.mark.parametrize(
    ("line", "some"),
    [
        ("cxkpi explain csat_", {"csat_score": "Satisfaction score"}),
        ("cxkpi report --lang ", {"en": " ", "ru": " "}),
        (r"cxkpi report folder\shop.csv --by shop", {"shop_floor": " "}),
        (r"cxkpi report '.\folder\shop.csv' --by shop", {"shop_floor": " "}),
        (r'cxkpi report ".\folder\shop.csv" --by shop', {"shop_floor": " "}),
    ],
)
def test_powershell_is_offered_words_and_what_they_are(
    line: str, some: dict[str, str], in_powershell
) -> None:
    for name in ("folder/shop.csv", r"folder\shop.csv", r".\folder\shop.csv", r".\\folder\\shop.csv"):
        path = Path(name)  # Windows takes two backslashes for one
        path.parent.mkdir(exist_ok=True)
        path.write_text("Ticket ID,Shop floor\n1,A\n", encoding="utf-8")
    assert in_powershell(line).items() >= some.items()


@pytest.mark.parametrize("command", ["report", "check", "explain", "compare", "init"])
def test_each_offer_is_a_line_however_long_its_help(command: str, in_powershell) -> None:
    offers = in_powershell(f"cxkpi {command} --")
    assert all(name.startswith("--") for name in offers)
    assert max(map(len, offers.values())) > 80


def test_reports_that_are_described(offered) -> None:
    assert offered("cxkpi run ") == []
    Path("cxkpi.toml").write_text('[report.weekly]\nfiles = "a"\n[report.monthly]\nfiles = "a"\n')
    assert offered("cxkpi run ") == ["weekly", "monthly"]
    Path("c.toml").write_text('[report.own]\nfiles = "a"\n')
    assert offered("cxkpi run --config c.toml o") == ["own"]
    Path("c.toml").write_text("[[[\n")
    assert offered("cxkpi run --config c.toml ") == []


def test_what_is_named_already_is_not_offered_again(offered) -> None:
    assert "csat,csat" not in offered("cxkpi report --metrics csat,")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("shop.csv", "Ticket ID,Created,Shop floor\n1,2026-01-01,A\n"),
        ("shop.csv", "\ufeffTicket ID;Created;Shop floor\r\n1;2026-01-01;A\r\n"),
        ("shop.tsv", "Ticket ID\tCreated\tShop floor\n1\t2026-01-01\tA\n"),
        ("shop.txt", "sep=;\nTicket ID;Created;Shop floor\n1;2026-01-01;A\n"),
    ],
)
@pytest.mark.parametrize("where", ["{name}", "folder", "--tickets folder/{name}"])
def test_columns_of_the_files_on_the_line(name: str, content: str, where: str, offered) -> None:
    Path("folder").mkdir()
    for path in (Path(name), Path("folder", name)):
        path.write_text(content, encoding="utf-8", newline="")
    assert offered(f"cxkpi report {where.format(name=name)} --by shop") == ["shop_floor"]
    assert offered(f"cxkpi report {where.format(name=name)} --where shop") == ["shop_floor"]
    assert "channel,shop_floor" in offered(f"cxkpi report {where.format(name=name)} --by channel,")


@pytest.mark.parametrize("encoding", ["utf-16", "cp1251"])
def test_columns_in_other_encodings(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "заявки.csv"
    file.write_text("Номер заявки;Магазин\n1;Центральный\n", encoding=encoding)
    assert headers(file) == ["номер_заявки", "магазин"]


def test_a_long_header_and_an_odd_file(tmp_path: Path) -> None:
    long, odd = tmp_path / "long.csv", tmp_path / "odd.csv"
    long.write_text(",".join(f"column {n}" for n in range(HEAD)), encoding="utf-8")
    odd.write_bytes(b"\x00\xff" * 100 + b'"')
    assert headers(long)[0] == "column_0"
    assert isinstance(headers(odd), list)
    assert headers(tmp_path / "absent.csv") == []

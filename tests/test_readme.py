"""README and guide show what is so: tables are the code's, commands run, configuration is read, links lead somewhere."""

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import readme_tool
from kept_runs import kept_report
from pydantic import TypeAdapter

from cx_kpi import api
from cx_kpi.cli.app import run
from cx_kpi.cli.commands.guide_command import pages
from cx_kpi.cli.options.profiles import check_profiles
from cx_kpi.metrics.registry import PUBLIC
from cx_kpi.model.assets import folder
from cx_kpi.model.errors import Exit
from cx_kpi.model.options import (
    CalendarRule,
    Column,
    ComplaintRule,
    Config,
    Costs,
    Heading,
    Mail,
    Options,
    OwnMetric,
    Question,
    TableConfig,
    TargetRule,
)
from cx_kpi.model.schema import TABLES
from cx_kpi.normalise.config.read_config import read_config

ROOT = readme_tool.README.parent
PLAINLY, TOLD = api.run, kept_report(api.told)
TEXTS = {page: page.read_text(encoding="utf-8") for page in readme_tool.PAGES}
EVERYTHING = "\n".join(TEXTS.values())
LONGEST = 250  # lines of the README
WORDS = 25  # of a sentence
GENERATED = "|".join(readme_tool.PARTS)
NO_PROSE = re.compile(
    rf"<!-- ({GENERATED}) -->.*?<!-- /\1 -->|^```.*?^```|^\|.*?$|^#.*?$|<!--.*?-->", re.DOTALL | re.MULTILINE
)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", EVERYTHING, re.DOTALL | re.MULTILINE)


def commands() -> Iterator[str]:
    """Every command of README and guide once, without what follows a pipe."""
    lines = (re.split(r" \|+ ", line)[0] for line in "".join(blocks("sh")).splitlines())
    yield from dict.fromkeys(line for line in lines if line.startswith("cxkpi "))


@pytest.mark.parametrize("page", readme_tool.PAGES, ids=lambda page: page.name)
def test_tables_are_in_step(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert readme_tool.filled(text) == text, "run: python -m tests.accept pages"


@pytest.mark.parametrize("name", readme_tool.PARTS)
def test_each_table_stands_on_one_page(name: str) -> None:
    pages = [page.read_text(encoding="utf-8") for page in readme_tool.PAGES]
    assert sum(len(readme_tool.part(name).findall(text)) for text in pages) == 1


def test_no_number_of_metrics() -> None:
    assert [page.name for page in readme_tool.PAGES if f" {len(PUBLIC)} metrics" in page.read_text()] == []


@pytest.fixture(scope="module")
def exports(thinned: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with the files the commands name: some rows of the sample data."""
    place = tmp_path_factory.mktemp("desk")
    shutil.copytree(thinned, place / "exports", copy_function=os.link)
    (place / "reports").mkdir()
    for name in ("tickets.csv", "surveys.csv", "ticket_events.csv"):
        shutil.copy(place / "exports" / name, place)
    kept = ["--record", str(place / "history.db"), "--period", "month", "-q"]
    assert run(["report", str(place / "surveys.csv"), *kept]) == Exit.DONE
    with contextlib.chdir(place):
        assert run(["store", "add", "desk.store", "exports/", "--quiet"]) == Exit.DONE
    return place


COMPUTED: dict[str, Any] = {}


def computed(options: Options, *more: Any, **named: Any) -> Any:
    """`api.run`, once for the commands that differ in what they write alone."""
    key = f"{options} {named}"
    if key not in COMPUTED:
        COMPUTED[key] = PLAINLY(options, *more, **named)
    return COMPUTED[key]


@pytest.fixture
def desk(exports: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The working folder, clean again afterwards."""
    monkeypatch.chdir(exports)
    monkeypatch.setattr(api, "run", computed)
    monkeypatch.setattr(api, "told", TOLD)
    before = set(exports.rglob("*"))
    yield exports
    for made in sorted(set(exports.rglob("*")) - before, reverse=True):
        made.rmdir() if made.is_dir() else made.unlink()


@pytest.mark.parametrize("line", list(commands()))
def test_commands_run(line: str, desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if line.startswith(("cxkpi run", "cxkpi schedule")):
        (desk / "cxkpi.toml").write_text(
            next(block for block in blocks("toml") if "[report.weekly]" in block)
        )
    before = set(desk.rglob("*"))
    code = run(shlex.split(line)[1:])
    shown, made = capsys.readouterr(), set(desk.rglob("*")) - before
    assert code == (Exit.MISSED if "--fail-on" in line else Exit.DONE), shown.err
    speaks = (
        "report.eml",
        "-f eml",
        "--verbose",
        "--fail-on",
        "cxkpi run weekly",
    )  # a mail to nobody says so, what a gate found, and a profile of only news what is new
    writes = line.startswith("cxkpi init") and not line.endswith(
        "-o -"
    )  # its file has a usual name, which it says
    assert bool(shown.err) == (writes or any(word in line for word in speaks))
    assert {path.name for path in made} >= set(re.findall(r"(?:-o|--rows|--rejects) (\S+\.\w+)", line))
    assert shown.out or made


class Post(BaseHTTPRequestHandler):
    """Takes what is posted."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def posts() -> Iterator[str]:
    """The address of a server that stands for all others."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Post) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize("line", [line for line in "".join(blocks("sh")).splitlines() if " | " in line])
def test_pipes_run(
    line: str, desk: Path, posts: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The whole line in a shell, in which cxkpi prints what it printed here."""
    first = line.split(" | ", maxsplit=1)[0]
    if missing := [name for name in ("jq", "curl") if f"| {name} " in line and not shutil.which(name)]:
        pytest.skip(f"{', '.join(missing)} is missing here")
    assert run(shlex.split(first)[1:]) == Exit.DONE
    (tmp_path / "made").write_text(capsys.readouterr().out, encoding="utf-8")
    own = f'set -eo pipefail; cxkpi() {{ cat "{tmp_path}/made"; }}; sendmail() {{ grep "^Subject: " > /dev/null; }}\n'
    script = own + line.replace("https://", posts)
    env = os.environ | {"SLACK_WEBHOOK": posts, "TOKEN": "1:a"}
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False, env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout or "curl" in line or "sendmail" in line or ">" in line.rpartition("'")[2]


CRON = re.findall(r"^(?:\S+ +){5}cd \S+ && cxkpi (.+)$", "".join(blocks("text")), re.MULTILINE)


@pytest.mark.parametrize("line", CRON)
def test_lines_of_cron_run(line: str, desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for each in line.split(" && cxkpi "):
        assert run(shlex.split(each)) == (Exit.LATE if "--max-age" in each else Exit.DONE)
    assert capsys.readouterr().out == ""


def test_rules_of_prometheus_name_what_there_is(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "exports/", "-f", "openmetrics"]) == Exit.DONE
    made = capsys.readouterr().out
    (rules,) = (block for block in blocks("yaml") if "alert:" in block)
    assert len(CRON) > 1
    assert {name for name in re.findall(r"cxkpi_\w+", rules) if f"\n{name}" not in made} == set()


def test_the_receipt_is_the_one_of_the_sample(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "first_response_within_target", str(folder("sample_data"))]) == Exit.DONE
    shown = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    (receipt,) = (each for each in blocks("text") if "rows in the files" in each)
    lines = [" ".join(line.split()) for line in receipt.splitlines() if line not in ("", "…")]
    assert [line for line in lines if line not in shown] == []


def test_the_configuration_is_read(tmp_path: Path) -> None:
    file = tmp_path / "cxkpi.toml"
    for block in blocks("toml"):
        file.write_text(block, encoding="utf-8")
        config = read_config(str(file))
        check_profiles(config.report.profiles, "guide")
        said = tomllib.loads(block)
        said["report"] = {
            name: each for name, each in said.get("report", {}).items() if not isinstance(each, dict)
        }
        plainly = TypeAdapter(Config).validate_python(said)
        assert config == replace(plainly, report=replace(plainly.report, profiles=config.report.profiles))


def names(data: Any) -> Iterator[str]:
    """Every key in it, however deep."""
    match data:
        case dict():
            yield from data
            yield from (name for each in data.values() for name in names(each))
        case list():
            yield from (name for each in data for name in names(each))


@pytest.mark.parametrize(
    "kind",
    [
        Config,
        TableConfig,
        Column,
        Question,
        TargetRule,
        CalendarRule,
        ComplaintRule,
        Costs,
        Heading,
        Mail,
        OwnMetric,
    ],
)
def test_every_key_is_shown(kind: type) -> None:
    assert is_dataclass(kind)
    shown = {name for block in blocks("toml") for name in names(tomllib.loads(block))}
    tables = {name for name in TABLES if f"`[{name}]`" in EVERYTHING}
    assert {each.name for each in fields(kind)} - {
        "profiles"
    } <= shown | tables  # which are tables of any name


def anchors(text: str) -> set[str]:
    """The places of a page that links can lead to, as forges name them."""
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", [*TEXTS, ROOT / ".github" / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_pictures_and_links_lead_somewhere(page: Path) -> None:
    for name in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        path, _, place = name.partition("#")
        file = page.parent / path if path else page
        assert file.is_file(), name
        assert not place or place in anchors(file.read_text(encoding="utf-8")), name


def test_every_page_is_in_the_contents() -> None:
    files = {page.stem for page in (ROOT / "cx_kpi" / "guide").glob("*.md")} - {"README"}
    assert {page.name for page in pages()} == files
    assert {
        page.title for page in pages() if f"]({page.path.relative_to(ROOT)})" not in TEXTS[readme_tool.README]
    } == set()


def test_the_readme_is_short() -> None:
    assert len(TEXTS[readme_tool.README].splitlines()) <= LONGEST


def sentences(text: str) -> Iterator[str]:
    """The sentences of running text: no code, no tables, no headings, nothing generated."""
    for part in re.split(r"\n\s*\n|\n\s*(?:-|\d+\.) ", NO_PROSE.sub("\n\n", text)):
        yield from re.split(r"(?<=[.!?])\W*\s+(?=\W*[A-Z`])", " ".join(part.split()))


@pytest.mark.parametrize("page", TEXTS, ids=lambda page: page.name)
def test_sentences_are_short(page: Path) -> None:
    assert [
        each
        for each in sentences(TEXTS[page])
        if len(re.findall(r"[\w'’./-]+", re.sub(r"\]\([^)]*\)", "]", each))) > WORDS
    ] == []


def test_the_two_commands_are_those_that_are_checked() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for name in ("run", "test"):
        assert re.search(
            rf"^<!-- {name} -->\n```sh\n(python3 -m venv .*)\n```$", TEXTS[readme_tool.README], re.MULTILINE
        )
        assert f'bash -c "$(readme_command {name})"' in script

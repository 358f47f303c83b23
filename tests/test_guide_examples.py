"""Every example of the guide and of the README runs in a test, or says here why it cannot."""

import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import readme_tool
from test_readme import blocks

from cx_kpi.cli.app import run
from cx_kpi.model.assets import folder
from cx_kpi.model.errors import Exit

pytestmark = pytest.mark.usefixtures("kept_runs")

ROOT = readme_tool.README.parent
SAMPLE = folder("sample_data")
GUIDE = folder("guide")
SHELL = ("python3 -m venv", "pip install", ".venv/bin/")
HERE = "tests/test_guide_examples.py::"
PLAIN = f"{HERE}test_examples_run_one_line_after_the_other"
INSTALLED = f"{HERE}test_installing_is_what_ci_does"
CONTAINED = f"{HERE}test_what_runs_in_a_container"
KINDS = {  # of blocks that one test takes all together, wherever they are
    "sh": "tests/test_readme.py::test_commands_run",
    "toml": "tests/test_readme.py::test_the_configuration_is_read",
    "yaml": "tests/test_readme.py::test_rules_of_prometheus_name_what_there_is",
}
TESTS = {  # of other blocks, by how they begin: the test that runs them
    "cxkpi report exports/ --until": PLAIN,
    "cxkpi compare team_a/": PLAIN,
    "cxkpi report exports/ --benchmarks": PLAIN,
    "cxkpi store add desk.store": PLAIN,
    "cxkpi build -o": PLAIN,
    "cxkpi self-check --ask": f"{HERE}test_the_team_is_asked",
    "export TEAM_CHAT=": f"{HERE}test_a_message_is_sent",
    "diff before.json": f"{HERE}test_the_figures_before_and_after_an_upgrade",
    "docker build": CONTAINED,
    "docker run": CONTAINED,
    "man .venv": f"{HERE}test_the_manual_page_is_shown",
    ". .venv/bin/activate": f"{HERE}test_the_environment_is_activated",
    "python3 -m venv .venv": INSTALLED,
    "[[benchmark]]": f"{HERE}test_other_studies",
    'any = ["Customers': f"{HERE}test_stages_and_statements",
    "ticket_id,at,event": f"{HERE}test_a_log_of_events",
    "Case;Received": f"{HERE}test_an_export_of_ones_own",
    'table = "tickets"\nsignature': f"{HERE}test_an_export_of_ones_own",
    "cxkpi check cases.csv": f"{HERE}test_an_export_of_ones_own",
    "desk/pyproject.toml": f"{HERE}test_a_package_brings_metrics_and_presets",
    "[build-system]": f"{HERE}test_a_package_brings_metrics_and_presets",
    "from pathlib import Path": f"{HERE}test_a_package_brings_metrics_and_presets",
    "pip install ./desk": f"{HERE}test_a_package_brings_metrics_and_presets",
    "<h1>{{ title }}": f"{HERE}test_a_template",
    '{"mcpServers"': f"{HERE}test_an_assistant_starts_it",
    "0 6 * * 1   cd": "tests/test_readme.py::test_lines_of_cron_run",
    "15 2 * * *  cd": "tests/test_readme.py::test_lines_of_cron_run",
    "Here  ": "tests/test_readme.py::test_the_receipt_is_the_one_of_the_sample",
    '{\n  "schema_version"': "tests/test_readme.py::test_tables_are_in_step",
    "import cx_kpi": "tests/test_notebook.py::test_the_page_of_the_guide",
    "import polars as pl\n\ntickets": "tests/test_notebook.py::test_the_page_of_the_guide",
    "report = cx_kpi.report(": "tests/test_notebook.py::test_the_page_of_the_guide",
    "worst = report": "tests/test_notebook.py::test_the_page_of_the_guide",
    "try:\n    cx_kpi": "tests/test_notebook.py::test_the_page_of_the_guide",
    "from cx_kpi.spark": "tests/spark/test_on_spark.py::test_the_page_of_the_guide",
}
REASONS = {  # of blocks that no test can run: why
    "command line → options": "a drawing",
    "pip install '.[spark]'": "takes it from the network; .ci/run installs the same extra",
    "spark-submit": "needs a cluster; the lines of its file are those of the block before",
    "python -m tests.mutate": "takes an hour; tests/test_mutate.py asks a few of them",
    "python -m venv kpi": "takes it from the network, for a cluster",
}


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: str
    kind: str
    text: str

    def begins(self, known: dict[str, str]) -> list[str]:
        """What it begins with, of what is known; nothing where all of its kind go together."""
        return [start for start in known if self.kind not in KINDS and self.text.startswith(start)]


BLOCKS = [
    Block(page.name, kind, text)
    for page in readme_tool.PAGES
    for kind, text in re.findall(
        r"^```(\w*)\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
]
EXAMPLES = [each.text for each in BLOCKS if PLAIN in map(TESTS.get, each.begins(TESTS))]


def the(start: str) -> str:
    """The one example that begins so."""
    (found,) = {each.text for each in BLOCKS if each.text.startswith(start)}
    return found


def test_every_example_has_a_test_or_a_reason() -> None:
    for block in BLOCKS:
        told = block.begins(TESTS) + block.begins(REASONS)
        assert len(told) == (block.kind not in KINDS), f"run it in a test, and name that in TESTS: {block}"


def test_the_tests_and_the_examples_are_there() -> None:
    for name in {*KINDS.values(), *TESTS.values()}:
        file, _, test = name.partition("::")
        assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), name
    begun = {start for each in BLOCKS for start in each.begins(TESTS) + each.begins(REASONS)}
    assert begun == {*TESTS, *REASONS}


def test_every_line_of_a_shell_is_a_command_of_ours_or_one_that_ci_runs() -> None:
    lines = [line for line in "".join(blocks("sh")).splitlines() if not line.startswith("cxkpi ")]
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert len(lines) == len(re.findall(r'bash -c "\$\(readme_command \w+\)"', script)) == 2


@pytest.fixture
def desk(thinned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder, files and reports that the examples name; the teams share no row."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(thinned, "exports", copy_function=os.link)
    head, *rows = (thinned / "tickets.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    for name, mine in (("team_a", rows[::2]), ("team_b", rows[1::2])):
        Path(name).mkdir()
        Path(name, "tickets.csv").write_text(head + "".join(mine), encoding="utf-8")
    shutil.copy(SAMPLE / "benchmarks_example.toml", "studies.toml")
    return tmp_path


@pytest.mark.parametrize("block", EXAMPLES, ids=lambda block: block.splitlines()[0])
def test_examples_run_one_line_after_the_other(
    block: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if "january.json" in block:
        assert run(["report", "team_a", "-o", "january.json", "--quiet"]) == Exit.DONE
    for line in re.split(r"\n| && ", block.strip()):
        words = [word for each in line.split()[1:] for word in (sorted(map(str, desk.glob(each))) or [each])]
        words = [str(Path(word).relative_to(desk)) if word.startswith(str(desk)) else word for word in words]
        assert run(words) == Exit.DONE, capsys.readouterr().err
        for made in re.findall(r"-o (\S+)", line):
            assert (desk / made).stat().st_size


class Chat(BaseHTTPRequestHandler):
    """A service that keeps what it is sent."""

    got: list[dict[str, Any]] = []  # noqa: RUF012

    def do_POST(self) -> None:
        self.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def chat() -> Iterator[str]:
    """The address of a service on this computer, in the words of Apprise."""
    Chat.got.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Chat) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"json://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.skipif(not find_spec("apprise"), reason="needs the extra: pip install 'cxkpi[notify]'")
def test_a_message_is_sent(desk: Path, chat: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address is that of a service here; all else is as in the guide."""
    told, command = the("export TEAM_CHAT=").splitlines()
    monkeypatch.setenv(told.removeprefix("export ").partition("=")[0], chat)
    assert run(shlex.split(command)[1:]) == Exit.DONE
    (message,) = Chat.got
    assert message["message"]
    assert [each["filename"] for each in message["attachments"]] == ["report.html"]
    assert (desk / "report.html").stat().st_size


def test_the_team_is_asked(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("5\n" * 200))
    assert run(shlex.split(the("cxkpi self-check --ask"))[1:]) == Exit.DONE
    assert run(["report", str(desk / "answers.csv"), "--quiet", "-o", "own.md"]) == Exit.DONE


def test_the_figures_before_and_after_an_upgrade(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if missing := [name for name in ("jq", "diff") if not shutil.which(name)]:
        pytest.skip(f"{', '.join(missing)} is missing here")
    lines = [
        line for line in "".join(blocks("sh")).splitlines() if re.search(r"> (before|after)\.json$", line)
    ]
    assert run(["report", "exports/", "-f", "json"]) == Exit.DONE
    Path("made").write_text(capsys.readouterr().out, encoding="utf-8")
    script = "\n".join(["set -eo pipefail; cxkpi() { cat made; }", *lines, the("diff before.json")])
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert (len(lines), done.returncode, done.stdout, done.stderr) == (2, 0, "", "")
    assert json.loads((desk / "before.json").read_text())["tickets_created"] > 0


CONTAINERS = [line for each in BLOCKS for line in each.text.splitlines() if line.startswith("docker ")]


@pytest.mark.parametrize("line", CONTAINERS)
def test_what_runs_in_a_container(line: str, desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What docker is told, done here; tests/test_container.py runs the lines themselves where docker works."""
    words = shlex.split(line)
    if words[1] == "build":
        recipe, place = words[words.index("-f") + 1], words[-1]
        assert words[words.index("-t") + 1] == "cxkpi"
        assert (ROOT / place / recipe).is_file()
        return
    assert words[words.index("-v") + 1] == "$PWD:/data"
    (weekly,) = (each.text for each in BLOCKS if "\n[report.weekly]\n" in each.text)
    (desk / "cxkpi.toml").write_text(weekly, encoding="utf-8")
    (desk / "reports").mkdir()
    assert run(words[words.index("cxkpi") + 1 :]) == Exit.DONE, capsys.readouterr().err
    assert [*desk.glob("reports/*.html"), *desk.glob("report.html")]


@pytest.mark.skipif(not shutil.which("man"), reason="needs man")
def test_the_manual_page_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is put where the wheel has it, see tests/test_packaging.py."""
    monkeypatch.chdir(tmp_path)
    words = shlex.split(the("man .venv"))
    page = Path(words[-1])
    page.parent.mkdir(parents=True)
    shutil.copy(GUIDE / "cxkpi.1", page)
    done = subprocess.run(
        words, capture_output=True, text=True, check=True, env=os.environ | {"MANPAGER": "cat"}
    )
    assert "cxkpi" in done.stdout


def test_the_environment_is_activated(tmp_path: Path) -> None:
    make = f"{sys.executable} -m venv --without-pip .venv"
    script = f"set -e; {make}\n{the('. .venv')}\ncommand -v python"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.strip() == str(tmp_path / ".venv" / "bin" / "python")


@pytest.mark.parametrize(
    "block", [each for each in BLOCKS if INSTALLED in map(TESTS.get, each.begins(TESTS))]
)
def test_installing_is_what_ci_does(block: Block) -> None:
    """The same words as in the README's commands, which .ci/run runs in a clean clone."""
    runs = " && ".join(line for line in "".join(blocks("sh")).splitlines() if line.startswith(SHELL))
    done = [each.replace(" -q", "").strip() for each in runs.split(" && ")]
    assert [line for line in block.text.splitlines() if line not in done] == []


def test_other_studies(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "studies.toml").write_text(the("[[benchmark]]"), encoding="utf-8")
    command = shlex.split(the("cxkpi report exports/ --benchmarks"))[1:]
    assert run([*command, "--metrics", "csat", "-f", "md"]) == Exit.DONE
    assert "78" in capsys.readouterr().out


def test_stages_and_statements(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "stages.toml").write_text(the("any = ["), encoding="utf-8")
    for lang, said in (
        ("en", "Orders arrive on the day that was said."),
        ("ru", "Заказ приходит в названный день."),
    ):
        assert run(["self-check", "--stages", "stages.toml", "--lang", lang]) == Exit.DONE
        assert said in capsys.readouterr().out


def test_a_log_of_events(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The person replied after 90 minutes, and the ticket was opened again."""
    (desk / "ticket_events.csv").write_text(the("ticket_id,at,event"), encoding="utf-8")
    asked = ["--metrics", "first_response_time,tickets_created,reopen_rate"]
    assert run(["report", "--ticket-events", "ticket_events.csv", *asked, "-f", "json"]) == Exit.DONE
    found = json.loads(capsys.readouterr().out)["metrics"]
    assert {name: each["value"] for name, each in found.items()} == {
        "first_response_time": 5400.0,
        "tickets_created": 1,
        "reopen_rate": 1.0,
    }


@pytest.fixture
def cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The export of one's own."""
    monkeypatch.chdir(tmp_path)
    Path("cases.csv").write_text(the("Case;Received"), encoding="utf-8")
    return tmp_path


def test_an_export_of_ones_own(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("ours.toml").write_text(the('table = "tickets"\nsignature'), encoding="utf-8")
    (named,) = {each.text for each in BLOCKS if each.text.startswith("presets = ")}
    Path("cxkpi.toml").write_text(named, encoding="utf-8")
    check, report = (shlex.split(line)[1:] for line in the("cxkpi check cases.csv").splitlines())
    assert run(check) == Exit.DONE
    assert "ours" in capsys.readouterr().out
    assert run([*report, "-f", "json"]) == Exit.DONE
    found = json.loads(capsys.readouterr().out)
    created = {
        each["by"]["channel"]: each["value"]
        for each in found["segments"]
        if each["metric"] == "tickets_created"
    }
    assert created == {"email": 2, "chat": 1}
    assert found["metrics"]["tickets_solved"]["value"] == 2
    assert found["sources"][0]["preset"] == "ours"
    Path("cxkpi.toml").unlink()
    assert run(report) == Exit.USAGE  # general words know no channel in it


def test_a_package_brings_metrics_and_presets(cases: Path) -> None:
    texts = (the("[build-system]"), the("from pathlib import Path"), the('table = "tickets"\nsignature'))
    for name, text in zip(the("desk/pyproject.toml").splitlines(), texts, strict=True):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
    install, report = map(shlex.split, the("pip install ./desk").splitlines())
    here = ["--target", "there", "--no-deps", "--no-build-isolation", "--no-index", "-q"]
    subprocess.run([sys.executable, "-m", *install, *here], check=True, capture_output=True)
    paths = os.pathsep.join([str(cases / "there"), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-m", "cx_kpi", *report[1:], "-f", "json"],
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONPATH": paths},
    )
    found = json.loads(done.stdout)
    assert {name: each["value"] for name, each in found["metrics"].items()} == {
        "chats": pytest.approx(1 / 3),
        "tickets_created": 3,
    }
    assert found["sources"][0]["preset"] == "ours"


def test_a_template(desk: Path) -> None:
    (desk / "my.html.j2").write_text(the("<h1>{{ title }}"), encoding="utf-8")
    (desk / "cxkpi.toml").write_text('[targets]\nfirst_response_time = "1 s"\n')
    assert run(["report", "exports/", "--template", "my.html.j2", "-o", "own.html"]) == Exit.DONE
    made = (desk / "own.html").read_text(encoding="utf-8")
    assert re.search(r"<h1>[^<]+: [^<]+</h1>", made)
    assert re.search(r"<p>[^<]+: [^<]+, Target ≤\s1\ss</p>", made)


@pytest.mark.skipif(not find_spec("mcp"), reason="needs the extra: pip install 'cxkpi[mcp]'")
def test_an_assistant_starts_it(desk: Path) -> None:
    """The command of the settings, whose assistant leaves at once."""
    (server,) = json.loads(the('{"mcpServers"'))["mcpServers"].values()
    assert (server["command"], server["args"][0]) == ("cxkpi", "mcp")
    command = [sys.executable, "-m", "cx_kpi", "mcp", str(desk / "exports")]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=120, cwd=desk
    )
    assert (done.returncode, done.stderr) == (0, b"")

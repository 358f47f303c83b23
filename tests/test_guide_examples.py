"""The examples of the guide that are no single command: what one line makes, the next one reads."""

import os
import re
import shutil
from pathlib import Path

import pytest
import readme_tool

from cx_kpi.cli.app import run
from cx_kpi.model.assets import folder
from cx_kpi.model.errors import Exit

pytestmark = pytest.mark.usefixtures("kept_runs")

TEXT = "\n".join(page.read_text(encoding="utf-8") for page in readme_tool.PAGES)
NEEDS_ANOTHER = re.compile(r"--notify|--ask")  # a server, or somebody who answers; tested where those are
BLOCKS = re.findall(r"^```text\n(cxkpi .*?)^```", TEXT, re.DOTALL | re.MULTILINE)
EXAMPLES = [block for block in BLOCKS if not NEEDS_ANOTHER.search(block)]
SAMPLE = folder("sample_data")


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


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 5


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

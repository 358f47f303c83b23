"""`cxkpi mcp`, asked by the protocol's own client: our figures, no cell of a customer, nothing but the folder."""

import asyncio
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from cx_kpi.cli.app import run
from cx_kpi.cli.assistants.told_figures import FIGURE
from cx_kpi.model.errors import Exit

from .conftest import tickets

SECRETS = ("Zanzibar", "ann.secret@example.org", "C-4711")
ROOT = Path(__file__).parents[2]
Asked = tuple[str, dict[str, Any]]
QUESTIONS: dict[str, Asked] = {
    "metrics": ("list_metrics", {}),
    "report": ("report", {"metrics": ["tickets_created", "resolution_time"], "by": ["channel"]}),
    "explain": ("explain", {"metric": "resolution_time"}),
    "compare": ("compare", {"before": "2026-01", "after": "2026-02", "metrics": ["tickets_created"]}),
    "guide": ("search_guide", {"words": "inconclusive usual range"}),
    "customer": ("report", {"by": ["customer_id"]}),
    "own column": ("report", {"by": ["client_name"]}),
    "unknown": ("explain", {"metric": "resolution_tme"}),
    "option": ("report", {"metrics": ["csat --rows=rows.csv"]}),
    "elsewhere": ("compare", {"before": "../other.json", "after": "2026-02"}),
}


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk whose texts and ids must not be told."""
    home = tmp_path_factory.mktemp("desk")
    head, *lines = tickets().splitlines()
    rows = [f"{head},subject,customer_id,client_name", *(f"{line},{','.join(SECRETS)}" for line in lines)]
    (home / "tickets.csv").write_text("\n".join(rows) + "\n")
    return home


@pytest.fixture(scope="module")
def told(exports: Path) -> dict[str, Any]:
    """Each answer, and the tools that were offered, in one session."""

    async def ask() -> dict[str, Any]:
        command = ["-m", "cx_kpi", "mcp", str(exports)]
        server = StdioServerParameters(command=sys.executable, args=command, env={"PYTHONPATH": str(ROOT)})
        async with Client(stdio_client(server)) as client:
            answers = {name: await client.call_tool(*question) for name, question in QUESTIONS.items()}
            return answers | {"tools": (await client.list_tools()).tools}

    with ThreadPoolExecutor(1) as pool:  # a browser of another test may hold a loop in this thread
        return pool.submit(asyncio.run, ask()).result()


def test_every_tool_only_reads(told: dict[str, Any]) -> None:
    assert [tool.name for tool in told["tools"]] == [
        "list_metrics", "report", "explain", "compare", "search_guide",
    ]  # fmt: skip
    assert all(tool.annotations.read_only_hint and tool.description for tool in told["tools"])


def test_the_figures_are_those_of_the_command(
    told: dict[str, Any], exports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--metrics", "tickets_created,resolution_time", "--by", "channel", "-f", "json"]
    assert run(["report", str(exports), *asked]) == Exit.DONE
    ours, theirs = json.loads(capsys.readouterr().out), told["report"].structured_content
    assert theirs["metrics"].keys() == {"tickets_created", "resolution_time"}
    for name, reading in theirs["metrics"].items():
        assert {key: reading[key] for key in FIGURE} == {key: ours["metrics"][name][key] for key in FIGURE}
    assert len(theirs["segments"]) == len(ours["segments"]) > 0


def test_each_question_is_answered(told: dict[str, Any]) -> None:
    assert not any(told[name].is_error for name in ("metrics", "report", "explain", "compare", "guide"))
    assert told["explain"].structured_content["steps"]
    assert told["compare"].structured_content["metrics"]["tickets_created"]["n"] == 19
    assert "inconclusive" in told["guide"].content[0].text


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("customer", "no cut by 'customer_id'"),
        ("own column", "no cut by 'client_name'"),
        ("unknown", "did you mean resolution_time"),
        ("option", "is not a word"),
        ("elsewhere", "is no period"),
    ],
)
def test_what_is_not_answered_says_why(name: str, says: str, told: dict[str, Any]) -> None:
    assert told[name].is_error
    assert says in told[name].content[0].text


def test_no_cell_of_a_customer_is_told(told: dict[str, Any], exports: Path) -> None:
    every = " ".join(part.text for name in QUESTIONS for part in told[name].content)
    assert [secret for secret in SECRETS if secret in every] == []
    assert [path.name for path in exports.iterdir()] == ["tickets.csv"]


def test_a_folder_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mcp", "gone"]) == Exit.INPUT
    assert "gone: is no folder" in capsys.readouterr().err

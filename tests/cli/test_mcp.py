"""`cxkpi mcp`, asked by the protocol's own client: our figures, no cell of a customer, nothing but the folder."""

import asyncio
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from cx_kpi.cli.app import run
from cx_kpi.cli.assistants.asked_folder import Desk
from cx_kpi.cli.assistants.guide_search import found
from cx_kpi.cli.assistants.told_figures import FIGURE, JUDGED, of_report
from cx_kpi.cli.assistants.told_metrics import of_metrics
from cx_kpi.cli.commands.guide_command import pages
from cx_kpi.metrics.registry import GROUPS, METRICS, PUBLIC
from cx_kpi.model.assets import folder
from cx_kpi.model.errors import Exit
from cx_kpi.normalise.values.cell_shapes import masked

from .conftest import tickets

MAILBOX, PHONE, LONER = "mary.poppins@mail.example", "+49 170 5550123", "Mary Poppins, alone"
SECRETS = ("Zanzibar", "ann.secret@example.org", "C-4711")
SAMPLE = folder("sample_data")
csat = METRICS["csat"]
ROOT = Path(__file__).parents[2]
Asked = tuple[str, dict[str, Any]]
QUESTIONS: dict[str, Asked] = {
    "metrics": ("list_metrics", {}),
    "group": ("list_metrics", {"group": "satisfaction"}),
    "metric": ("list_metrics", {"metric": "csat"}),
    "no group": ("list_metrics", {"group": "satisfacton"}),
    "no metric": ("list_metrics", {"metric": "csta"}),
    "report": ("report", {"metrics": ["tickets_created", "resolution_time"], "by": ["channel"]}),
    "explain": ("explain", {"metric": "resolution_time"}),
    "compare": ("compare", {"before": "2026-01", "after": "2026-02", "metrics": ["tickets_created"]}),
    "guide": ("search_guide", {"words": "inconclusive usual range"}),
    "whole report": ("report", {}),
    "product": ("report", {"metrics": ["tickets_created", "resolution_time"], "by": ["product"]}),
    "condition": ("report", {"metrics": ["tickets_created"], "where": "channel = 'chat'"}),
    "customer": ("report", {"by": ["customer_id"]}),
    "own column": ("report", {"by": ["client_name"]}),
    "unknown": ("explain", {"metric": "resolution_tme"}),
    "option": ("report", {"metrics": ["csat --rows=rows.csv"]}),
    "nothing": ("compare", {}),
    "no list": ("report", {"metrics": "csat", "since": 2026}),
    "elsewhere": ("compare", {"before": "../other.json", "after": "2026-02"}),
}


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk whose texts and ids must not be told."""
    home = tmp_path_factory.mktemp("desk")
    head, *lines = tickets().splitlines()
    texts = "A text that somebody wrote, so long that it is the name of no product at all"
    products = [MAILBOX, PHONE, "Router", texts]
    rows = [
        f'{line.replace("chat", MAILBOX)},{",".join(SECRETS)},"{LONER if place == 7 else products[place % 4]}"'
        for place, line in enumerate(lines)
    ]
    rows = [f"{head},subject,customer_id,client_name,product", *rows]
    (home / "tickets.csv").write_text("\n".join(rows) + "\n")
    return home


@pytest.fixture(scope="module")
def told(exports: Path) -> dict[str, Any]:
    """Each answer, and the tools that were offered, in one session."""
    from mcp import Client, StdioServerParameters  # which takes long, in each worker that collects
    from mcp.client.stdio import stdio_client

    async def ask() -> dict[str, Any]:
        command = ["-m", "cx_kpi", "mcp", str(exports)]
        environment = {"PYTHONPATH": str(ROOT), "POLARS_MAX_THREADS": "1"}
        server = StdioServerParameters(command=sys.executable, args=command, env=environment)
        async with Client(stdio_client(server)) as client:
            answers = {name: await client.call_tool(*question) for name, question in QUESTIONS.items()}
            return answers | {"tools": (await client.list_tools()).tools}

    with ThreadPoolExecutor(1) as pool:  # a browser of another test may hold a loop in this thread
        return pool.submit(asyncio.run, ask()).result()


def signs(answer: dict[str, Any]) -> int:
    """How many signs an answer takes, which is sent as a text and as values."""
    return sum(len(json.dumps(answer, ensure_ascii=False, separators=each)) for each in ((",", ":"), None))


def by_group(name: str) -> int:
    return list(GROUPS).index(PUBLIC[name].group)


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
        whole = [key for key in FIGURE if key not in JUDGED]  # a change is told of the latest period alone
        assert {key: reading[key] for key in whole} == {key: ours["metrics"][name][key] for key in whole}
        assert not reading.keys() & set(JUDGED)
        latest = ours["metrics"][name]["latest"]
        assert {key: latest[key] for key in reading["latest"]} == reading["latest"]
        assert reading["latest"]["verdict"]
    assert len(theirs["segments"]) == len(ours["segments"]) > 0
    assert next(iter(theirs)) == "findings"


def test_each_question_is_answered(told: dict[str, Any]) -> None:
    assert not any(
        told[name].is_error
        for name in ("metrics", "group", "metric", "report", "explain", "compare", "guide")
    )
    assert told["explain"].structured_content["steps"]
    assert told["compare"].structured_content["metrics"]["tickets_created"]["n"] == 19
    assert "inconclusive" in told["guide"].content[0].text


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("no group", "did you mean satisfaction"),
        ("no metric", "did you mean csat"),
        ("condition", "report takes no where; it takes metrics, by"),
        ("customer", "no cut by 'customer_id'"),
        ("own column", "no cut by 'client_name'"),
        ("unknown", "did you mean resolution_time"),
        ("option", "is not a word"),
        ("elsewhere", "is no period"),
        (
            "nothing",
            "compare needs before and after. One period judged against another, such as 2026-01 and 2026-02",
        ),
        ("no list", 'report takes metrics as a list of texts, such as ["csat"], since as a text'),
    ],
)
def test_what_is_not_answered_says_why(name: str, says: str, told: dict[str, Any]) -> None:
    assert told[name].is_error
    assert says in told[name].content[0].text
    assert "pydantic" not in told[name].content[0].text


def test_no_cell_of_a_customer_is_told(told: dict[str, Any], exports: Path) -> None:
    every = " ".join(part.text for name in QUESTIONS for part in told[name].content)
    assert [secret for secret in SECRETS if secret in every] == []
    assert [path.name for path in exports.iterdir()] == ["tickets.csv"]


def test_names_of_segments_show_no_address_no_phone_and_no_text(told: dict[str, Any]) -> None:
    answer = told["product"].structured_content
    names = {each["by"]["product"] for each in answer["segments"]}
    assert names == {"aaa.aaa@aaa.aaa", "+00 000 0000000", "Router"}
    assert answer["segments_withheld"] == 2
    every = " ".join(part.text for name in QUESTIONS for part in told[name].content)
    assert not [each for each in (MAILBOX, PHONE, LONER, "somebody wrote") if each in every]
    assert "aaa.aaa@aaa.aaa" in told["report"].content[0].text


def test_a_whole_report_is_short_and_begins_with_what_was_found(told: dict[str, Any]) -> None:
    answer = told["whole report"]
    keys = list(answer.structured_content)
    assert (keys[0], keys[-1]) == ("findings", "left_out")
    assert json.loads(answer.content[0].text) == answer.structured_content
    assert "segments" not in keys
    assert "tickets_created" in {
        *answer.structured_content["metrics"],
        *answer.structured_content["other_metrics"],
    }


def test_the_list_of_metrics_is_short_and_tells_more_when_asked(told: dict[str, Any]) -> None:
    every = told["metrics"].structured_content["metrics"]
    assert every.keys() == GROUPS.keys()
    assert [name for of in every.values() for name in of] == sorted(PUBLIC, key=by_group)
    assert every["satisfaction"]["csat"] == "Customer satisfaction (CSAT) (share)"
    group = told["group"].structured_content
    assert group["metrics"].keys() == every["satisfaction"].keys()
    assert group["metrics"]["csat"] == {"title": csat.title, "unit": csat.unit, "about": csat.about}
    metric = told["metric"].structured_content
    assert (metric["about"], metric["better"]) == (csat.about, "higher")
    assert metric["facts"]["Formula"] == "satisfied answers ÷ answers"
    assert metric["facts"]["Target"] == "≥ 85%"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_is_told_of_metrics_takes_at_most_8_000_signs(language: str) -> None:
    desk = Desk(SAMPLE, None, language)
    asked = [("", ""), *((group, "") for group in GROUPS), *(("", metric) for metric in PUBLIC)]
    answers = [of_metrics(desk, *each) for each in asked]
    assert max(map(signs, answers)) <= 8_000
    assert {name for answer in answers[1:] for name in answer.get("metrics", {})} == PUBLIC.keys()


def test_own_metrics_are_in_the_list(tmp_path: Path) -> None:
    config = tmp_path / "cxkpi.toml"
    config.write_text(
        '[[metric]]\nid = "vip"\ntitle = "Tickets of VIPs"\nkind = "count"\ntable = "tickets"\ngroup = "Ours"\n'
    )
    desk = Desk(SAMPLE, str(config))
    (group,) = of_metrics(desk)["metrics"].keys() - GROUPS.keys()
    assert of_metrics(desk)["metrics"][group] == {"vip": "Tickets of VIPs (count)"}
    assert of_metrics(desk, group)["metrics"]["vip"]["title"] == "Tickets of VIPs"
    assert of_metrics(desk, metric="vip")["facts"]["Formula"]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_report_with_every_metric_takes_at_most_20_000_signs(language: str) -> None:
    asked = Desk(SAMPLE, str(SAMPLE / "cxkpi.toml"), language).asked("report")
    told = of_report(asked)
    assert len(told["metrics"]) + len(told["other_metrics"]) == len(asked["metrics"]) > 50
    assert signs(told) <= 20_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mail to mary.poppins@mail.example, please", "mail to aaa.aaa@aaa.aaa, please"),
        ("WhatsApp +49 170 5550123", "WhatsApp +00 000 0000000"),
        ("8 (916) 123-45-67", "0 (000) 000-00-00"),
        ("79161234567", "00000000000"),
        ("+1-202-555-0143", "+0-000-000-0000"),
        ("2026-03-01 10:00", "2026-03-01 10:00"),
        ("2026-06-29T22:51:00+02:00", "2026-06-29T22:51:00+02:00"),
        ("107 ÷ 151 = 70.9%", "107 ÷ 151 = 70.9%"),
        ("25,531,356 s", "25,531,356 s"),
        ("25\u00a0531\u00a0356 с", "25\u00a0531\u00a0356 с"),
        ("+2,546.9% (+258.9 … +4,834.9%)", "+2,546.9% (+258.9 … +4,834.9%)"),
        ("T-1042", "T-1042"),
    ],
)
def test_addresses_and_phone_numbers_are_masked_and_figures_are_not(text: str, said: str) -> None:
    assert masked(text) == said


QUERIES = {
    "own metric": "own-metrics",
    "target": "targets",
    "business hours": "targets",
    "another tool shows another figure": "comparing",
    "compare two periods": "comparing",
    "privacy": "install",
    "notebook": "notebook",
    "mcp assistant": "assistants",
    "columns of my export": "exports",
    "forecast": "what-comes",
    "inconclusive usual range": "reading",
    "send the report to slack": "tools",
    "spark": "spark",
    "secrets security": "security",
    "merge parts of several companies": "parts",
    "first response time definition": "metrics",
}


@pytest.mark.parametrize("words", QUERIES)
def test_the_page_that_says_most_comes_first(words: str) -> None:
    told = found({each.name: each.path.read_text(encoding="utf-8") for each in pages()}, words)
    names = [each["page"] for each in told]
    assert names[0] == QUERIES[words]
    assert max(map(names.count, names)) <= 2
    assert len(names) <= 5


def test_a_word_that_is_nowhere_finds_nothing() -> None:
    assert found({each.name: each.path.read_text(encoding="utf-8") for each in pages()}, "zanzibar") == []


def test_a_folder_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mcp", "gone"]) == Exit.INPUT
    assert "gone: is no folder" in capsys.readouterr().err

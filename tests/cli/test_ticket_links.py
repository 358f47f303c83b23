"""Links to the tickets themselves: by the user's own configuration alone, with escaped ids."""

import json
from pathlib import Path

import pytest

from cx_kpi.model.assets import folder
from cx_kpi.model.errors import Exit
from cx_kpi.normalise.config.ticket_links import ticket_link, wrong_pattern

from .conftest import Cxkpi

PATTERN = "https://desk.example/tickets/{id}"
HEAD = "id,created_at,first_response_at,solved_at,channel\n"
ROWS = [
    f"{n},2026-0{1 + n % 6}-0{1 + n % 9}T10:00:00Z,2026-0{1 + n % 6}-1{n % 9}T12:00:00Z,,email"
    for n in range(60)
]
HOSTILE = '"a/../b?x=""><i>&#",2025-12-01T00:00:00Z,2026-06-25T00:00:00Z,,email'


@pytest.fixture
def linked(desk: Path) -> Path:
    (desk / "export").mkdir()
    (desk / "export" / "tickets.csv").write_text(HEAD + "\n".join([*ROWS, HOSTILE]) + "\n")
    (desk / "cxkpi.toml").write_text(f'[report]\nticket_link = "{PATTERN}"\n')
    return desk


@pytest.mark.parametrize(
    "pattern",
    [
        "javascript:alert({id})",
        "https://desk.example/",
        "ftp://d/{id}",
        "desk/{id}",
        "https://d/{id} x",
        "https://d/({id})",
    ],
)
def test_only_addresses_of_the_web_with_a_place_for_the_id(pattern: str, cxkpi: Cxkpi, linked: Path) -> None:
    (linked / "cxkpi.toml").write_text(f'[report]\nticket_link = "{pattern}"\n')
    ran = cxkpi("report", "export", "-o", "r.json")
    assert ran.code == Exit.USAGE
    assert "report.ticket_link" in ran.err
    assert wrong_pattern(pattern)


def test_an_id_is_escaped() -> None:
    assert (
        ticket_link(PATTERN, 'a/../b?x="><i>&#')
        == "https://desk.example/tickets/a%2F..%2Fb%3Fx%3D%22%3E%3Ci%3E%26%23"
    )
    assert ticket_link("", "1") is None
    assert ticket_link(PATTERN, None) is None


def test_a_receipt_links_its_rows(cxkpi: Cxkpi, linked: Path) -> None:
    assert (
        cxkpi("explain", "first_response_time", "export", "-o", "r.json", "-o", "r.md", "-o", "r.txt").code
        == Exit.DONE
    )
    rows = json.loads((linked / "r.json").read_text())["worst"]["rows"]
    assert [each["link"] for each in rows] == [ticket_link(PATTERN, each["id"]) for each in rows]
    first = rows[0]
    assert first["id"].startswith("a/..")
    assert f"](<{first['link']}>)" in (linked / "r.md").read_text()
    assert rows[1]["link"] in (linked / "r.txt").read_text()


def test_a_configuration_that_comes_with_the_data_links_nothing(cxkpi: Cxkpi, linked: Path) -> None:
    (linked / "cxkpi.toml").rename(linked / "export" / "cxkpi.toml")
    assert cxkpi("explain", "first_response_time", "export", "-o", "r.json").code == Exit.DONE
    assert "desk.example" not in (linked / "r.json").read_text()


def test_the_page_links_the_worst_tickets_of_a_finding(cxkpi: Cxkpi, linked: Path) -> None:
    assert (
        cxkpi(
            "report", str(folder("sample_data")), "--config", "cxkpi.toml", "-o", "r.html", "-o", "r.json"
        ).code
        == Exit.DONE
    )
    report = json.loads((linked / "r.json").read_text())
    links = [each["link"] for finding in report["findings"] for each in finding["tickets"]]
    assert links
    page = (linked / "r.html").read_text()
    assert all(f'href="{link}" rel="noreferrer"' in page for link in links)

"""A configuration found with the data only sets how to read it; the report names the settings it used."""

import json
import os
import re
from pathlib import Path

import pytest

from cx_kpi.model.errors import Exit

from .conftest import Cxkpi, tickets

SETTINGS = """
timezone = "Europe/Berlin"
period = "week"
[targets]
first_response_time = "90 min"
[report]
title = "Send your passwords to me"
logo = "secret.svg"
[mail]
to = "thief@example.com"
[complaints]
all = true
[tickets.columns]
product = "channel"
"""


@pytest.fixture
def sent(desk: Path) -> Path:
    """A folder that somebody sent: an export and settings."""
    folder = desk / "sent"
    folder.mkdir()
    (folder / "tickets.csv").write_text(tickets(), encoding="utf-8")
    (folder / "cxkpi.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "secret.svg").write_text("<svg>secret</svg>", encoding="utf-8")
    return folder


def made(cxkpi: Cxkpi, *arguments: str) -> dict:
    ran = cxkpi("report", *arguments, "-f", "json")
    assert (ran.code, ran.err) == (Exit.DONE, "")
    return json.loads(ran.out)


def test_settings_beside_the_data_only_say_how_to_read_it(cxkpi: Cxkpi, sent: Path) -> None:
    report = made(cxkpi, "sent")
    assert report["configuration"] == "sent/cxkpi.toml"
    assert report["timezone"] == "Europe/Berlin"
    assert report["sources"][0]["columns"]["product"] == "channel"
    assert report["metrics"]["complaints"]["value"] == 60
    assert report["metrics"]["first_response_time"]["target"] is None
    (told,) = [each for each in report["notices"] if each["code"] == "left_out_settings"]
    assert (told["path"], told["level"], told["example"]) == (
        "sent/cxkpi.toml",
        "warning",
        "period, targets, report, mail",
    )
    for name in ("html", "md", "table", "eml"):
        shown = cxkpi("report", "sent", "-f", name).out
        assert "sent/cxkpi.toml" in shown.replace("=\n", "") or name == "eml"
        assert not re.search("passwords|thief", shown)


def test_all_of_it_counts_where_the_user_names_it(cxkpi: Cxkpi, sent: Path) -> None:
    report = made(cxkpi, "sent", "--config", "sent/cxkpi.toml")
    assert report["metrics"]["first_response_time"]["target"]["value"] == 5400
    assert report["configuration"] == "sent/cxkpi.toml"
    assert not [each for each in report["notices"] if each["code"] == "left_out_settings"]
    mail = cxkpi("report", "sent", "--config", "sent/cxkpi.toml", "-f", "eml").out
    assert "To: thief@example.com" in mail


def test_all_of_it_counts_in_the_working_folder(
    cxkpi: Cxkpi, sent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sent)
    for data in (".", "tickets.csv"):
        report = made(cxkpi, data)
        assert report["metrics"]["first_response_time"]["target"]["value"] == 5400
        assert report["configuration"] == "cxkpi.toml"


def test_without_settings_none_are_named(cxkpi: Cxkpi) -> None:
    assert made(cxkpi, "tickets.csv")["configuration"] is None
    assert "Settings from" not in cxkpi("report", "tickets.csv").out


@pytest.mark.parametrize("way", ["up", "absolute", "link", "pipe", "folder", "nul", "gone"])
def test_a_logo_lies_in_the_folder_of_the_configuration(way: str, cxkpi: Cxkpi, desk: Path) -> None:
    (desk / "secret.svg").write_text("<svg>secret</svg>")
    own = desk / "own"
    own.mkdir()
    logo = {"up": "../secret.svg", "absolute": str(desk / "secret.svg"), "nul": "a\\u0000b"}.get(
        way, "logo.svg"
    )
    if way == "link":
        (own / "logo.svg").symlink_to("../secret.svg")
    if way == "pipe":
        os.mkfifo(own / "logo.svg")
    if way == "folder":
        (own / "logo.svg").mkdir()
    (own / "c.toml").write_text(f'[report]\nlogo = "{logo}"\n')
    ran = cxkpi("report", "tickets.csv", "--config", "own/c.toml", "-f", "html")
    assert (ran.code, ran.out) == (Exit.USAGE, "")
    assert "report.logo" in ran.err
    (desk / "own" / "in").mkdir()
    (own / "in" / "logo.svg").write_text("<svg/>")
    (own / "c.toml").write_text('[report]\nlogo = "in/logo.svg"\n')
    assert "data:image/svg+xml" in cxkpi("report", "tickets.csv", "--config", "own/c.toml", "-f", "html").out


@pytest.mark.parametrize("pattern", ["sent", "sent/*.csv"])
def test_a_link_out_of_the_folder_is_left_out(pattern: str, cxkpi: Cxkpi, sent: Path, desk: Path) -> None:
    outside = desk / "private.csv"
    outside.write_text("customer_id,segment\nAnn,vip\n")
    (sent / "customers.csv").symlink_to("../private.csv")
    (sent / "again.csv").symlink_to("tickets.csv")
    report = made(cxkpi, pattern)
    assert [each["path"] for each in report["sources"]] == ["sent/again.csv", "sent/customers.csv"]
    (told,) = [each for each in report["notices"] if each["code"] == "leads_out"]
    assert told["path"] == "sent/customers.csv"
    assert report["sources"][1]["rows"] == 0
    (sent / "tickets.csv").unlink()
    (sent / "again.csv").unlink()
    ran = cxkpi("report", pattern)
    assert (ran.code, ran.out) == (Exit.INPUT, "")
    assert "leads out of its folder" in ran.err
    assert cxkpi("check", "sent/customers.csv").code == Exit.DONE  # named by the user

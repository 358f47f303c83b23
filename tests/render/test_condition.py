"""A report with a condition shows it in its head, whatever the format."""

from dataclasses import replace
from email import message_from_bytes, policy
from html import unescape

import pytest

from cx_kpi.render import xlsx
from cx_kpi.render.files import json
from cx_kpi.render.page import html
from cx_kpi.render.terminal import terminal_report as terminal
from cx_kpi.render.text import mail, markdown

from .company import company
from .test_xlsx import cells

CONDITION = "channel = 'email'\n and \x1b[31mpriority <> 'low'"
SAID = "Only rows where channel = 'email' and priority <> 'low'"


FORMATS = ("terminal", "html", "markdown", "mail", "mail page")


def texts(report):
    """The report in every format that is a text."""
    letter = message_from_bytes(mail.render(report), policy=policy.default)
    plain, short = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))
    made = (terminal.render(report, 120), html.render(report), markdown.render(report), plain, short)
    return dict(zip(FORMATS, made, strict=True))


@pytest.fixture(scope="module")
def some():
    """The report of some rows."""
    return texts(replace(company(), where=CONDITION))


@pytest.fixture(scope="module")
def every():
    """The report of all rows."""
    return texts(company())


@pytest.mark.parametrize("name", FORMATS)
def test_the_condition_is_said_and_only_where_there_is_one(name, some, every):
    assert SAID in unescape(some[name])
    assert "Only rows" not in every[name]


def test_the_workbook_says_it_too():
    assert [SAID] in [row[:1] for row in cells(xlsx.render(replace(company(), where=CONDITION)))[:5]]


def test_json_holds_the_condition_as_it_was_asked_for():
    assert '"where": null' in json.dumps(company())
    assert '"where": "channel = \'email\'' in json.dumps(replace(company(), where=CONDITION))

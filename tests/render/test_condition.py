"""A report of some rows says so in its head, whatever the format."""

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


def texts(report):
    """The report in every format that is a text."""
    letter = message_from_bytes(mail.render(report), policy=policy.default)
    plain, short = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))
    return {
        "terminal": terminal.render(report, 120),
        "html": html.render(report),
        "markdown": markdown.render(report),
        "mail": plain,
        "mail page": short,
    }


@pytest.mark.parametrize("name", texts(company()))
def test_the_condition_is_said_and_only_where_there_is_one(name):
    some, every = texts(replace(company(), where=CONDITION))[name], texts(company())[name]
    assert SAID in unescape(some)
    assert "Only rows" not in every


def test_the_workbook_says_it_too():
    assert [SAID] in [row[:1] for row in cells(xlsx.render(replace(company(), where=CONDITION)))[:5]]


def test_json_holds_the_condition_as_it_was_asked_for():
    assert '"where": null' in json.render(company())
    assert '"where": "channel = \'email\'' in json.render(replace(company(), where=CONDITION))

"""The mail: whole without a network, the same bytes each time, and no header but ours."""

import re
import struct
from base64 import b64encode
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

import pytest

from cx_kpi.model.options import Look, Mail
from cx_kpi.model.report import Headline
from cx_kpi.render.page import html
from cx_kpi.render.text.mail import MOST, render

from .company import company, empty
from .hostile import TEXTS, filled

PNG = b"\x89PNG\r\n\x1a\n"
TREND = ("first_response_within_target", "csat", "nps", "complaints", "backlog")


def shown(code: str = "en"):
    """A report with an alarm."""
    return replace(company(code), headlines=[Headline("Customers", list(TREND))])


def read(data: bytes) -> EmailMessage:
    mail = message_from_bytes(data, policy=default)
    assert isinstance(mail, EmailMessage)
    assert mail.defects == []
    return mail


class Tags(HTMLParser):
    """The elements of a page, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, _attrs):
        self.found.append(tag)


def page(mail: EmailMessage) -> str:
    return mail.get_body(("html",)).get_content()


@pytest.fixture(scope="module")
def made() -> bytes:
    """The mail of that report."""
    return render(shown())


def test_its_parts_are_a_text_a_page_with_pictures_and_the_whole_page(made):
    mail = read(made)
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        *["image/png"] * MOST,
        "text/html",
    ]
    assert mail["Subject"] == "Customer service report: January 2025 – July 2026, by month"
    assert mail.get_body(("plain",)).get_content().startswith("Customer service report")
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "report.html"
    assert attached.get_content() == html.render(shown())


def test_every_picture_is_in_the_mail_and_every_style_in_its_element(made):
    mail = read(made)
    text = page(mail)
    wanted = set(re.findall(r'src="cid:([^"]+)"', text))
    held = {part["Content-ID"].strip("<>"): part for part in mail.walk() if part["Content-ID"]}
    assert wanted == held.keys()
    assert all(part.get_content().startswith(PNG) for part in held.values())
    assert "<style" not in text
    assert 'style="' in text
    assert not re.search(r"(?:src|href)=\"(?!cid:)|url\(|@import", text)


def test_the_same_report_is_the_same_bytes(made):
    assert made == render(shown())


def test_any_relay_takes_it():
    data = render(shown("ru"), Look(charts="none"))
    assert data.isascii()
    assert max(map(len, data.split(b"\n"))) <= 998
    assert b"\r" not in data


def test_only_headers_that_were_asked_for(made):
    assert read(made).keys() == ["Subject", "MIME-Version", "Content-Type"]
    look = Look(
        title="Ours", mail=Mail(to="Leads <leads@example.com>, b@example.com", sender="r@example.com")
    )
    mail = read(render(shown(), look))
    assert (mail["From"], mail["To"]) == ("r@example.com", "Leads <leads@example.com>, b@example.com")
    assert mail["Subject"].startswith("Ours: ")


def test_hostile_text_adds_no_header_and_no_element():
    text = " ".join(TEXTS)
    look = Look(title=f"{text}\r\nBcc: x@example.com", charts="none")
    mail, plain = read(render(filled(shown(), text), look)), read(render(filled(shown(), "plain "), look))
    assert mail.keys() == plain.keys()
    assert [part.get_content_type() for part in mail.walk()] == [
        part.get_content_type() for part in plain.walk()
    ]
    assert Tags(page(mail)).found == Tags(page(plain)).found


def test_a_logo_goes_along_as_a_picture():
    size = struct.pack(">II", 1, 1)
    uri = f"data:image/png;base64,{b64encode(PNG + size).decode()}"
    mail = read(render(shown(), Look(logo=uri, charts="none")))
    (logo,) = [part for part in mail.walk() if part["Content-ID"] == "<logo@cxkpi>"]
    assert logo.get_content() == PNG + size
    assert 'src="cid:logo@cxkpi"' in page(mail)
    drawn = f"data:image/svg+xml;base64,{b64encode(b'<svg/>').decode()}"
    assert "cid:" not in page(read(render(shown(), Look(logo=drawn, charts="none"))))


@pytest.mark.parametrize("code", ["en", "ru"])
def test_a_report_of_nothing(code):
    assert "cid:" not in page(read(render(empty(code))))

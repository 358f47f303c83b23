"""Title, logo, mail and templates from the configuration and the command line; the page in a browser."""

import threading
import webbrowser
from base64 import b64decode, b64encode
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from cx_kpi import api
from cx_kpi.model.errors import Exit
from cx_kpi.render import charts

from .conftest import Cxkpi

PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


def configured(desk: Path, text: str) -> None:
    (desk / "cxkpi.toml").write_text(text, encoding="utf-8")


def test_a_title_and_a_logo_beside_the_configuration(cxkpi: Cxkpi, desk: Path) -> None:
    folder = desk / "look"
    folder.mkdir()
    (folder / "logo.png").write_bytes(PNG)
    configured(folder, '[report]\ntitle = "Ours & <theirs>"\nlogo = "logo.png"\n')
    ran = cxkpi(
        "report", "tickets.csv", "--config", "look/cxkpi.toml", "-o", "a.html", "-o", "a.md", "-o", "-"
    )
    assert (ran.code, ran.err) == (Exit.DONE, "")
    page = (desk / "a.html").read_text(encoding="utf-8")
    assert f'src="data:image/png;base64,{b64encode(PNG).decode()}"' in page
    assert "<h1>Ours &amp; &lt;theirs&gt;</h1>" in page
    assert "img-src data:;" in page.split("<title>")[0]
    assert (desk / "a.md").read_text(encoding="utf-8").startswith("# Ours &amp; &lt;theirs&gt;\n")
    assert ran.out.startswith("Ours & <theirs> · ")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"GIF89a", "has to be a PNG, JPEG, WebP or SVG picture"),
        (PNG + bytes(300_000), "larger than 300 kB"),
        (None, "cannot be read"),
    ],
)
def test_a_logo_that_cannot_be_used(content: bytes | None, said: str, cxkpi: Cxkpi, desk: Path) -> None:
    configured(desk, '[report]\nlogo = "logo"\n')
    if content:
        (desk / "logo").write_bytes(content)
    ran = cxkpi("report", "tickets.csv", "-o", "a.html")
    assert (ran.code, ran.out) == (Exit.USAGE, "")
    assert said in ran.err
    assert not (desk / "a.html").exists()


@pytest.mark.parametrize("content", [SVG, b"\xff\xd8\xff\xe0", b"RIFF\0\0\0\0WEBP"])
def test_kinds_of_logos_are_told_by_their_bytes(content: bytes, cxkpi: Cxkpi, desk: Path) -> None:
    configured(desk, '[report]\nlogo = "logo"\n')
    (desk / "logo").write_bytes(content)
    kind = {0x3C: "svg+xml", 0xFF: "jpeg", 0x52: "webp"}[content[0]]
    assert (
        f"data:image/{kind};base64," in cxkpi("report", "tickets.csv", "-f", "html", "--charts", "none").out
    )


def test_a_mail_to_whom_the_configuration_says(cxkpi: Cxkpi, desk: Path) -> None:
    configured(desk, '[mail]\nto = "Leads <leads@example.com>"\nsender = "r@example.com"\n')
    assert cxkpi("report", "tickets.csv", "-o", "r.eml").code == Exit.DONE
    mail = message_from_bytes((desk / "r.eml").read_bytes(), policy=default)
    assert (mail["To"], mail["From"]) == ("Leads <leads@example.com>", "r@example.com")
    assert mail["Subject"].startswith("Customer service report: ")


@pytest.mark.parametrize("address", ["nobody", "a@b\\r\\nBcc: c@d", "<", "a@b, nobody"])
def test_what_is_no_address_is_refused(address: str, cxkpi: Cxkpi, desk: Path) -> None:
    configured(desk, f'[mail]\nto = "{address}"\n')
    ran = cxkpi("report", "tickets.csv", "-f", "eml")
    assert (ran.code, ran.out) == (Exit.USAGE, "")
    assert "mail.to" in ran.err


def test_a_template_serves_the_page_and_nothing_else(cxkpi: Cxkpi, desk: Path) -> None:
    (desk / "my.html.j2").write_text("mine: {{ title }}")
    ran = cxkpi("report", "tickets.csv", "--template", "my.html.j2", "-f", "html")
    assert (ran.code, ran.out) == (Exit.DONE, "mine: Customer service report")
    for outputs in ((), ("-o", "a.md"), ("-o", "a.json")):
        ran = cxkpi("report", "tickets.csv", "--template", "my.html.j2", *outputs)
        assert ran.code == Exit.USAGE
        assert "add -o report.html" in ran.err
    assert "no such file" in cxkpi("report", "tickets.csv", "--template", "gone", "-o", "a.html").err


def test_a_template_that_fails_leaves_no_file(cxkpi: Cxkpi, desk: Path) -> None:
    (desk / "my.html.j2").write_text("\n{{ ''.__class__ }}")
    ran = cxkpi("report", "tickets.csv", "--template", "my.html.j2", "-o", "a.html", "-o", "a.json")
    assert (ran.code, ran.out) == (Exit.USAGE, "")
    assert ran.err.startswith("cxkpi: error: my.html.j2:2: ")
    assert sorted(path.name for path in desk.iterdir()) == ["my.html.j2", "tickets.csv"]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that a browser was asked to open, where there is a display."""
    asked: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: not asked.append(url))
    monkeypatch.setenv("DISPLAY", ":0")
    return asked


def test_open_shows_the_page_that_was_written(cxkpi: Cxkpi, desk: Path, opened: list[str]) -> None:
    ran = cxkpi("report", "tickets.csv", "-o", "a.json", "-o", "a.html", "--open")
    assert (ran.code, ran.out) == (Exit.DONE, "")
    assert opened == [(desk / "a.html").as_uri()]
    assert "a.html: opened" in ran.err


def test_open_alone_writes_a_page_nobody_else_can_read(
    cxkpi: Cxkpi, desk: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(desk))
    ran = cxkpi("report", "tickets.csv", "--open")
    (folder,) = desk.glob("cxkpi-*")
    assert (ran.code, ran.out) == (Exit.DONE, "")
    assert folder.stat().st_mode & 0o077 == 0
    assert opened == [(folder / "report.html").as_uri()]
    assert (folder / "report.html").is_file()


def test_without_a_display_it_says_where_the_page_is(
    cxkpi: Cxkpi, desk: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    ran = cxkpi("report", "tickets.csv", "-o", "a.html", "--open")
    assert (ran.code, opened) == (Exit.DONE, [])
    assert ran.err == f"cxkpi: {desk / 'a.html'}: there is no display here to open it on\n"


def test_a_mail_without_addresses_says_what_it_lacks(cxkpi: Cxkpi) -> None:
    run = ("report", "tickets.csv", "-o", "report.eml")
    said = "say to and sender in cxkpi.toml, [mail]\n"
    assert cxkpi(*run).err == f"cxkpi: the mail has no To, From; {said}"
    assert cxkpi("report", "tickets.csv", "-o", "report.json").err == ""
    assert cxkpi(*run, "--quiet").err == ""
    Path("cxkpi.toml").write_text('[mail]\nto = "a@example.com"\n', encoding="utf-8")
    assert cxkpi(*run).err == f"cxkpi: the mail has no From; {said}"
    Path("cxkpi.toml").write_text(
        '[mail]\nto = "a@example.com"\nsender = "b@example.com"\n', encoding="utf-8"
    )
    assert cxkpi(*run).err == ""


@pytest.mark.parametrize(
    ("arguments", "begun"),
    [
        (("-o", "a.html"), 1),
        (("-o", "a.html", "-o", "a.eml", "-o", "a.json"), 1),
        (("-o", "a.html", "--charts", "none"), 0),
        (("-o", "a.json", "-o", "a.xlsx"), 0),
        ((), 0),
    ],
)
def test_what_draws_charts_is_started_before_the_files_are_read(
    arguments: tuple[str, ...], begun: int, cxkpi: Cxkpi, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    plainly = api.run
    monkeypatch.setattr(charts, "begin", lambda: said.append("charts"))
    monkeypatch.setattr(api, "run", lambda *given, **how: (said.append("files"), plainly(*given, **how))[1])
    assert cxkpi("report", "tickets.csv", *arguments).code == Exit.DONE
    assert said == ["charts"] * begun + ["files"]


def test_it_draws_nothing_once() -> None:
    before = {*threading.enumerate()}
    charts.begin.__wrapped__()
    for thread in {*threading.enumerate()} - before:
        thread.join()
        assert thread.name == "charts"


def test_it_is_started_before_parts_are_added(cxkpi: Cxkpi, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cxkpi("build", "tickets.csv", "-o", "a.part").code == Exit.DONE
    said: list[str] = []
    monkeypatch.setattr(charts, "begin", lambda: said.append("charts"))
    assert cxkpi("merge", "a.part", "-o", "a.json").code == Exit.DONE
    assert said == []
    assert cxkpi("merge", "a.part", "-o", "a.html").code == Exit.DONE
    assert said == ["charts"]

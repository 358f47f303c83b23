"""Sends the findings, with the page where a service takes files; each address has a process of its own.

What a library or a server says of an address ends with that process, and so does its time.
"""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cx_kpi.cli.options.settings import Settings
from cx_kpi.cli.outputs.messages.addressees import Addressee, addressees
from cx_kpi.model.errors import LateProblem, UnsentProblem, UsageProblem, missing_package
from cx_kpi.model.options import Look
from cx_kpi.model.report import Report
from cx_kpi.wording.language import Language

SECONDS = 60.0  # for one address, the page included
_CHILD = "cx_kpi.cli.outputs.messages.sending_child"
PAGE = "report.html"


def addressed(names: Sequence[str], settings: Settings) -> list[Addressee]:
    """Whom these names stand for; raises `UsageProblem` where an address is none, or the package is missing."""
    from importlib.util import find_spec

    found = addressees(names, settings)
    if found and not find_spec("apprise"):
        raise UsageProblem(missing_package("--notify", "notify"))
    for each in found:
        if not _asked(each, {}).get("known"):
            raise UsageProblem(f"--notify {each.name}: no address of a service; write it as Apprise takes it")
    return found


def send(report: Report, look: Look, told: Sequence[Addressee], page: str) -> None:
    """The findings to each, with the page, anew where none is written; raises `UnsentProblem` after all were tried."""
    from cx_kpi.render.text.chat_lines import chat

    title, _, body = chat(report, look, str, str).partition("\n")
    with _page(report, look, page) as path:
        said = {"title": title.strip(), "body": body.strip() or title, "page": path}
        if unsent := _unsent(told, said, before="the report is made, and "):
            raise UnsentProblem(unsent)


@contextmanager
def telling_late(told: Sequence[Addressee], look: Look, language: str) -> Iterator[None]:
    """An export that has not arrived is told to each as well, by every run that finds it late.

    Raises the `LateProblem` itself, with what could not be sent.
    """
    try:
        yield
    except LateProblem as late:
        if unsent := _unsent(told, _lateness(late, look, Language(language))):
            raise LateProblem(f"{late}; {unsent}") from None
        raise


def _lateness(late: LateProblem, look: Look, language: Language) -> dict[str, str]:
    """The message that an export is late: what was looked for, or how far the data reach."""
    from cx_kpi.render.elements.sanitise import clean
    from cx_kpi.render.text.chat_lines import harmless

    body = (
        language("The data reach to {moment} only.", moment=late.latest)
        if late.latest
        else language("Not found: {path}.", path=late.place)
    )
    title = ": ".join(filter(None, [look.title, language("The export has not arrived")]))
    return {"title": harmless(clean(title)), "body": harmless(clean(body)), "page": ""}


def _unsent(told: Sequence[Addressee], said: Mapping[str, str], before: str = "") -> str:
    """Sends a message to each; whom it did not reach and why, after all were tried, else nothing."""
    failed = {each.name: why for each in told if (why := _asked(each, said).get("why"))}
    if not failed:
        return ""
    names, why = ", ".join(f"--notify {name}" for name in failed), next(iter(failed.values()))
    return f"{names}: {before}the message was not sent: {why}; check the address and the network"


@contextmanager
def _page(report: Report, look: Look, written: str) -> Iterator[str]:
    """The path of the page: one that was written, else a copy that nobody else can read."""
    from cx_kpi.render.page import html

    if written:
        yield str(Path(written).resolve())
        return
    with TemporaryDirectory(prefix="cxkpi-") as folder:
        page = Path(folder) / PAGE
        page.write_text(html.render(report, look=look), encoding="utf-8")
        yield str(page)


def _asked(addressee: Addressee, said: Mapping[str, str]) -> dict[str, Any]:
    """What the process answers: whether the address is `known`; `why` nothing was sent, where it was not."""
    from cx_kpi.read.raw.sandbox import started

    asked = json.dumps({"address": addressee.address, **said}).encode()
    with started(_CHILD) as child:
        try:
            answer, _ = child.communicate(asked, timeout=SECONDS)
            found: dict[str, Any] = json.loads(answer)
        except subprocess.TimeoutExpired:
            return {"known": True, "why": f"no answer within {SECONDS:g} s"}
        except ValueError:
            return {"known": True, "why": "the sending broke off"}
        finally:
            child.kill()
    return found

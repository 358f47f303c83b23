"""The side that knows the services: takes one address and a message from stdin, and says on stdout what came of it."""

import json
import logging
import os
import re
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from apprise import NotifyBase

_ERROR = re.compile(r"error=(\d{3})\b")
_MEMORY = 512 * 1024 * 1024  # bytes, the page and the answer included
_SECONDS = 60  # of computing


class _Heard(logging.Handler):
    """Keeps of what a library logs only what cannot hold a secret: the number of an answer, or that there was none."""

    why = "the service refused it"

    def emit(self, record: logging.LogRecord) -> None:
        """Take note of one line."""
        text = record.getMessage()
        if found := _ERROR.search(text):
            self.why = f"the service answered {found[1]}"
        elif "onnection error" in text:
            self.why = "no connection to the service"


def serve() -> None:
    """Answer one request, however much a server answers."""
    from cx_kpi.read.raw.sandbox import bound

    bound(_MEMORY, _SECONDS)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints is no answer
    json.dump(_done(json.load(sys.stdin)), answers)
    answers.close()


def _done(asked: "Mapping[str, str]") -> dict[str, Any]:
    heard = _Heard()
    logging.basicConfig(handlers=[heard], level=logging.WARNING)
    try:
        service = _service(asked["address"])
        if service is None:
            return {"known": False, "why": "no address of a service"}
        return {"known": True, "why": "" if "body" not in asked or _is_sent(service, asked) else heard.why}
    except Exception:  # noqa: BLE001  (whatever it is, its text may hold the address)
        return {"known": True, "why": heard.why}


def _service(address: str) -> "NotifyBase | None":
    """The service at an address; it is asked once, where the address says, and shows no picture from elsewhere."""
    from apprise import Apprise, AppriseAsset

    asset = AppriseAsset(
        app_id="cxkpi",
        app_desc="cxkpi",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        http_redirects=False,
        async_mode=False,
    )
    found: NotifyBase | None = Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
    return found


def _is_sent(service: "NotifyBase", asked: "Mapping[str, str]") -> bool:
    from apprise import Apprise, NotifyFormat

    sender = Apprise(asset=service.asset)
    sender.add(service)
    page = asked["page"] if service.attachment_support else None
    done = sender.notify(
        title=asked["title"], body=asked["body"], body_format=NotifyFormat.TEXT, attach=page or None
    )
    return bool(done)

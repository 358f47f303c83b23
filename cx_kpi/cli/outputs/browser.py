"""`--open`: shows the page in the browser."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp


def page_among(outputs: Sequence[str]) -> str:
    """The first output that is a page; empty where none is."""
    return next((path for path in outputs if Path(path).suffix.lower() in {".html", ".htm"}), "")


def page_of_its_own() -> str:
    """A path for a page in a new folder of the system's, which nobody else can enter."""
    return str(Path(mkdtemp(prefix="cxkpi-")) / "report.html")


def with_page(outputs: Sequence[str] | None, *, wanted: bool) -> list[str]:
    """The outputs, with a page of its own where one is wanted and none is among them."""
    found = list(outputs or ())
    return [*found, page_of_its_own()] if wanted and not page_among(found) else found


def show(path: str) -> None:
    """Open the page, or print on stderr where it is."""
    import webbrowser

    page = Path(path).resolve()
    if not _has_display():
        _say(f"{page}: there is no display here to open it on")
    elif webbrowser.open(page.as_uri()):
        _say(f"{page}: opened")
    else:
        _say(f"{page}: no browser could be started; open it yourself")


def _has_display() -> bool:
    """Whether there is a desktop, or a browser of the user's choice."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))


def _say(text: str) -> None:
    sys.stderr.write(f"cxkpi: {text}\n")

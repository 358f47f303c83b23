"""What an assistant may ask: each question is a command of ours in a process of its own, answered in JSON."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cx_kpi.model.errors import CxkpiError, UsageProblem
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.schema import MADE, TABLES, Kind

PATIENCE = 600  # seconds for one answer
NAMING = {"organization"}  # a customer's name
_WORD = re.compile(r"[\w.:+-]{1,40}")
_PERIOD = re.compile(r"[\dQqWw.-]{4,22}")
_ERROR = "cxkpi: error: "


def cuts() -> list[str]:
    """What an assistant may cut by: our own words for kinds of contact, none that names a customer."""
    fields = {
        name for table in TABLES.values() for name, kind in table.fields.items() if kind is Kind.CATEGORY
    }
    return sorted((fields | set(MADE)) - NAMING)


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder of exports, the configuration that says how to read it, and a language."""

    folder: Path
    config: str | None = None
    language: str | None = None

    def asked(
        self, *command: str, metrics: Sequence[str] = (), by: Sequence[str] = (), **window: str
    ) -> dict[str, Any]:
        """The JSON that a command gives of the folder; raises `CxkpiError` with its message."""
        unknown = [each for each in by if each not in cuts()]
        if unknown:
            raise UsageProblem(f"no cut by {unknown[0]!r} for an assistant; one of {', '.join(cuts())}")
        named = ",".join(_word("metrics", each) for each in metrics)
        options = [f"--metrics={named}"] if named else []
        options += [f"--by={each}" for each in by]
        options += [f"--{name}={_word(name, value)}" for name, value in window.items() if value]
        options += [f"--config={self.config}"] if self.config else []
        options += [f"--lang={self.language}"] if self.language else []
        return _answer([*command[:1], "--format=json", *options, "--", *command[1:], str(self.folder)])


def period(text: str) -> str:
    """A period such as 2026-03 or 2026-01-01..2026-03-01; raises `UsageProblem`."""
    if not _PERIOD.fullmatch(text):
        raise UsageProblem(f"{text!r} is no period; write one such as 2026-03 or 2026-01-01..2026-03-01")
    return text


def _word(name: str, value: str) -> str:
    if not _WORD.fullmatch(value):
        raise UsageProblem(f"{name}: {value!r} is not a word, a date or a span")
    return value


def _answer(arguments: Sequence[str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "cx_kpi", *arguments]
    try:
        ran = subprocess.run(  # noqa: S603 - our own command
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CxkpiError(
            f"no answer within {PATIENCE} s; ask for fewer metrics or a shorter window"
        ) from None
    if ran.returncode:
        said = [line.removeprefix(_ERROR) for line in ran.stderr.splitlines() if line.startswith(_ERROR)]
        raise CxkpiError(said[-1] if said else f"cxkpi ended with {ran.returncode}")
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer

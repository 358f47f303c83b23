"""The parent's side: asks a child to fill a template, within limits of time, and reports what failed."""

import json
import pickle
import re
import subprocess
import sys
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from cx_kpi.model.errors import UsageProblem

TIME = 6.0  # seconds that a template may take
MORE = 24.0  # and the child around it, which a busy machine starts slowly
_WORDS = {"MemoryError": "needs more than 512 MB", "RecursionError": "includes or calls itself without end"}
_CHILD = (
    "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); "
    "from cx_kpi.render.templating.user.fill_child import main; main()"
)
_FRAME = re.compile(r'^  File "(.+)", line (\d+) in', re.MULTILINE)


def fill(module: str, shown: Mapping[str, Any], code: str, own: str) -> str:
    """What `compose` of that module makes of the user's templates; raises `UsageProblem` with file and line."""
    asked = pickle.dumps((module, _plain(shown), code, own, TIME))
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-I", "-c", _CHILD, json.dumps(sys.path)],
            input=asked,
            capture_output=True,
            check=False,
            timeout=TIME + MORE,
        )
    except subprocess.TimeoutExpired:
        raise UsageProblem(_late(own)) from None
    if done.returncode or not done.stdout:
        raise UsageProblem(_stopped(own, done.stderr.decode(errors="replace")))
    answer = json.loads(done.stdout)
    if "text" in answer:
        return str(answer["text"])
    raise UsageProblem(_failed(own, answer))


def _plain(value: Any) -> Any:
    """The same without enumerations: dicts, lists, texts and numbers."""
    match value:
        case Enum():
            return str(value)
        case dict():
            return {_plain(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return value


def _failed(own: str, answer: Mapping[str, Any]) -> str:
    what = _WORDS.get(answer["problem"], answer["problem"]).rstrip(".")
    return f"{_place(own, answer.get('file'), answer.get('line'))}: {what}; correct the template"


def _late(own: str) -> str:
    return f"{own}: not done within {TIME:g} s; correct the template"


def _stopped(own: str, dump: str) -> str:
    """Where the child was when its time was over; what it dumps are lines of the code made of a template."""
    for file, line in _FRAME.findall(dump):
        if not file.endswith(".py") and Path(file).is_file():
            place = _place(own, file, _source_line(Path(file), int(line)))
            return f"{place}: not done within {TIME:g} s; correct the template"
    return _late(own) if "Timeout" in dump else f"{own}: cannot be filled; it may need more than 512 MB"


def _source_line(file: Path, line: int) -> int:
    """The line of a template that became this line of code."""
    from cx_kpi.render.templating.template_values import environment
    from cx_kpi.wording.language import Language

    sandbox = environment(Language(), loader=None)
    return sandbox.from_string(file.read_text(encoding="utf-8")).get_corresponding_lineno(line)


def _place(own: str, file: str | None, line: int | None) -> str:
    """`my/parts/x.html:3`, with the folder as the user wrote it."""
    root = Path(own).resolve()
    path = Path(file) if file else root
    name = Path(own) / path.relative_to(root) if path.is_relative_to(root) and path != root else None
    shown = name or (Path(own) if path == root else path.name)
    return f"{shown}:{line}" if line else f"{shown}"

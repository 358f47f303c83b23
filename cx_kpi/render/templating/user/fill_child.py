"""The child's side: fills a template, and reports each failure with its template and line."""

import faulthandler
import json
import pickle
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from typing import Any

MEMORY = 512 * 1024 * 1024  # bytes
LARGEST = 50_000_000  # characters of what is made


def main() -> None:
    """Reads what is asked from stdin, writes the text or the problem to stdout."""
    _bound()
    module, shown, code, own, seconds = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 - from our parent
    from cx_kpi.render.templating.user.loader import loader

    compose, templates = import_module(module).compose, loader(own)
    faulthandler.dump_traceback_later(seconds, exit=True)  # also where nothing else could stop it
    answer = json.dumps(_answer(lambda: compose(shown, code, templates)))
    sys.stdout.buffer.write(answer.encode())


def _bound() -> None:
    """So much memory and no more, where the system can be asked for that."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(compose: Callable[[], str]) -> dict[str, Any]:
    try:
        text = compose()
        return {"text": text} if len(text) <= LARGEST else {"problem": "makes more than 50 MB"}
    except Exception as problem:  # noqa: BLE001 - whatever a template does
        return _told(problem)


def _told(problem: Exception) -> dict[str, Any]:
    """What went wrong, in which file and line; of problems that may quote a cell only the kind."""
    from jinja2 import TemplateError, TemplateSyntaxError

    what = str(problem.message or "") if isinstance(problem, TemplateError) else type(problem).__name__
    if isinstance(problem, TemplateSyntaxError):
        return {"problem": what, "file": problem.filename or problem.name, "line": problem.lineno}
    frames = [frame for frame in traceback.extract_tb(problem.__traceback__) if _is_template(frame.filename)]
    place = {"file": frames[-1].filename, "line": frames[-1].lineno} if frames else {}
    return {"problem": what, **place}


def _is_template(file: str) -> bool:
    return not file.endswith(".py") and not file.startswith("<")

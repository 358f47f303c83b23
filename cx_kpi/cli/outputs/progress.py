"""Progress on stderr: a bar over the steps of a long run; nothing for a short one, or without a terminal."""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cx_kpi.cli.outputs.verbose import Verbose
from cx_kpi.wording.language import Language

PATIENCE = 1.0  # seconds before anything is shown
_OFTEN = 0.1  # seconds between looks

Tell = Callable[[str, int, int], None]


@dataclass
class _Step:
    """What is done now."""

    what: str = ""
    place: int = 0
    of: int = 1

    def __call__(self, what: str, place: int, of: int) -> None:
        """Take note of the step begun."""
        self.what, self.place, self.of = what, place, of


@contextmanager
def progress(language: str = "en", verbose: Verbose | None = None) -> Iterator[Tell]:
    """The function to call at each step, with its name, its number and how many there are.

    With `verbose` each step is a line, and there is no bar.
    """
    if verbose and verbose.on:
        yield verbose
        return
    step = _Step()
    if not _is_watched():
        yield step
        return
    over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(step, over, Language(language)), daemon=True)
    watcher.start()
    try:
        yield step
    finally:
        over.set()
        watcher.join()


def _is_watched() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _watch(step: _Step, over: threading.Event, language: Language) -> None:
    """Show the steps until they are over; they are not slowed by it."""
    if over.wait(PATIENCE):
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from cx_kpi.render.elements.sanitise import clean

    columns = (
        SpinnerColumn(),
        BarColumn(30),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("")
        while not over.wait(_OFTEN):
            bar.update(task, description=clean(language(step.what)), completed=step.place, total=step.of)

"""`--verbose`: what is read and how long each step takes, on stderr."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter

from cx_kpi.model.report import Source
from cx_kpi.wording.language import Language, mark

JUDGING = mark("Judging the figures")
WRITING = mark("Writing")


@dataclass
class Verbose:
    """The steps of a run; silent unless it is `on`. Seconds are those of the wall clock."""

    on: bool
    language: str = "en"
    _step: str = ""
    _begun: float = field(default_factory=perf_counter)

    def __call__(self, what: str, _place: int = 0, _of: int = 1) -> None:
        """End the step before this one, and begin it."""
        now = perf_counter()
        if self._step:
            self._say(f"{now - self._begun:7.2f} s  {Language(self.language)(self._step)}")
        self._step, self._begun = what, now

    def done(self, read: Sequence[Source]) -> None:
        """End the last step, and list what was read of each file."""
        self("")
        if not self.on:
            return
        from cx_kpi.wording.numerals import numerals

        language, count = Language(self.language), numerals(self.language).decimal
        for each in read:
            told = language(
                "{file}: table {table}, preset {preset}, rows {rows}, used {used}, set aside {aside}, filtered {filtered}",
                file=each.path,
                table=each.table or "–",
                preset=each.preset or "–",
                rows=count(each.rows),
                used=count(each.used),
                aside=count(each.set_aside),
                filtered=count(each.filtered),
            )
            self._say(f"{told}, {each.encoding}" if each.encoding else told)

    def configuration(self, path: str | None) -> None:
        """Print which file the settings are from."""
        language = Language(self.language)
        self._say(language("configuration: {file}", file=path) if path else language("no configuration"))

    def _say(self, text: str) -> None:
        from cx_kpi.render.elements.sanitise import clean

        if self.on:
            sys.stderr.write(f"cxkpi: {clean(text)}\n")


def steps_of(language: str, configuration: str | None, *, on: bool) -> Verbose:
    """The steps of a run that goes by this configuration."""
    steps = Verbose(on, language)
    steps.configuration(configuration)
    return steps

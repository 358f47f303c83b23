"""Patterns that are compiled when they are first asked for something: most runs need few of those they load."""

import re
from typing import Any, cast


class _Later:
    """Stands for a pattern, and keeps what it was asked for."""

    def __init__(self, *said: Any) -> None:
        self._said = said

    def __getattr__(self, name: str) -> Any:
        found = self.__dict__[name] = getattr(re.compile(*self._said), name)
        return found


def compiled_later(text: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern that `re.compile` gives."""
    return cast("re.Pattern[str]", _Later(text, flags))

"""Words in the language of the report: gettext catalogues under `locale/`, looked up through one value."""

import gettext
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from cx_kpi.model.frozen import dataclass

DOMAIN = "cxkpi"
LOCALE = Path(__file__).parents[1] / "locale"
LANGUAGES = ("en", "ru")


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALE, [code], fallback=True)


def mark(message: str) -> str:
    """The message itself, marked for the catalogue; it is translated where it is shown."""
    return message


@dataclass(frozen=True)
class Language:
    """A language by its code; calling it translates a message and fills in its `{names}`."""

    code: str = "en"

    @cached_property
    def _catalogue(self) -> gettext.NullTranslations:
        return _catalogue(self.code)

    def __call__(self, message: str, **values: Any) -> str:
        translated = self._catalogue.gettext(message) if message else ""
        return translated.format(**values) if values else translated

    def plural(self, one: str, many: str, n: int, /, **values: Any) -> str:
        """The right plural form for n, with its `{names}` filled in; `{n}` is n itself unless given."""
        return self._catalogue.ngettext(one, many, n).format(**{"n": n, **values})

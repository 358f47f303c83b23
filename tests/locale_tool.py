"""Keeps the catalogues in step with the sources: `python tests/locale_tool.py` collects, updates and compiles.

New messages appear in the .po file without a translation; fill them in and run it again.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
METHODS = [("cx_kpi/**.py", "python"), ("templates/**", "jinja2.ext:babel_extract")]
KEYWORDS = {"_": None, "language": None, "mark": None, "plural": (1, 2)}
OPTIONS = {"templates/**": {"trimmed": "true", "silent": "false"}}
LANGUAGES = ("ru",)
HEADER = "# PROJECT: translations of the messages of cx_kpi/ and templates/."
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)  # a catalogue changes with its messages alone


def extracted() -> Catalog:
    """Every message of the sources and templates, with the files it comes from."""
    catalog = Catalog(project="cxkpi", creation_date=EPOCH, fuzzy=False)
    found = extract_from_dir(ROOT, METHODS, OPTIONS, KEYWORDS, directory_filter=_ours)
    for path, _line, message, _comments, _context in sorted(found, key=lambda each: (each[0], each[1])):
        catalog.add(message, locations=[(path, 0)])
    return catalog


def _ours(folder: str) -> bool:
    return not Path(folder).name.startswith((".", "_")) and Path(folder).name not in {"tests", "sample_data"}


def po_file(language: str) -> Path:
    """Where the translations of a language are."""
    return ROOT / "cx_kpi" / "locale" / language / "LC_MESSAGES" / "cxkpi.po"


def translated(language: str) -> Catalog:
    """The catalogue of a language as it is."""
    path = po_file(language)
    if not path.exists():
        return Catalog(
            locale=language, project="cxkpi", creation_date=EPOCH, revision_date=EPOCH, fuzzy=False
        )
    with path.open("rb") as file:
        return read_po(file, locale=language)


def incomplete(catalog: Catalog) -> list[Message]:
    """The messages without a whole translation."""
    return [each for each in catalog if each.id and (not all(_forms(each)) or each.fuzzy)]


def _forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple | list) else (message.string,)


def mo_file(language: str) -> Path:
    """The catalogue of a language as gettext reads it."""
    return po_file(language).with_suffix(".mo")


def compiled(language: str) -> Catalog:
    """The catalogue of a language as it was compiled."""
    with mo_file(language).open("rb") as file:
        return read_mo(file)


def update(language: str) -> Catalog:
    """Brings one catalogue into step: new messages in, old ones out."""
    catalog = translated(language)
    catalog.update(extracted(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    catalog.header_comment = HEADER
    catalog.last_translator = catalog.language_team = catalog.msgid_bugs_address = "cxkpi"
    path = po_file(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, include_lineno=False, omit_header=False)
    with mo_file(language).open("wb") as file:
        write_mo(file, catalog)
    return catalog


def main() -> int:
    """Updates every catalogue; 1 where translations are missing."""
    missing = [(language, each) for language in LANGUAGES for each in incomplete(update(language))]
    for language, each in missing:
        print(f"{language}: no translation: {each.id!r}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())

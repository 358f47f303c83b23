"""What does not fit into the terminal: how many of what, and which command shows them."""

from collections.abc import Iterator

from rich.text import Text

from cx_kpi.render.terminal.text_columns import broken
from cx_kpi.wording.language import Language


def more(counts: list[str], language: Language, width: int) -> Iterator[Text]:
    """`… and 2 more segments, 30 more metrics; -o report.html shows all`; nothing where there is no count."""
    if counts:
        yield from _line(language("and {what}; -o report.html shows all", what=", ".join(counts)), width)


def listed(what: str, language: Language, width: int) -> Iterator[Text]:
    """`… and 8 more notices; --verbose or -o report.html shows all`: of what the terminal has room for, if asked."""
    yield from _line(language("and {what}; --verbose or -o report.html shows all", what=what), width)


def _line(text: str, width: int) -> Iterator[Text]:
    yield from (Text(line, "dim") for line in broken(f"… {text}", width))

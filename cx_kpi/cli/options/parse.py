"""Words of the command line as values; each raises `UsageProblem` with what would be right."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, cast, get_args

from cx_kpi.model.errors import UsageProblem, nearest
from cx_kpi.model.options import Compare
from cx_kpi.wording.patterns import compiled_later

_SIZE = compiled_later(r"(\d+(?:[.,]\d+)?)\s*([KMGT]?)i?B?", re.IGNORECASE)
_SPAN = ".."
_DAY = compiled_later(r"\d{4}-\d\d-\d\d")
_PERIOD = compiled_later(r"([12]\d{3})(?:-?[Qq]([1-4])|-(\d\d))?")
_MONTHS = 12
_UNITS = ("", "K", "M", "G", "T")
_LARGEST = 1024**5  # bytes


def listed(option: str, text: str | None) -> tuple[str, ...]:
    """`a, b` as its names; none where the option is not given."""
    names = tuple(name.strip() for name in (text or "").split(",") if name.strip())
    if text is not None and not names:
        raise UsageProblem(f"{option} is empty; name something, or leave it out")
    return names


def cuts(texts: Sequence[str] | None) -> tuple[tuple[str, ...], ...] | None:
    """The columns of each `--by`; None where there is none."""
    return tuple(listed("--by", each) for each in texts) if texts else None


def pairs(option: str, texts: Sequence[str]) -> dict[str, str]:
    """`a=b, c=d`, in one text or several, as names and their values."""
    found: dict[str, str] = {}
    for text in texts:
        for pair in listed(option, text):
            name, _, value = (part.strip() for part in pair.partition("="))
            if not name or not value:
                raise UsageProblem(f"{option} {pair!r} is no pair; write it as name=value")
            found[name] = value
    return found


def one_of(option: str, word: str | None, known: Sequence[str]) -> str | None:
    """The word, when it is a known one."""
    if word is not None and word not in known:
        raise UsageProblem(f"{option} {word!r}{nearest(word, known)}")
    return word


def day(option: str, text: str | None) -> date | None:
    """The day written as 2026-03-31."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageProblem(f"{option} {text!r} is no date; write it as 2026-03-31") from None


def window(since: str | None, until: str | None, last: str | None) -> dict[str, Any]:
    """The days of a window, and how long it is, as fields of the options."""
    if since and last:
        raise UsageProblem("--since and --last both say where the window starts; leave one out")
    return {"since": day("--since", since), "until": day("--until", until), "last": last}


def size(option: str, text: str | None) -> int | None:
    """How many bytes `500M` or `20G` are."""
    found = _SIZE.fullmatch(text.strip()) if text is not None else None
    if text is not None and not found:
        raise UsageProblem(f"{option} {text!r} is no size; write it as 500M or 20G")
    if not found:
        return None
    bytes_ = float(found[1].replace(",", ".")) * 1024 ** _UNITS.index(found[2].upper())
    if not 1 <= bytes_ <= _LARGEST:
        raise UsageProblem(f"{option} {text!r} is out of bounds; from 1 byte to 1024T")
    return int(bytes_)


def comparison(word: str | None) -> dict[str, Any]:
    """What to compare with, as options of a run: the span before, that of the year before, or a span by its days."""
    if word and _SPAN in word:
        return {"phase": span("--compare", word)}
    return {"compare": cast("Compare", one_of("--compare", word, get_args(Compare)) or "previous")}


def period(text: str) -> tuple[date, date] | None:
    """`2026`, `2026-Q1`, `2026-03` or `2026-01-01..2026-03-01` as first day and first day after; None where it is none."""
    if _SPAN in text and _DAY.match(text):
        return span("compare", text)
    found = _PERIOD.fullmatch(text)
    if not found:
        return None
    year, quarter, month = (int(part) if part else 0 for part in found.groups())
    first = 3 * quarter - 2 if quarter else month or 1
    if not 1 <= first <= _MONTHS:
        raise UsageProblem(f"compare {text!r} is no month; write it as 2026-03")
    length = 3 if quarter else 1 if month else _MONTHS
    years, rest = divmod(first - 1 + length, _MONTHS)
    return date(year, first, 1), date(year + years, rest + 1, 1)


def span(option: str, text: str) -> tuple[date, date]:
    """`2026-01-01..2026-03-01` as its first day and the first after it."""
    first, _, after = text.partition(_SPAN)
    try:
        return date.fromisoformat(first.strip()), date.fromisoformat(after.strip())
    except ValueError:
        raise UsageProblem(
            f"{option} {text!r} is no span; write its first day and the first after it: 2026-01-01..2026-03-01"
        ) from None

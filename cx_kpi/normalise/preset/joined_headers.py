"""Headers that look like two known ones run together, as where a separator was lost."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from cx_kpi.model.values import Level
from cx_kpi.normalise.preset.presets import generic
from cx_kpi.normalise.vocabulary.headers import squash
from cx_kpi.read.raw.source import Remark

_LEAST = 2  # letters of a name


def weighed(remark: Remark, headers: Iterable[str]) -> Remark:
    """The remark; that rows are wider than the header is a warning where two names can have run together."""
    if remark.code != "short_header" or not any(map(is_joined, headers)):
        return remark
    return replace(remark, level=Level.WARNING)


def is_joined(header: str) -> bool:
    """Whether a header is two known names in one word."""
    return bool(halves(header))


def halves(header: str) -> tuple[str, str] | None:
    """The two known names that a header is made of."""
    if squash(header) in _known():
        return None
    pairs = ((header[:place].strip(), header[place:].strip()) for place in range(_LEAST, len(header)))
    return next(
        (
            (one, other)
            for one, other in pairs
            if {squash(one), squash(other)} <= _known() and len(squash(other)) >= _LEAST
        ),
        None,
    )


@cache
def _known() -> frozenset[str]:
    return frozenset(
        squash(word) for table in generic().tables.values() for words in table.values() for word in words
    )

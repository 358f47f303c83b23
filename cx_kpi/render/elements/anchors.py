"""Names of places on a page: the same from run to run, and harmless whatever the data hold."""

import re
from collections.abc import Mapping
from hashlib import sha256

_OURS = re.compile(r"[a-z0-9_]{1,60}")


def anchor(*parts: str | None) -> str:
    """The parts joined where they are plain words and not long, else a hash."""
    if all(part and _OURS.fullmatch(part) for part in parts):
        return "-".join(filter(None, parts))
    return f"{_first(parts)}-{sha256(repr(parts).encode()).hexdigest()[:8]}"


def segment(by: Mapping[str, str | None]) -> str:
    """`segment-channel-email`."""
    return anchor("segment", *(part for pair in by.items() for part in pair))


def _first(parts: tuple[str | None, ...]) -> str:
    """The first part where others follow: the kind of place."""
    return (parts[0] or "") if len(parts) > 1 else "x"

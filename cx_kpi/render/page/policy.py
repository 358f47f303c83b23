"""The policy in the head of a page: our own style and script by their hashes, and nothing else."""

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256


def policy(styles: Iterable[str], scripts: Iterable[str], pictures: bool = False) -> str:
    """The Content-Security-Policy of a page with these texts inside; `pictures` that it holds as data."""
    rules = {
        "default-src": "'none'",
        "style-src": " ".join(map(_hash, styles)),
        "script-src": " ".join(map(_hash, scripts)),
        "img-src": "data:" if pictures else "",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items() if value)


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"

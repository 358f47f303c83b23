"""Values as TOML; what Python's own library reads, it does not write."""

import json
from collections.abc import Mapping, Sequence
from typing import Any


def text(value: Any) -> str:
    """A value on one line."""
    match value:
        case str():
            return _quoted(value)
        case bool():
            return str(value).lower()
        case Mapping():
            return f"{{ {', '.join(pair(name, each) for name, each in value.items())} }}"
        case Sequence():
            return f"[{', '.join(map(text, value))}]"
        case float() if value == int(value):
            return str(int(value))
        case _:
            return str(value)


def pair(name: str, value: Any) -> str:
    """`name = value`, the name in quotes where it has to be."""
    bare = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return f"{name if bare else _quoted(name)} = {text(value)}"


def _quoted(value: str) -> str:
    written = json.dumps(value.encode("utf-8", "replace").decode(), ensure_ascii=False)
    return "".join(sign if sign.isprintable() else _escaped(sign) for sign in written)


def _escaped(sign: str) -> str:
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"

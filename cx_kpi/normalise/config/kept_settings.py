"""A configuration with what was found added to it: its settings, comments and order stay as they are."""

from collections.abc import Mapping, MutableMapping
from typing import Any

from cx_kpi.model.errors import UsageProblem


def kept(old: str, new: str, path: str, said: Mapping[str, Any]) -> str:
    """The text of the old file with the keys of the new one that it lacks, and the keys that the user `said` now.

    Raises `UsageProblem` where the old file is no TOML.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        found = tomlkit.parse(old)
    except TOMLKitError as problem:
        raise UsageProblem(f"{path}: is no TOML: {problem}; mend it, or name another file with -o") from None
    fresh = tomlkit.parse(new)
    _add(found, fresh)
    for name in said:
        found[name] = fresh[name]
    return tomlkit.dumps(found)


def _add(ours: MutableMapping[str, Any], more: Mapping[str, Any]) -> None:
    """Keys that ours lacks, also inside its tables."""
    for name, value in more.items():
        if name not in ours:
            ours[name] = value
        elif isinstance(value, Mapping) and isinstance(ours[name], MutableMapping):
            _add(ours[name], value)

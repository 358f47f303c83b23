"""Whom `--notify` tells: addresses of services from the environment or a file, for they hold secrets."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from pathlib import Path

from cx_kpi.cli.options.settings import Settings
from cx_kpi.model.errors import UsageProblem, nearest
from cx_kpi.model.frozen import dataclass

_LARGEST = 65_536  # bytes of a file
_MOST = 20  # addresses
_WAYS = ("env:", "file:")


@dataclass(frozen=True, slots=True)
class Addressee:
    """A service by what the user calls it; its address is never shown."""

    name: str
    address: str = field(repr=False)


def addressees(names: Sequence[str], settings: Settings) -> list[Addressee]:
    """The addressees of these names, `env:NAME`, `file:PATH` or those of `[notify]`; raises `UsageProblem`."""
    found = [Addressee(name, each) for name in names for each in _addresses(name, settings)]
    if len(found) > _MOST:
        raise UsageProblem(f"--notify: {len(found)} addresses, and at most {_MOST} are taken")
    return found


def _addresses(name: str, settings: Settings) -> Iterator[str]:
    """Of an error, no part of the text is shown that may be an address."""
    kind, _, place = name.partition(":")
    if f"{kind}:" in _WAYS and place and "://" not in name:
        yield from _kept(f"--notify {name}", kind, Path(place))
    elif ":" in name or "/" in name:
        raise UsageProblem(
            "--notify: an address holds a secret, which a command line shows to others; "
            "put it into the environment or a file: --notify env:NAME or --notify file:PATH"
        )
    else:
        yield from _named(name, settings.config.notify, Path(settings.path or "").parent)


def _named(name: str, known: Mapping[str, str], folder: Path) -> Iterator[str]:
    """The addresses under a name of the configuration, where files lie beside it."""
    if name not in known:
        hint = nearest(name, known) or "; write [notify] into the configuration, or say env:NAME or file:PATH"
        raise UsageProblem(f"--notify: no such name in [notify]{hint}")
    kind, _, place = known[name].partition(":")
    yield from _kept(f"notify.{name}: {known[name]}", kind, folder / place if kind == "file" else Path(place))


def _kept(where: str, kind: str, place: Path) -> list[str]:
    """The addresses that a variable of the environment or a file holds, one or more."""
    found = (os.environ.get(str(place), "") if kind == "env" else _text(where, place)).split()
    if not found:
        lacks = "not set in the environment" if kind == "env" else "holds no address"
        raise UsageProblem(f"{where}: {lacks}; put the address of the service there")
    return found


def _text(where: str, file: Path) -> str:
    try:
        if not file.is_file():
            raise UsageProblem(f"{where}: no such file; put the address of the service there")
        with file.open("rb") as opened:
            return opened.read(_LARGEST).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageProblem(f"{where}: not in UTF-8; save it as UTF-8") from None
    except (OSError, ValueError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else "not a file name"
        raise UsageProblem(f"{where}: cannot be read: {why}; allow reading it") from None

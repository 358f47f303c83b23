"""Reports that the configuration describes, `[report.NAME]`: their keys are the options of a command, declared there."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from inspect import Parameter, signature
from typing import Any, Literal, TypeVar, get_args

from cx_kpi.cli.options.arguments import CONFIGURED
from cx_kpi.model.errors import UsageProblem, nearest
from cx_kpi.model.frozen import dataclass

Kind = Literal["text", "texts", "flag"]
Command = TypeVar("Command", bound=Callable[..., Any])
MOST = 100  # reports
_NAME = re.compile(r"[A-Za-z0-9][\w-]{0,60}", re.ASCII)
_SEVERAL = "[,"  # in what an option takes: several, with commas between them


@dataclass(frozen=True, slots=True)
class Key:
    """A key of such a report: the option it stands for, what it holds and what it does."""

    option: str
    kind: Kind
    help: str
    several: bool = False


KEYS: dict[str, Key] = {}


def in_profiles(*, without: tuple[str, ...]) -> Callable[[Command], Command]:
    """Takes the options of a command for keys, under the names that the configuration has for them."""

    def taken(command: Command) -> Command:
        for name, each in signature(command).parameters.items():
            if name not in without:
                KEYS[CONFIGURED.get(name, name)] = _key(name, each)
        return command

    return taken


def _key(name: str, declared: Parameter) -> Key:
    said, info = get_args(declared.annotation)
    kinds = {said, *get_args(said)}
    kind: Kind = "flag" if bool in kinds else "texts" if list[str] in kinds else "text"
    return Key(name, kind, info.help, several=_SEVERAL in (info.metavar or ""))


def check_profiles(profiles: Mapping[str, Mapping[str, Any]], where: str) -> None:
    """Raises `UsageProblem` for the first that is wrong; `where` is the file it is in."""
    from cx_kpi.normalise.config.config_lines import placed

    if len(profiles) > MOST:
        raise UsageProblem(f"{where}: report: {len(profiles)} in all, and at most {MOST} are taken")
    for name, said in profiles.items():
        if not _NAME.fullmatch(name):
            place = placed(where, ("report", name))
            raise UsageProblem(f"{place}: report.{name}: has to be a name of Latin letters, digits, - and _")
        for key, value in said.items():
            try:
                _value(f"report.{name}.{key}", key, value)
            except UsageProblem as problem:
                raise UsageProblem(f"{placed(where, ('report', name, key))}: {problem}") from None


def options_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """The options that a report, which was checked, says, by their names."""
    return {KEYS[key].option: _value(key, key, value) for key, value in said.items()}


def _value(where: str, key: str, value: Any) -> str | list[str] | bool:
    if key not in KEYS:
        raise UsageProblem(f"{where}: no such key{_hint(key)}")
    known = KEYS[key]
    if known.kind == "flag":
        if not isinstance(value, bool):
            raise UsageProblem(f"{where}: has to be true or false")
        return value
    texts = list(_texts(value))
    if known.kind == "texts" and texts:
        return texts
    if len(texts) == 1 or (known.several and texts):
        return ",".join(texts)
    several = " or a list of them" if known.kind == "texts" or known.several else ""
    raise UsageProblem(f"{where}: has to be a text in quotes{several}")


def _hint(key: str) -> str:
    return f"; did you mean {CONFIGURED[key]}?" if key in CONFIGURED else nearest(key, KEYS)


def _texts(value: Any) -> Iterator[str]:
    """The texts in a value, numbers and dates as they are written; none where it is something else."""
    every = value if isinstance(value, list) else [value]
    if all(isinstance(each, str | int | date) and not isinstance(each, bool) for each in every):
        yield from (str(each) for each in every)

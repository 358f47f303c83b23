"""Reading `cxkpi.toml`: every problem is one line with where it is and what would be right."""

from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cx_kpi.model.errors import UsageProblem, nearest
from cx_kpi.model.options import (
    CalendarRule,
    Column,
    ComplaintRule,
    Config,
    Costs,
    Heading,
    Mail,
    OwnMetric,
    Question,
    TableConfig,
    TargetRule,
)
from cx_kpi.model.schema import TABLES
from cx_kpi.normalise.config.config_bounds import DEEPEST, line_too_deep
from cx_kpi.normalise.config.config_checks import problems
from cx_kpi.normalise.config.config_lines import LARGEST, PROJECT, placed

if TYPE_CHECKING:
    from pydantic import TypeAdapter
    from pydantic_core import ErrorDetails

NAME = "cxkpi.toml"
_BRANCHES = ("str", "list[str]", "Column", "float", "int", "bool")  # tags of a union, no keys of the file
_PROFILES = "profiles"
_SECTIONS: dict[str, Any] = {
    **dict.fromkeys(TABLES, TableConfig),
    "columns": Column,
    "questions": Question,
    "target": TargetRule,
    "metric": OwnMetric,
    "calendar": CalendarRule,
    "complaints": ComplaintRule,
    "costs": Costs,
    "report": Heading,
    "mail": Mail,
}
_TYPES = {
    "dataclass_type": "has to be a table",
    "dict_type": "has to be a table",
    "bool_parsing": "has to be true or false",
    "bool_type": "has to be true or false",
    "float_parsing": "has to be a number",
    "float_type": "has to be a number or a text",
    "int_parsing": "has to be a whole number",
    "string_type": "has to be a text in quotes",
    "list_type": "has to be a list",
}
_FORMS = {"columns": 'has to be a header, a list of headers, or { column = "…", … }'}


def read_config(path: str | None) -> Config:
    """The configuration in a file, or in `cxkpi.toml` of the working folder where there is one.

    Of a `pyproject.toml`, the table `[tool.cxkpi]` counts. Raises `UsageProblem` for a file that cannot be read, an unknown key or a wrong value.
    """
    file = Path(path or NAME)
    if path is None and not file.exists():
        return Config()
    data, name = _parsed(_text(file), str(path or NAME)), str(path or NAME)
    if file.name == PROJECT:
        return config_of(_ours(data, name), name, ", [tool.cxkpi]")
    return config_of(data, name)


def config_of(data: dict[str, Any], name: str, within: str = "") -> Config:
    """The configuration of these plain values, called `name` in what is wrong, with the line where it is a file.

    `within` is the table of the file that they are in, in words. Raises `UsageProblem`.
    """
    config = _checked(data, name, within)
    for problem in problems(config):
        raise UsageProblem(f"{placed(name, problem.partition(':')[0].split('.'))}{within}: {problem}")
    return config


def is_configured(project: Path) -> bool:
    """Whether this `pyproject.toml` has a table for us; any other is ignored."""
    if not project.is_file():
        return False
    text = _text(project)
    return "cxkpi" in text and "cxkpi" in _tools(_parsed(text, str(project)))


def _ours(data: dict[str, Any], name: str) -> dict[str, Any]:
    section = _tools(data).get("cxkpi")
    if not isinstance(section, dict):
        raise UsageProblem(f"{name}: has no table [tool.cxkpi]; add it, or name a cxkpi.toml")
    return section


def _tools(data: dict[str, Any]) -> dict[str, Any]:
    tools = data.get("tool")
    return tools if isinstance(tools, dict) else {}


def _text(file: Path) -> str:
    if not file.is_file():
        raise UsageProblem(f"{file}: no such file; write one with cxkpi init, or leave out --config")
    try:
        if file.stat().st_size > LARGEST:
            raise UsageProblem(f"{file}: larger than 1 MB, which is no configuration; name another file")
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UsageProblem(f"{file}: not in UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise UsageProblem(f"{file}: cannot be read: {error.strerror}; allow reading it") from None


def _parsed(text: str, name: str) -> dict[str, Any]:
    import tomllib

    if line := line_too_deep(text):
        raise UsageProblem(
            f"{name}:{line}: a key of over {DEEPEST} parts, which none of ours has; correct that line"
        )
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageProblem(f"{name}: not TOML: {str(error).splitlines()[0]}; correct that line") from None
    except ValueError:  # which the reader lets through for a number of thousands of digits
        raise UsageProblem(f"{name}: not TOML: a number or date that is none; correct it") from None
    except RecursionError:
        raise UsageProblem(f"{name}: nested too deeply; keep to tables and lists of plain values") from None


@cache
def _shape() -> "TypeAdapter[Config]":
    from pydantic import TypeAdapter

    return TypeAdapter(Config)


def _checked(data: dict[str, Any], name: str, within: str) -> Config:
    from pydantic import ValidationError

    try:
        return _shape().validate_python(_profiles_apart(data))
    except ValidationError as error:
        found = min(error.errors(include_url=False, include_context=False), key=_weight)
        raise UsageProblem(f"{placed(name, _key(found))}{within}: {_words(found)}") from None


def _profiles_apart(data: dict[str, Any]) -> dict[str, Any]:
    """The tables in `[report]` are reports by their names, whatever these are."""
    said = data.get("report")
    if not isinstance(said, dict):
        return data
    own = {each.name for each in fields(Heading)} - {_PROFILES}
    apart = {name: each for name, each in said.items() if isinstance(each, dict) and name not in own}
    rest = {name: each for name, each in said.items() if name not in apart}
    return data | {"report": rest | ({_PROFILES: apart} if apart else {})}


def _weight(error: "ErrorDetails") -> int:
    """Unknown and missing keys go before the branches of a union that they are in."""
    return {"unexpected_keyword_argument": 0, "missing": 1}.get(error["type"], 2) if _in_table(error) else 3


def _in_table(error: "ErrorDetails") -> bool:
    """Whether the value is a table where one was expected, or no union at all."""
    return not any(tag in error["loc"] for tag in ("str", "list[str]"))


def _key(error: "ErrorDetails") -> list[str | int]:
    """The key that an error is about, as `placed` takes it."""
    return [part for part in error["loc"] if part not in _BRANCHES]


def _words(error: "ErrorDetails") -> str:
    place = [str(part) for part in _key(error) if not isinstance(part, int)]
    where = ".".join(place)
    if error["type"] == "unexpected_keyword_argument":
        return f"{where}: no such key{nearest(place[-1], _known(place))}"
    if error["type"] == "missing":
        return f"{'.'.join(place[:-1])}: {place[-1]} is missing; add it"
    if error["type"] == "list_type" and where in _SECTIONS:
        return f"{where}: there may be several; write [[{where}]]"
    form = _FORMS.get(place[1]) if len(place) == 3 else _TYPES.get(error["type"])
    return f"{where}: {form or error['msg'].replace('Input should be', 'has to be')}"


def _known(place: list[str]) -> list[str]:
    """The known keys at the place of an unknown one."""
    section = next((part for part in reversed(place[:-1]) if part in _SECTIONS), None)
    known = fields(_SECTIONS[section] if section else Config)
    return [each.name for each in known if each.name != _PROFILES]

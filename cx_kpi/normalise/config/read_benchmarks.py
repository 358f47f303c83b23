"""Figures of other studies, from a TOML file of the user's: none come with the package."""

from pathlib import Path
from typing import TYPE_CHECKING

from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.options import Study

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

NEEDED = "metric, unit, value, definition, year and source"


def read_benchmarks(path: str) -> tuple[Study, ...]:
    """The studies in a file, `[[benchmark]]` each; raises `UsageProblem`."""
    import tomllib

    from pydantic import TypeAdapter, ValidationError

    try:
        data = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise UsageProblem(f"{path}: {problem.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise UsageProblem(f"{path}: no TOML: {problem}") from None
    try:
        found: dict[str, list[Study]] = TypeAdapter(dict[str, list[Study]]).validate_python(data)
    except ValidationError as problem:
        raise UsageProblem(f"{path}: {_said(problem.errors()[0])}; each needs {NEEDED}") from None
    if found.keys() - {"benchmark"}:
        raise UsageProblem(f"{path}: {min(found.keys() - {'benchmark'})}: write [[benchmark]]")
    return tuple(found.get("benchmark", ()))


def _said(error: "ErrorDetails") -> str:
    place = [each + 1 if isinstance(each, int) else each for each in error["loc"]]
    return f"{' '.join(map(str, place))}: {error['msg'].lower()}"

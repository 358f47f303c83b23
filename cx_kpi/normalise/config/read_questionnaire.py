"""The stages and statements of a self-check, from a TOML file: ours, or one of the user's."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import ClassVar

from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Lang

OURS = Path(__file__).parents[2] / "questionnaire" / "self_check.toml"
Said = str | dict[Lang, str]


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the customer's journey, and what may be true of it."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}
    name: Said
    statements: list[Said] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _File:
    """The whole file: its stages, and the statements of any other stage."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}
    stage: list[Stage]
    any: list[Said] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Statement:
    """One line of the questionnaire: a stage, as customers are asked about it, and what may be true of it."""

    stage: str
    text: str


def questionnaire(path: str | None, language: Lang, stages: Sequence[str] = ()) -> list[Statement]:
    """The statements in a language, of the stages named, else of all in the file; raises `UsageProblem`."""
    file = _read(Path(path) if path else OURS)
    asked = _named(file, language, stages) or [(_in(each.name, language), each) for each in file.stage]
    found = [
        Statement(name, _in(text, language))
        for name, stage in asked
        for text in (stage.statements if stage else ()) or file.any
    ]
    if not found:
        raise UsageProblem(f"{path or OURS.name}: no statement to ask about; write one under [[stage]]")
    return found


def _named(file: _File, language: Lang, stages: Sequence[str]) -> list[tuple[str, Stage | None]]:
    """The stages of these names, each with its entry in the file."""
    known = {
        _in(each.name, other).casefold(): each for each in file.stage for other in ("en", "ru", language)
    }
    return [(name, known.get(name.casefold())) for name in stages]


def _in(said: Said, language: str) -> str:
    """The text in a language, else in any."""
    if isinstance(said, Mapping):
        return said.get(language) or next(iter(said.values()), "")  # type: ignore[call-overload]
    return said


def _read(path: Path) -> _File:
    import tomllib

    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(_File).validate_python(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as problem:
        raise UsageProblem(f"{path}: {problem.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise UsageProblem(f"{path}: no TOML: {problem}") from None
    except ValidationError as problem:
        place = ".".join(str(each) for each in problem.errors()[0]["loc"])
        raise UsageProblem(
            f"{path}: {place}: write [[stage]] with a name and statements, as in the file that cxkpi brings"
        ) from None

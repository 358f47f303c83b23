"""Commands whose words are taken as they were typed.

Typer checks every text with pydantic, whose start takes a tenth of a report on few rows; we check them later, in words
of ours.
"""

from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from typer import Context

_KINDS = (str, list[str], bool)


class _Plain:
    """What has parameters that are texts, lists of texts and switches."""

    def get_params(self, ctx: "Context") -> list[Any]:
        """The parameters, and --help."""
        found: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for parameter in found:
            told = getattr(parameter, "type_descriptor", None)  # of releases that ask pydantic
            if told and told.annotation in _KINDS:
                parameter._runtime_param = _AS_TYPED  # noqa: SLF001
        return found


class PlainCommand(_Plain, TyperCommand):  # type: ignore[misc]
    """One command."""


class PlainGroup(_Plain, TyperGroup):  # type: ignore[misc]
    """All commands, and what may stand before them."""


class _AsTyped:
    """What typer asks for the value of a parameter."""

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ARG002
        """The words themselves; where several may come, a tuple even of none."""
        several = param.multiple or param.nargs == -1
        return () if value is None and several else value


_AS_TYPED = _AsTyped()

"""Where a user's templates come from: one file, or one folder and nothing outside it; ours for the rest."""

from collections.abc import Callable
from pathlib import Path

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, TemplateNotFound
from jinja2.loaders import split_template_path

from cx_kpi.model.assets import folder
from cx_kpi.render.templating.user import kind

LARGEST = 1_000_000  # bytes of a template
OURS = "cxkpi"  # `cxkpi/report.html` is ours, whatever the user has
SUFFIX = ".j2"
Source = tuple[str, str | None, Callable[[], bool] | None]


def loader(own: str) -> BaseLoader:
    """Templates of the file or folder `own`, then ours."""
    ours = FileSystemLoader(folder("templates"))
    return ChoiceLoader([Own(Path(own)), PrefixLoader({OURS: ours}), ours])


class Own(BaseLoader):
    """Templates of a folder, by their names in it, `.j2` or not; or one file in the place of the whole report."""

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()

    def get_source(self, environment: Environment, template: str) -> Source:  # noqa: ARG002
        """The text and the path of a template; raises `TemplateNotFound`."""
        file = self._file(template, split_template_path(template))
        if file is None or not file.is_file() or file.stat().st_size > LARGEST:
            raise TemplateNotFound(template)
        return file.read_text(encoding="utf-8"), str(file), lambda: True

    def _file(self, name: str, parts: list[str]) -> Path | None:
        if self._path.is_file():
            return self._path if name == f"report.{kind(self._path)}" else None
        named = self._path.joinpath(*parts)
        found = [path.resolve() for path in (named, named.with_name(named.name + SUFFIX)) if path.is_file()]
        return next((path for path in found if path.is_relative_to(self._path)), None)

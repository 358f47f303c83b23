"""What templates are given: the view as plain dicts, lists and strings, and a sandbox to run them in."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from cx_kpi.model.assets import folder
from cx_kpi.model.frozen import as_dict
from cx_kpi.render.elements.anchors import anchor
from cx_kpi.render.elements.report_view import Cut, Group, Row, Table, View, filled, turned
from cx_kpi.render.elements.spark import blocks, lines, stripe
from cx_kpi.wording.language import Language

if TYPE_CHECKING:
    from jinja2 import BaseLoader
    from jinja2.sandbox import ImmutableSandboxedEnvironment

BROAD = 8  # more columns than this, and a table is turned on its side
_NAME = re.compile(r"\{(\w+)\}")
_OPTIONS = {
    "autoescape": True,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
    "optimized": False,  # nothing of a template is worked out while it is only compiled
}


def context(view: View) -> dict[str, Any]:
    """The view for a template; broad tables turned, histories drawn."""
    groups = [_group(group) for group in view.groups]
    themes = [{"title": theme.title, "rows": [_row(row) for row in theme.rows]} for theme in view.themes]
    rest = as_dict(replace(view, groups=[], themes=[], cuts=[]))
    return rest | {"groups": groups, "themes": themes, "cuts": [_cut(cut) for cut in view.cuts]}


def _group(group: Group) -> dict[str, Any]:
    periods = as_dict(readable(group.periods)) if group.periods else None
    rows = [_row(row) for row in group.rows]
    rest = as_dict(replace(group, rows=[], periods=None))
    return rest | {"anchor": anchor("group", group.id), "rows": rows, "periods": periods}


def _row(row: Row) -> dict[str, Any]:
    drawn = lines(row.history)
    x, y = drawn[-1].split()[-1].split(",") if drawn and row.history[-1] is not None else ("", "")
    band = stripe(row.history, *row.band) if row.band else {}
    drawing = {"lines": drawn, "last": {"x": x, "y": y}, "blocks": blocks(row.history), "stripe": band}
    return as_dict(row) | {"anchor": anchor(row.id)} | drawing


def _cut(cut: Cut) -> dict[str, Any]:
    return as_dict(replace(cut, tables=[])) | {"tables": [as_dict(readable(table)) for table in cut.tables]}


def readable(table: Table) -> Table:
    """The table without empty columns, on its side where it is broad."""
    table = filled(table)
    return turned(table) if len(table.heads) > BROAD + 1 else table


def environment(
    language: Language, finalize: Callable[[Any], Any] | None = None, loader: "BaseLoader | None" = None
) -> "ImmutableSandboxedEnvironment":
    """A sandbox over a loader, else the folder of our templates: a name they do not know is an error."""
    return _sandbox(language, finalize, loader) if loader else _ours(language, finalize)


@cache
def _ours(language: Language, finalize: Callable[[Any], Any] | None) -> "ImmutableSandboxedEnvironment":
    """Our templates, compiled once for all pages of a process, and kept for other processes where that is allowed."""
    from jinja2 import FileSystemLoader

    from cx_kpi.render.templating.compiled_templates import kept_in

    ours = folder("templates")
    sandbox = _sandbox(language, finalize, FileSystemLoader(ours))
    sandbox.bytecode_cache = kept_in(ours, finalize, _OPTIONS)
    return sandbox


def _sandbox(
    language: Language, finalize: Callable[[Any], Any] | None, loader: "BaseLoader"
) -> "ImmutableSandboxedEnvironment":
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    sandbox = ImmutableSandboxedEnvironment(
        loader=loader, finalize=finalize, undefined=StrictUndefined, **_OPTIONS
    )
    sandbox.globals = {"_": _translator(language)}
    return sandbox


def _translator(language: Language) -> Callable[..., str]:
    """A message in the language, its `{names}` filled in; unlike `format`, it looks into no value."""

    def translate(message: str, **values: Any) -> str:
        return _NAME.sub(lambda found: str(values.get(found[1], found[0])), language(str(message)))

    return translate

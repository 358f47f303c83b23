"""`cxkpi store`: exports kept together, each read from its own format once."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cx_kpi.cli.options import arguments
from cx_kpi.cli.options.parse import one_of, size
from cx_kpi.cli.options.settings import inputs, read_settings, run_options
from cx_kpi.cli.options.table_options import NO_TABLES, Tables, with_tables
from cx_kpi.model.errors import Exit, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cx_kpi.read.store.manifest import Manifest, StoredFile
    from cx_kpi.store.changing import Change
    from cx_kpi.wording.language import Language

ACTIONS = ("add", "list", "drop")


@with_tables
def store(
    action: Annotated[
        str,
        typer.Argument(metavar="ACTION", help="add exports, list what is there, or drop what was added."),
    ],
    name: Annotated[str, typer.Argument(metavar="STORE", help="The folder of the store; add makes it.")],
    files: arguments.Files = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Take out what was added before under the names of these files."),
    ] = False,
    config: arguments.Configuration = None,
    lang: arguments.Language = None,
    tables: Tables = NO_TABLES,
    allow_remote: arguments.AllowRemote = False,
    max_size: arguments.MaxSize = None,
    quiet: arguments.Quiet = False,
) -> int:
    """Keep exports in one place that every command reads.

    Such as: cxkpi store add desk.store exports/
    """
    from cx_kpi.cli.outputs.progress import progress
    from cx_kpi.store import changing
    from cx_kpi.wording.language import Language

    said = locals()
    asked = one_of("ACTION", action, ACTIONS)
    if replace and asked != "add":
        raise UsageProblem(f"store {asked}: --replace is for store add; leave it out")
    paths = [] if asked == "list" else inputs(f"store {asked} {name}", files, tables)
    options = run_options(
        files if asked == "add" else (),
        tables,
        read_settings(config, files or ()),
        tz=None,
        source_tz=None,
        lang=lang,
        allow_remote=allow_remote,
        max_size=size("--max-size", max_size),
    )
    language, folder = Language(options.language), Path(name)
    if asked == "list":
        _put(_listed(_held(folder), language))
        return Exit.DONE
    _take(folder, new=asked == "add")
    with progress(options.language) as tell:
        done = (
            changing.add(folder, options, tell, instead=replace)
            if asked == "add"
            else changing.drop(folder, paths)
        )
    if not quiet:
        _put(_told(done, language, dropped=asked == "drop"))
    return Exit.DONE


def _held(folder: Path) -> "Manifest":
    """What the store holds; raises `CxkpiError`."""
    from cx_kpi.read.store.manifest import is_store, read_manifest

    if not is_store(folder):
        raise UsageProblem(f"{folder}: no store; make one: cxkpi store add {folder} FILES")
    return read_manifest(folder)


def _take(folder: Path, *, new: bool) -> None:
    """No other run may be at work on the store; raises `CxkpiError`."""
    from cx_kpi.cli.outputs.overlap import hold
    from cx_kpi.read.store.manifest import NAME
    from cx_kpi.store.changing import make

    if new:
        make(folder)
    else:
        _held(folder)
    hold([str(folder / NAME)])


def _told(done: "Change", language: "Language", *, dropped: bool) -> list[str]:
    """What was done, and what the store holds now."""
    lines = [f"{'-' if dropped else '+'} {each}" for each in _lines(done.files, language)]
    lines += [language("= {file}: in the store already", file=each) for each in done.known]
    lines += [language("? {file}: left out, no table of ours", file=each) for each in done.left]
    return [*lines, _whole(done.manifest, language)]


def _listed(held: "Manifest", language: "Language") -> list[str]:
    return [*_lines([*held.files], language), _whole(held, language)]


def _lines(files: "Sequence[StoredFile]", language: "Language") -> list[str]:
    """Each file with its table and rows."""
    from cx_kpi.render.elements.labels import TABLE

    return [
        f"{each.path}: {language(TABLE[each.table])}, {_rows(each.rows, language)}"
        if each.table
        else f"{each.path}: {_rows(each.rows, language)}"
        for each in files
    ]


def _rows(rows: int, language: "Language") -> str:
    from cx_kpi.wording.numerals import numerals

    return language.plural("{n} row", "{n} rows", rows, n=numerals(language.code).decimal(rows))


def _whole(held: "Manifest", language: "Language") -> str:
    """What all files of the store come to."""
    files = [*held.files]
    count = language.plural("{n} file", "{n} files", len(files))
    return language(
        "In the store: {files}, {rows}.",
        files=count,
        rows=_rows(sum(each.rows for each in files), language),
    )


def _put(lines: "Sequence[str]") -> None:
    from cx_kpi.cli.outputs.output import put
    from cx_kpi.render.elements.sanitise import clean

    put("".join(f"{clean(each)}\n" for each in lines), "table")

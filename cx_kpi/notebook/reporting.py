"""`cx_kpi.report(…)`: the options of `cxkpi report` in Python's own types."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from os import PathLike, fspath
from typing import Any, cast, get_args

from cx_kpi import api
from cx_kpi.cli.options.parse import comparison, listed, one_of, window
from cx_kpi.cli.options.settings import Settings, read_settings, run_options
from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.options import Config, Grain, Lang
from cx_kpi.normalise.config.read_config import config_of
from cx_kpi.notebook.given_inputs import Inputs, given_inputs
from cx_kpi.notebook.report_object import Report

Texts = str | Sequence[str]
Day = date | str | None


@contextmanager
def _as_python() -> Iterator[None]:
    """What is wrong is named as in Python, not as on the command line."""
    try:
        yield
    except UsageProblem as problem:
        raise UsageProblem(str(problem).removeprefix("--")) from None


@_as_python()
def report(
    data: Any,
    *,
    by: str | Sequence[Texts] | None = None,
    metrics: Texts = (),
    period: Grain | None = None,
    since: Day = None,
    until: Day = None,
    last: str | None = None,
    compare: str = "previous",
    as_of: datetime | str | None = None,
    where: str | None = None,
    cohort: Mapping[str, str] | None = None,
    tz: str | None = None,
    source_tz: str | None = None,
    dayfirst: bool | None = None,
    lang: Lang | None = None,
    config: str | PathLike[str] | Mapping[str, Any] | Config | None = None,
    show_values: bool = False,
    allow_remote: bool = False,
) -> Report:
    """The report on exports: paths, folders, or tables of polars, pandas or Arrow; one, a list, or by table.

    `by` is a column, or a list of columns and of tuples of columns; `metrics` an id or several. The other options are
    those of `cxkpi report`. `config` is a file, a dict of what `cxkpi.toml` holds, or the one in use here. Raises
    `CxkpiError`: `UsageProblem` for what was asked, `InputProblem` for what was to be read.
    """
    found = data if isinstance(data, Inputs) else given_inputs(data)
    settings = _settings(config, found.paths)
    options = run_options(
        found.paths,
        found.tables,
        settings,
        tz=tz,
        source_tz=source_tz,
        dayfirst=dayfirst,
        lang=lang,
        cohort=cohort,
        by=_cuts(by),
        metrics=_texts("metrics", metrics),
        period=one_of("period", period, get_args(Grain)),
        **window(_day(since), _day(until), last),
        **comparison(compare),
        as_of=as_of.isoformat() if isinstance(as_of, datetime) else as_of,
        where=where,
        show_values=show_values,
        allow_remote=allow_remote,
    )
    given = tuple(found.frames)
    keep = ("tickets",) if options.config.report.ticket_link and not found.spread else ()
    done = api.run(options, keep=keep, given=given, spread=found.spread)
    api.refuse_unusable(done)
    api.refuse_ruins(done)
    return Report(api.told(done), options, settings, given)


def _settings(config: Any, paths: Sequence[str]) -> Settings:
    """The configuration: a file, plain values, or the one in use here."""
    if isinstance(config, Config):
        return Settings(config)
    if isinstance(config, Mapping):
        return Settings(config_of(dict(config), "config"))
    if config is not None and not isinstance(config, str | PathLike):
        raise UsageProblem(f"config: {type(config).__name__} is none; give a file or a dict")
    return read_settings(fspath(config) if config is not None else None, paths)


def _cuts(by: Any) -> tuple[tuple[str, ...], ...] | None:
    """`channel`, `channel,product`, or a list of these and of tuples of columns."""
    if by is None:
        return None
    return tuple(_texts("by", each) for each in ([by] if isinstance(by, str) else _listed("by", by)))


def _texts(name: str, said: Any) -> tuple[str, ...]:
    """A text, or several: `a,b` is both."""
    if isinstance(said, str):
        return listed(name, said)
    return tuple(cast("str", each) for each in _listed(name, said))


def _listed(name: str, said: Any) -> Iterator[Any]:
    """The members of a list; raises `UsageProblem` for what is none, or holds what is no text."""
    if not isinstance(said, list | tuple):
        raise UsageProblem(f"{name}: {said!r} is no text and no list of texts")
    for each in said:
        if not isinstance(each, str) and not (name == "by" and isinstance(each, tuple | list)):
            raise UsageProblem(f"{name}: {each!r} is no text")
        yield each


def _day(said: Any) -> str | None:
    if isinstance(said, datetime):
        return said.date().isoformat()
    return said.isoformat() if isinstance(said, date) else said

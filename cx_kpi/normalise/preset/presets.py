"""Presets: one TOML file per product, and `generic` for everybody else. A new one needs no Python."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, fields
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from cx_kpi.model.assets import beginnings, toml
from cx_kpi.model.errors import UsageProblem, nearest
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Column, Question, TableConfig
from cx_kpi.model.schema import TABLES
from cx_kpi.normalise.preset.log_folding import Fold, read_fold
from cx_kpi.normalise.preset.table_checks import table_problems
from cx_kpi.normalise.vocabulary.dictionaries import PRESETS, rules_elsewhere
from cx_kpi.normalise.vocabulary.headers import Headers, headers_of
from cx_kpi.normalise.vocabulary.installed_points import installed
from cx_kpi.normalise.vocabulary.rules import Values

GENERIC = "generic"
LARGEST = 1_000_000  # characters


@dataclass(frozen=True, slots=True)
class Make:
    """A column made of others before anything is read: their cells joined by a space, or a part of that."""

    name: str
    of: list[str]
    pattern: str | None = None  # its first group is kept
    without: str | None = None  # a pattern of what is left out


@dataclass(frozen=True, slots=True)
class Drop:
    """Rows that are no records at all, such as previews: by a word in a column, or by any other than these."""

    column: str
    words: list[str] = field(default_factory=list)  # the empty word is an empty cell
    other_than: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Preset:
    """What one product calls things."""

    name: str
    title: str
    table: str
    grade: str
    source: str
    signature: list[list[str]]  # any of these sets of headers gives it away
    columns: Mapping[str, Column] = field(default_factory=dict)
    values: Mapping[str, Values] = field(default_factory=dict)
    leave: tuple[str, ...] = ()  # headers whose words mislead
    business: frozenset[str] = frozenset()
    lacks: tuple[str, ...] = ()  # headers that would make it something else
    refuse: str = ""  # why such a file cannot be used
    note: Mapping[str, str] = field(default_factory=dict)  # by language: what its figures do not tell
    dashboard: Mapping[str, str] = field(
        default_factory=dict
    )  # by metric: the rule of `reconcile` by which the product itself counts; `source` is where it says so
    questions: tuple[Question, ...] = ()
    layouts: tuple[list[str], ...] = ()  # the columns of files without a header
    shape: Mapping[str, str] = field(
        default_factory=dict
    )  # by column: the pattern its cells have in such files
    make: tuple[Make, ...] = ()
    drop: tuple[Drop, ...] = ()
    fold: Fold | None = None
    events: Mapping[str, Column] = field(
        default_factory=dict
    )  # of a log of tickets that is folded: its events

    def marks(self, headers: Headers) -> int:
        """How many headers of its best signature are there; 0 where none is complete."""
        if any(map(headers.has, self.lacks)):
            return 0
        return max((len(marks) for marks in self.signature if headers.has_all(marks)), default=0)


@dataclass(frozen=True, slots=True)
class Generic:
    """Header words of any export: by table and field, and survey columns that name their kind."""

    tables: Mapping[str, Mapping[str, list[str]]]
    kinds: Mapping[str, list[str]]
    present: Mapping[str, Mapping[str, list[str]]]  # columns of which only whether a cell is filled counts


def _load(name: str) -> dict[str, Any]:
    return toml(PRESETS / f"{name}.toml")


def product(headers: Headers, own: Sequence[str] = ()) -> Preset | None:
    """The product whose export has these headers, by the largest signature that is complete; `own`: see `presets`."""
    ours = _ours(headers.texts)
    best = max((*_of_others(own), ours), key=lambda each: each.marks(headers))
    if not best.marks(headers):
        return None
    return _whole(best.name) if best is ours else best


@lru_cache(maxsize=64)
def _ours(texts: tuple[str, ...]) -> Preset:
    """The one of ours that finds most of its headers: each file is asked several times."""
    headers = headers_of(texts)
    return max(_beginnings(), key=lambda each: each.marks(headers))


def _column(said: str | list[str] | dict[str, Any]) -> Column:
    return Column(**said) if isinstance(said, dict) else Column(said)


@cache
def generic() -> Generic:
    """The words of `generic.toml`."""
    tables = _load(GENERIC)
    return Generic(kinds=tables.pop("kinds"), present=tables.pop("present"), tables=tables)


def presets(own: Sequence[str] = ()) -> tuple[Preset, ...]:
    """Every product known: those of the user's own files, those of installed packages, and ours by name.

    Raises `UsageProblem` for a file of the user's that cannot be used.
    """
    return (*_of_others(own), *(_whole(each.name) for each in _beginnings()))


def known(own: Sequence[str] = ()) -> tuple[Preset, ...]:
    """The same, of ours only what stands before the tables: enough to know a product by, read in a fifth of the time."""
    return (*_of_others(own), *_beginnings())


def _of_others(own: Sequence[str]) -> tuple[Preset, ...]:
    return (*map(read_preset, own), *map(read_preset, installed_presets()))


@cache
def _whole(name: str) -> Preset:
    return _preset(name, _load(name))


@cache
def _beginnings() -> tuple[Preset, ...]:
    ours = sorted(path for path in PRESETS.glob("*.toml") if path.stem != GENERIC)
    return tuple(_preset(name, said) for name, said in beginnings(PRESETS, ours).items())


@cache
def installed_presets() -> tuple[str, ...]:
    """The files of presets in installed packages, by the entry points `cxkpi.presets`, each the path of one."""
    return tuple(str(point.load()) for point in installed("cxkpi.presets"))


def read_preset(path: str) -> Preset:
    """The preset in a file that is none of ours; raises `UsageProblem`."""
    file = Path(path)
    if not file.is_file():
        raise UsageProblem(f"preset {path}: no such file; write its name as it lies beside the configuration")
    found = file.stat()
    return _read_preset(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=64)
def _read_preset(path: str, _changed: int, _size: int) -> Preset:
    import tomllib

    try:
        text = Path(path).read_text(encoding="utf-8-sig")
        data = tomllib.loads(text) if len(text) <= LARGEST else None
    except (OSError, ValueError, RecursionError) as problem:  # not TOML is a ValueError, not UTF-8 is one too
        raise UsageProblem(f"preset {path}: cannot be read: {str(problem).splitlines()[0]}") from None
    if data is None:
        raise UsageProblem(f"preset {path}: larger than 1 MB, which is no preset")
    stem = Path(path).stem
    return checked(_preset(stem, {"title": stem, "grade": "own", "source": "own", **data}))


def checked(preset: Preset) -> Preset:
    """The preset; raises `UsageProblem` for what would be wrong in a configuration, too. Ours are checked by a test."""
    for problem in _problems(preset):
        raise UsageProblem(f"preset {preset.name}: {problem}")
    return preset


def _preset(name: str, data: dict[str, Any]) -> Preset:
    """What a file says; raises `UsageProblem` for words that no preset has."""
    known = [each.name for each in fields(Preset) if each.name != "name"]
    for key in data:
        if key not in known:
            raise UsageProblem(f"preset {name}: {key}: no such key{nearest(key, known)}")
    for key in ("table", "signature"):
        if key not in data:
            raise UsageProblem(f"preset {name}: {key} is missing; add it")
    try:
        read = {key: _READERS[key](said) if key in _READERS else said for key, said in data.items()}
        return Preset(name=name, **read)
    except (TypeError, KeyError, AttributeError) as slip:
        raise UsageProblem(f"preset {name}: {slip}") from None


def _is_signature(said: Any) -> bool:
    return isinstance(said, list) and all(
        isinstance(each, list) and each and all(isinstance(name, str) for name in each) for each in said
    )


def _wrong_rules(dashboard: Mapping[str, str]) -> Iterator[str]:
    """Rules of the product's own dashboard that `reconcile` does not know, or that say no source."""
    rules = rules_elsewhere() if dashboard else {}
    if dashboard and not dashboard.get("source"):
        yield "dashboard: source is missing; add where the product says so"
    for metric, title in dashboard.items():
        titles = [rule["title"]["en"] for rule in rules.get(metric, ())]
        if metric != "source" and title not in titles:
            yield f"dashboard.{metric}: no such rule{nearest(title, titles)}"


def _problems(preset: Preset) -> Iterator[str]:
    if preset.table not in TABLES:
        yield f"table: no table {preset.table}{nearest(preset.table, TABLES)}"
        return
    if not _is_signature(preset.signature):
        yield 'signature: lists of headers, any of which gives the file away, such as [["Case no", "Opened"]]'
    yield from _wrong_rules(preset.dashboard)
    values = {name: dict(words) for name, words in preset.values.items()}
    said = TableConfig(dict(preset.columns), values, list(preset.questions))
    yield from table_problems(preset.table, said)
    yield from table_problems("ticket_events", TableConfig(dict(preset.events)))


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "columns": lambda said: {name: _column(each) for name, each in said.items()},
    "events": lambda said: {name: _column(each) for name, each in said.items()},
    "leave": tuple,
    "lacks": tuple,
    "business": frozenset,
    "layouts": tuple,
    "questions": lambda said: tuple(Question(**each) for each in said),
    "make": lambda said: tuple(Make(**each) for each in said),
    "drop": lambda said: tuple(Drop(**each) for each in said),
    "fold": read_fold,
}

"""The envelope around the rows of a JSON file: pages of interfaces, messages of loaders; the lists inside, by name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from operator import itemgetter
from typing import Any

from cx_kpi.model.frozen import dataclass
from cx_kpi.read.raw.source import Phrase, Remark
from cx_kpi.wording.language import mark

Object = dict[str, Any]
LOADED = ("_airbyte_data", "_source")  # where loaders keep an object
_MAIN_PART = ("attributes", "properties")  # of an object, beside its id
_AROUND = frozenset({"cursor", "__typename"})  # beside the one object of an edge
_SEVERAL = 2  # rows by number: a lone one may be anything
_DEEPEST = 3  # names on the way to a list
_NEXT = (
    "next",
    "nextpage",
    "nexturl",
    "nextlink",
    "nextcursor",
    "nextpagetoken",
    "nextrecordsurl",
    "odatanextlink",
)
_MORE = (
    "hasmore",
    "hasmorerows",
    "hasmoreitems",
    "hasmoreresults",
    "moreavailable",
    "hasnext",
    "hasnextpage",
    "more",
)
_LAST = ("islast", "last", "done", "endofstream", "islastpage")
_COUNT = (
    "count",
    "total",
    "totalcount",
    "totalsize",
    "totalresults",
    "totalrecords",
    "totalrows",
    "allcount",
    "totalentries",
    "totalelements",
    "totalitems",
    "totalhits",
    "recordcount",
    "recordstotal",
)
_TELLING = frozenset({*_NEXT, *_MORE, *_LAST, *_COUNT, "after", "link", "href"})
_IDS = {"id", "key", "number"}  # of an object that is itself a row
_NO = ("", "false", "none", "null", "0")
_MORE_ROWS = mark(
    "The file is one page of several: it says that there are {count} rows, and has {rows}; fetch the others."
)
_NEXT_PAGE = mark(
    "The file is one page of several: it names a next page after its {rows} rows; fetch the others."
)


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of a file: its name there, its objects, how many entries are none and the first such entry (from 1)."""

    name: str
    objects: list[Object]
    others: tuple[int, ...] = ()
    told: Mapping[str, str] = field(default_factory=dict)  # what is beside the list, by plain name

    def remarks(self) -> Iterator[Remark]:
        """That there are more rows than these."""
        rows = len(self.objects) + len(self.others)
        counts = [int(said) for name in _COUNT if (said := self.told.get(name, "")).isdecimal()]
        last = {self.told.get(name) for name in _LAST}
        if counts and max(counts) > rows:
            yield Remark("page", Phrase(_MORE_ROWS, {"count": max(counts), "rows": rows}), max(counts) - rows)
        elif ("true" not in last and self._names_next()) or ("false" in last and rows):
            yield Remark("page", Phrase(_NEXT_PAGE, {"rows": rows}))

    def _names_next(self) -> bool:
        more = [self.told[name] for name in _MORE if name in self.told]
        if more:
            return "true" in more
        return any(self.told.get(name, "").casefold() not in _NO for name in _NEXT)


def lists(value: Any) -> list[Rows]:
    """The lists of objects in a JSON value, the longest first; a lone object is a list of itself."""
    if isinstance(value, list):
        return [_rows("", value, {})]
    if not isinstance(value, dict):
        return []
    if len(value) == 1 and isinstance(inner := next(iter(value.values())), dict):
        return lists(inner)
    if keyed := _keyed(value):
        around = {key: inner for key, inner in value.items() if not key.isdecimal()}
        return [_rows("", keyed, dict(_told(around)))]
    told = dict(_told(value))
    found = [_rows(name, inner, told) for name, inner in _inside(value)]
    found = [each for each in found if each.objects]
    found = sorted(found, key=lambda each: -len(each.objects))
    return found if found and not _IDS & value.keys() else [Rows("", [value]), *found]


def _keyed(value: Object) -> list[Object]:
    """The rows of an object whose keys are their numbers, with these as ids where they have none."""
    rows = {key: one for key, one in value.items() if isinstance(one, dict)}
    if len(rows) < _SEVERAL or not all(map(str.isdecimal, rows)):
        return []
    return [one if len(one) == 1 or _IDS & one.keys() else {"id": key, **one} for key, one in rows.items()]


def messages(objects: Sequence[Object]) -> list[Rows]:
    """The rows in messages of loaders, by stream; none where these are no messages."""
    streams: dict[str, list[Object]] = {}
    for one in objects:
        if not isinstance(one.get("type"), str) or not _is_message(one):
            return []
        if one["type"] == "RECORD":
            record = one["record"]
            nested = isinstance(record.get("data"), dict) and "stream" in record
            name = record["stream"] if nested else one.get("stream", "")
            streams.setdefault(str(name), []).append(record["data"] if nested else record)
    return [Rows(name, rows) for name, rows in streams.items()]


def unwrapped(objects: list[Object]) -> list[Object]:
    """The inner objects where every one is `{"ticket": {…}}`, or keeps its data in one field of a loader."""
    for name in LOADED:
        if _hold_objects(objects, name):
            return [*map(itemgetter(name), objects)]
    for name in _MAIN_PART:
        if _hold_objects(objects, name) and all(len(one[name]) >= len(one) for one in objects):
            return [_spread(one, name) for one in objects]
    only = _only_key(objects)
    return [*map(itemgetter(only), objects)] if only is not None and _hold_objects(objects, only) else objects


def _spread(one: Object, name: str) -> Object:
    """An object with its main part in place of the name of that."""
    inner: Object = one[name]
    return inner | {key: each for key, each in one.items() if key != name}


def _hold_objects(objects: list[Object], name: str) -> bool:
    """Whether each has another object under this name."""
    return all(isinstance(one.get(name), dict) for one in objects)


def _only_key(objects: list[Object]) -> str | None:
    """The one key that all have, and no other but what an edge has beside its object."""
    first, *others = {tuple(key for key in one if key not in _AROUND) for one in objects}
    return first[0] if not others and len(first) == 1 else None


def _is_message(one: Object) -> bool:
    kind, record = one["type"], one.get("record")
    return (kind == "RECORD" and isinstance(record, dict)) or (
        kind.isupper() and kind != "RECORD" and record is None
    )


def _rows(name: str, entries: list[Any], told: Mapping[str, str]) -> Rows:
    objects = [one for one in entries if isinstance(one, dict)]
    others = [place for place, one in enumerate(entries, 1) if not isinstance(one, dict)]
    return Rows(name, objects, tuple(others) if objects else (), told)


def _inside(value: Object, way: str = "", depth: int = 1) -> Iterator[tuple[str, list[Any]]]:
    """The lists that hold objects, by the names on the way to them."""
    for key, inner in value.items():
        if isinstance(inner, list) and any(isinstance(one, dict) for one in inner):
            yield f"{way}{key}", inner
        elif isinstance(inner, dict) and depth < _DEEPEST:
            yield from _inside(inner, f"{way}{key}.", depth + 1)


def _told(value: Object, depth: int = 1) -> Iterator[tuple[str, str]]:
    """The plain values around the lists, by name without underscores; those of the inside first."""
    for key, inner in value.items():
        name = "".join(sign for sign in str(key).casefold() if sign.isalnum())
        if isinstance(inner, dict) and depth < _DEEPEST:
            inside = list(_told(inner, depth + 1))
            yield from inside
            if name in _NEXT and any(text.casefold() not in _NO for _, text in inside):
                yield name, "there"
        elif name in _TELLING:
            yield name, _plain(inner)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None or isinstance(value, list | dict) else str(value)

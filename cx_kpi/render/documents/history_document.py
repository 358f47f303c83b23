"""The history of readings for a terminal, as JSON and as CSV: an overview of metrics, or one in all its periods."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from io import StringIO
from typing import Any

from rich.cells import cell_len
from rich.text import Text

from cx_kpi.model.documents.recorded_history import History, Recorded, Track
from cx_kpi.render.elements import labels
from cx_kpi.render.elements.report_view import Tone
from cx_kpi.render.elements.sanitise import cleaned
from cx_kpi.render.elements.spark import blocks
from cx_kpi.render.files import json
from cx_kpi.render.files.csv import harmless
from cx_kpi.render.terminal.braille import labelled, plot
from cx_kpi.render.terminal.marks import STYLE
from cx_kpi.render.terminal.terminal_report import WIDTH, paragraph, printed
from cx_kpi.render.terminal.text_columns import Column, Piece, cropped, first, headlines, needed, rest
from cx_kpi.wording.language import Language
from cx_kpi.wording.units import DASH, SIGNS, SPACE, Words

HEIGHT, WIDEST = 6, 72  # cells of a chart
MOST = 24  # values of a small chart
LONGEST = 16  # cells of a value in the overview
LEAST = 2  # values that make a chart
HEAD = ("metric", "period", "start", "end", "by", "value", "text", "n", "low", "high")
MORE = ("operator", "target", "status", "at_least", "as_of", "definition")


def as_json(history: History) -> str:
    """The history as JSON text, a newline at its end."""
    return json.dumps(history.as_dict())


def as_csv(history: History) -> str:
    """A line for each reading, under a header."""
    out = StringIO()
    table = csv.DictWriter(out, (*HEAD, *MORE), lineterminator="\n")
    table.writeheader()
    for track in cleaned(history).tracks:
        table.writerows(_line(track, point) for point in track.points)
    return out.getvalue()


def _line(track: Track, point: Recorded) -> dict[str, Any]:
    text = point.value if isinstance(point.value, str) else None
    aim = {"operator": point.target.operator, "target": point.target.value} if point.target else {}
    said = {name: value for name, value in asdict(point).items() if name in {*HEAD, *MORE}}
    named = {"metric": track.metric, "period": track.period, "value": None if text else point.value}
    row = said | named | {"text": text, "target": None} | aim
    return {name: harmless(value) if isinstance(value, str) else value for name, value in row.items()}


def render(
    history: History, width: int = WIDTH, color: bool = False, unicode: bool = True, *, charts: bool = False
) -> str:
    """The history in lines of at most `width` cells; without `unicode`: no glyphs beyond letters."""
    shown = cleaned(history)
    one = len({track.metric for track in shown.tracks}) == 1
    lines = _tables(shown, width, charts=charts) if one or charts else _overview(shown, width)
    return printed(lines, width, color, unicode)


def _overview(history: History, width: int) -> Iterator[Text]:
    """A line for each metric: its latest value, when that was, how many periods there are, and how it went."""
    _ = Language(history.language)
    words = Words(_)
    columns = _latest(history.tracks, words)
    names = [_title(track) for track in history.tracks]
    while len(columns) > 1 and needed(columns) + max(map(cell_len, names)) > width:
        columns.pop()
    room = max(min(width - needed(columns), max(map(cell_len, names))), 1)
    yield from headlines(_("Metric"), columns, room, width)
    for place, name in enumerate(names):
        yield from _rows(name, columns, place, room)
    yield Text("")
    yield from paragraph(_("One of them, period by period: cxkpi history ID"), width, style="dim")


def _latest(tracks: Sequence[Track], words: Words) -> list[Column]:
    """The latest values, the most telling column first."""
    _ = words.language
    found = [
        (track, next((point for point in reversed(track.points) if point.n), track.points[-1]))
        for track in tracks
    ]
    values = [Piece(cropped(_value(*each, words), LONGEST)) for each in found]
    return [
        Column(_("Latest"), values),
        Column(_("Period"), [Piece(_name(*each, words)) for each in found], right=False),
        Column(_("Periods"), [Piece(words.numerals.decimal(len(track.points))) for track in tracks]),
        Column(
            _("How it went"), [Piece(blocks(_numbers(each), MOST), "cyan") for each in tracks], right=False
        ),
    ]


def _rows(name: str, columns: Sequence[Column], place: int, room: int) -> Iterator[Text]:
    start, *more = first(Piece(name), room)
    yield start + rest(columns, place)
    yield from more


def _tables(history: History, width: int, *, charts: bool) -> Iterator[Text]:
    """Each metric or segment of it, period by period, or drawn."""
    _ = Language(history.language)
    how = {each.definition: each.how for each in history.definitions}
    for number, track in enumerate(history.tracks):
        if number:
            yield Text("")
        yield from paragraph(f"{_title(track)} · {track.metric}", width, style="bold")
        yield from (_chart(track, Words(_), width) if charts else _table(track, how, Words(_), width))


def _table(track: Track, how: dict[int, dict[str, Any]], words: Words, width: int) -> Iterator[Text]:
    """A line for each period, and one where it came to be counted otherwise."""
    names = [_name(track, point, words) for point in track.points]
    columns = _columns(track, words)
    room = max(map(cell_len, (*names, words.language("Period"))))
    while len(columns) > 1 and needed(columns) + room > width:
        columns.pop()
    yield from headlines(words.language("Period"), columns, room, width)
    for place, point in enumerate(track.points):
        before = track.points[max(place - 1, 0)]
        if point.definition != before.definition:
            yield from paragraph(_changed(how, before, point, words.language), width, "· ", "dim", "dim")
        yield from _rows(names[place], columns, place, room)


def _columns(track: Track, words: Words) -> list[Column]:
    """What is known of the periods, the most telling first."""
    _, points = words.language, track.points
    every = [
        Column(_("Value"), [Piece(_value(track, point, words)) for point in points]),
        Column(_("n"), [Piece(words.numerals.decimal(point.n)) for point in points]),
        Column(_("Status"), [_status(point, _) for point in points], right=False),
        Column(
            _("Target"),
            [Piece(words.target(point.target, track.unit, track.currency), "dim") for point in points],
        ),
        Column(_("95% interval"), [Piece(_interval(point, track, words), "dim") for point in points]),
    ]
    return [each for each in every if any(piece.text for piece in each.pieces)]


def _changed(how: dict[int, dict[str, Any]], before: Recorded, now: Recorded, language: Language) -> str:
    one, other = how.get(before.definition, {}), how.get(now.definition, {})
    keys = [key for key in dict.fromkeys((*one, *other)) if one.get(key) != other.get(key)]
    return language("from here on counted otherwise: {keys}", keys=", ".join(keys))


def _chart(track: Track, words: Words, width: int) -> Iterator[Text]:
    """The values drawn from left to right; the names of the first and the last period below."""
    values = _numbers(track)
    known = [value for value in values if value is not None]
    if len(known) < LEAST:
        yield from paragraph(words.language("too few values to draw"), width, style="dim")
        return
    low, high = min(known), max(known)
    ends = {value: words.value(value, track.unit, track.currency) for value in (high, low)}
    labels = labelled(ends, HEIGHT)
    edge = max(map(cell_len, ends.values()))
    room = min(width - edge - 3, WIDEST)
    for place, line in enumerate(plot(values, low, high, room, HEIGHT)):
        label = labels.get(place, "")
        yield Text.assemble((f"{' ' * (edge - cell_len(label))}{label} ┤", "dim"), (line, "cyan"))
    names = [_name(track, track.points[place], words) for place in (0, -1)]
    yield Text(" " * (edge + 2) + names[0] + names[1].rjust(room - cell_len(names[0])), "dim")


def _title(track: Track) -> str:
    return f"{track.title}, {track.by}" if track.by else track.title


def _name(track: Track, point: Recorded, words: Words) -> str:
    if track.period == "span":
        return words.dates.span(point.start, point.end)
    return words.dates.period(point.start, track.period)


def _value(track: Track, point: Recorded, words: Words) -> str:
    text = words.value(point.value, track.unit, track.currency)
    return f"{SIGNS['>=']}{SPACE}{text}" if point.at_least and point.value is not None else text


def _interval(point: Recorded, track: Track, words: Words) -> str:
    if point.low is None or point.high is None:
        return ""
    return words.interval((point.low, point.high), track.unit, track.currency)


def _status(point: Recorded, language: Language) -> Piece:
    known = {each.value: each for each in labels.STATUS}
    status = known.get(point.status or "")
    if status is None:
        return Piece(DASH if point.status else "")
    return Piece(language(labels.STATUS[status]), STYLE[labels.STATUS_TONE.get(status, Tone.PLAIN)])


def _numbers(track: Track) -> list[float | None]:
    return [point.value if isinstance(point.value, int | float) else None for point in track.points]

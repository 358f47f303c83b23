"""What every renderer shows: the report as texts, in order, formatted and harmless. No numbers but histories and pictures."""

from dataclasses import field
from enum import StrEnum

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.values import Scale


class Tone(StrEnum):
    """How a text is meant; a renderer turns it into a colour or a mark, always together with words."""

    GOOD = "good"
    BAD = "bad"
    UNSURE = "unsure"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Cell:
    """A text in a table, its tone, and the tone in words where the text does not show it."""

    text: str
    tone: Tone = Tone.PLAIN
    meant: str = ""
    link: str = ""  # an address of the user's own help desk


@dataclass(frozen=True, slots=True)
class Table:
    """A caption, column heads, and rows; the first column names the row."""

    caption: str
    heads: list[str]
    rows: list[list[Cell]]


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and a text; `beside` ones belong next to the value."""

    label: str
    text: str
    beside: bool = False

    @property
    def said(self) -> str:
        """`median 2 h`, or with a colon before words: `weakest: Setup`."""
        between = ": " if self.label and self.text[:1].isalpha() else " "
        return f"{self.label}{between}{self.text}".strip()


@dataclass(frozen=True, slots=True)
class Opened:
    """What a change is made of: by which dimension, its parts, the segments that stand out or that none does, and all.

    `reversed` is the sentence that every segment went one way and the whole the other; empty where it is not so.
    """

    title: str
    parts: list[Fact]
    named: list[str]
    none: str
    table: Table
    reversed: str = ""
    summed: str = ""  # the parts in a sentence, of what they are; or that none stands out


@dataclass(frozen=True, slots=True)
class Row:
    """One metric: in its latest period, and over the window; the change is against the baseline."""

    id: str
    title: str
    about: str
    value: str
    known: bool
    n: str
    interval: str
    target: str
    status: Cell
    change: str
    sign: str
    verdict: Cell
    compared: str  # two neighbouring periods, described and not judged
    history: list[float | None]
    history_text: str
    definition: list[Fact] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    between: str = ""  # two neighbouring periods in short: `Feb 97.4% → Mar 98.5%`
    more: list[Fact] = field(
        default_factory=list
    )  # fields without a column of their own; the facts begin with them
    under: str = ""  # its title where it stands right under its twin in the other clock
    whole: str = ""  # the value over the window, where another period leads
    span: str = ""  # what that covers, where it is less than the window
    usual: str = ""  # the usual range of a period
    wide: bool = False  # whether that is too wide to tell
    median: str = ""  # of a length of time, whose value is the mean
    band: tuple[float, float] | None = None  # the same in numbers, for a drawing
    able: Cell = field(default_factory=lambda: Cell(""))  # whether the process can meet the target
    judged: list[Fact] = field(default_factory=list)  # how the latest period was judged
    over: list[Fact] = field(default_factory=list)  # the figures of the window, where another period leads
    opened: Opened | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Metrics that belong together, and how each went over the periods."""

    id: str
    title: str
    rows: list[Row]
    periods: Table | None


@dataclass(frozen=True, slots=True)
class Theme:
    """Metrics to show first, under one title."""

    title: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Spot:
    """A segment that misses a metric's target, and its place on a page."""

    metric: str
    title: str
    segment: str
    anchor: str
    value: str
    target: str

    @property
    def said(self) -> str:
        """`Chat: Answered within target 80.5% (≥ 90%)`."""
        return f"{self.segment}: {self.title} {self.value} ({self.target})"


@dataclass(frozen=True, slots=True)
class Picture:
    """An exhibit: the values of each name under each head, for a chart; and the same as a table."""

    id: str
    group: str
    title: str
    about: str
    kind: str
    heads: list[str]
    names: list[str]
    values: list[list[float | None]]
    table: Table
    scale: Scale = "parts"


@dataclass(frozen=True, slots=True)
class Cut:
    """The metrics by the values of one or several dimensions, a table for each group of metrics; the last column is the whole."""

    title: str
    tables: list[Table]
    anchors: list[str]  # a place on a page for each segment, in the order of the columns; none for the whole


@dataclass(frozen=True, slots=True)
class Remark:
    """A notice: its tone, its level in words, its message and its table."""

    tone: Tone
    level: str
    text: str
    table: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why metrics were left out, and their titles."""

    why: str
    titles: list[str]


@dataclass(frozen=True, slots=True)
class Heads:
    """Heads of the columns of the metrics."""

    metric: str
    value: str
    interval: str
    n: str
    target: str
    status: str
    change: str
    history: str
    usual: str
    able: str
    whole: str  # what the window is called beside the latest period; nothing where there is no other


@dataclass(frozen=True, slots=True)
class Story:
    """A finding, and the metric it is about: nothing where it is about none."""

    text: str
    metric: str
    anchor: str
    opened: Opened | None = None
    tickets: list[Cell] = field(default_factory=list)  # the worst behind it, with their addresses


@dataclass(frozen=True, slots=True)
class View:
    """The whole report in words."""

    language: str
    title: str
    logo: str
    tool: str
    period: str
    moment: str
    rows_line: str
    where: str  # the condition that rows had to hold, where there is one
    hours: str  # the business hours, where figures go by them
    configuration: str  # the file that settings are from, where there is one
    quality: Cell  # of the data, in a line
    heads: Heads
    sources: Table
    themes: list[Theme]
    spots: list[Spot]
    findings: list[str]
    stories: list[Story]  # the same findings with what is behind them
    key: list[Fact]  # signs and words, explained once
    legend: list[Fact]  # the shortest of them, to stand before the figures
    look_at: str  # the segments that miss their target by most, in a line; nothing where none does
    groups: list[Group]
    pictures: list[Picture]
    cuts: list[Cut]
    left_out: list[Reason]
    remarks: list[Remark]
    bring: str  # what would add most of the metrics that were left out; nothing where none was
    alarm: str = ""  # what has to be reported before anything else


def filled(table: Table) -> Table:
    """The table without columns that hold nothing."""
    places = [
        0,
        *(place for place in range(1, len(table.heads)) if any(row[place].text for row in table.rows)),
    ]
    rows = [[row[place] for place in places] for row in table.rows]
    return Table(table.caption, [table.heads[place] for place in places], rows)


def turned(table: Table) -> Table:
    """The same table with rows and columns exchanged."""
    heads = [table.heads[0], *(row[0].text for row in table.rows)]
    rows = [
        [Cell(head), *(row[place] for row in table.rows)] for place, head in enumerate(table.heads) if place
    ]
    return Table(table.caption, heads, rows)

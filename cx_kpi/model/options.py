"""What a run is asked to do: the options of the command line and of `cxkpi.toml`, in one plain value."""

from dataclasses import field
from datetime import date
from typing import Any, ClassVar, Literal

from cx_kpi.model.frozen import dataclass

Grain = Literal["day", "week", "month", "quarter", "year"]
Compare = Literal["previous", "year"]
Lang = Literal["en", "ru"]
Quantiles = Literal["exact", "fast"]
TimeOf = Literal["calendar", "business"]
Charts = Literal["static", "interactive", "none"]
_STRICT: dict[str, str] = {"extra": "forbid"}  # read by pydantic: an unknown key is an error


@dataclass(frozen=True, slots=True)
class Column:
    """Where a field comes from: the first header present, and how its cells are to be read."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    column: str | list[str]
    unit: str | None = None  # of a duration: seconds, minutes, hours, days, ms
    format: str | None = None  # of a date: strptime directives
    present: bool = False  # a filled cell counts as 1 (or true), an empty one as 0
    zone: str | None = None  # time zone of naive dates in this column


@dataclass(frozen=True, slots=True)
class Question:
    """One column of a wide survey file: it becomes rows of `kind`."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    column: str
    kind: str
    scale: tuple[float, float] | None = None
    journey_stage: str | None = None
    question: str | None = None


@dataclass(frozen=True, slots=True)
class TableConfig:
    """How one table is to be read: columns by field, value words by field, questions of a wide survey."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    columns: dict[str, str | list[str] | Column] = field(default_factory=dict)
    values: dict[str, dict[str, str | int | float | bool]] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    scales: dict[str, tuple[float, float]] = field(default_factory=dict)  # of a kind of survey
    complete: bool = False  # of tickets: no older one is missing that may still be open


@dataclass(frozen=True, slots=True)
class TargetRule:
    """A target of the user's: for every row or reading where `when` holds, from and until a date."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    metric: str
    value: float | str | None = None  # a number in the metric's unit, or a length of time such as "4 h"
    when: dict[str, str] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    clock: TimeOf = "calendar"  # in which the length of time runs
    deadline: str | None = None  # in place of a value: end_of_day, next_working_day or business_days:3
    pauses: Literal["count", "subtract"] = "count"  # the time a ticket was pending or on hold


@dataclass(frozen=True, slots=True)
class CalendarRule:
    """When the desk is open, for the rows where `when` holds; versions of one calendar share its name."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    hours: dict[str, str | list[str]]  # "mon-fri" = "09:00-17:00"
    name: str = "business hours"
    timezone: str | None = None  # the report's own when not set
    holidays: str | list[str] = field(default_factory=list)  # countries, such as "RU" or "GB-ENG"
    days: dict[str, str | list[str]] = field(default_factory=dict)  # "2026-12-31" = "09:00-13:00"
    when: dict[str, str] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ComplaintRule:
    """Which tickets are complaints, where no column marks them: any of these words matches."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    all: bool = False
    type: list[str] = field(default_factory=list)
    category: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Costs:
    """Money: the loaded rate of an agent hour, or the whole cost of support for one month."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    hourly_rate: float | None = None
    per_month: float | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Study:
    """A figure of another study: which of our metrics it is, how it was counted, and where it is from.

    `unit` is that of the metric; `scale` that of a survey's answers, of which those from `satisfied_from` on count;
    `statistic` is which statistic of lengths of time, `hours` in which clock, `within` the limit of shares of what is in time.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    metric: str
    unit: str
    value: float | str
    definition: str
    year: int
    source: str
    country: str = ""
    industry: str = ""
    n: int | None = None
    scale: tuple[float, float] | None = None
    statistic: Literal["mean", "median", "p90"] | None = None
    cohort: Literal["created", "solved", "event", "stock"] | None = None
    hours: Literal["calendar", "business"] | None = None
    satisfied_from: float | None = None
    within: str | None = None
    example: bool = False  # made up, to show the form: never shown


@dataclass(frozen=True, slots=True)
class OwnMetric:
    """A figure of the user's own: the rows it is about, and what each brings, as expressions over columns.

    `hit`, `miss` and `where` are conditions, `value` is a number; `of` is a condition of a share or net score, and the
    number below the line of a ratio. Words are one text, or a text for each language.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    title: str | dict[Lang, str]
    kind: Literal["count", "share", "mean", "median", "quantile", "ratio", "net"]
    table: str = "tickets"
    clock: str | None = None  # the usual one of the table
    where: str | None = None
    value: str | None = None
    hit: str | None = None
    miss: str | None = None
    of: str | None = None
    quantile: float | None = None  # 0.9 is the 90th percentile
    unit: str | None = None
    direction: Literal["higher", "lower", "neither"] = "neither"
    target: float | str | None = None
    group: str | dict[Lang, str] | None = None  # one of ours, or its title
    about: str | dict[Lang, str] | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a report: a title, and a picture by its path; and reports by their names.

    A report is said by the options of `cxkpi report`, which whoever reads the configuration for it knows.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    title: str = ""
    logo: str = ""
    ticket_link: str = ""  # the address of a ticket, with {id}
    profiles: dict[str, dict[str, Any]] = field(default_factory=dict)  # the tables [report.NAME]


@dataclass(frozen=True, slots=True)
class Mail:
    """The sender and recipients of a mail; a header that is not set is not written."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    to: str = ""
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """The look of a report, whatever its content; `charts` None is what the format does by default."""

    title: str = ""  # of the user's own
    logo: str = ""  # a data URI
    charts: Charts | None = None
    template: str = ""  # a file, or a folder of them
    mail: Mail = field(default_factory=Mail)
    full: bool = False  # whether a terminal shows long lists to their end


@dataclass(frozen=True, slots=True)
class Config:
    """The whole of `cxkpi.toml`."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    language: Lang | None = None
    timezone: str | None = None
    source_timezone: str | None = None
    period: Grain | None = None
    fiscal_year_starts: int | str = 1  # the month, by number or name, in which years and their quarters start
    dayfirst: bool | None = None
    tickets: TableConfig = field(default_factory=TableConfig)
    surveys: TableConfig = field(default_factory=TableConfig)
    customers: TableConfig = field(default_factory=TableConfig)
    customer_counts: TableConfig = field(default_factory=TableConfig)
    orders: TableConfig = field(default_factory=TableConfig)
    calls: TableConfig = field(default_factory=TableConfig)
    ticket_events: TableConfig = field(default_factory=TableConfig)
    targets: dict[str, float | str] = field(default_factory=dict)
    target: list[TargetRule] = field(default_factory=list)
    metric: list[OwnMetric] = field(default_factory=list)
    presets: list[str] = field(default_factory=list)  # files that say how to read exports of one's own
    calendar: list[CalendarRule] = field(default_factory=list)
    headline_clock: TimeOf = "calendar"  # which of a wait and its twin in business hours comes first
    complaints: ComplaintRule = field(default_factory=ComplaintRule)
    costs: Costs = field(default_factory=Costs)
    report: Heading = field(default_factory=Heading)
    mail: Mail = field(default_factory=Mail)
    notify: dict[str, str] = field(default_factory=dict)  # names for env:NAME and file:PATH
    cohorts: dict[str, str] = field(default_factory=dict)  # which rows a metric is about, by its id
    benchmarks: str = ""  # a file of other studies' figures
    record: str = ""  # the history that runs keep
    backlog_age: str | None = None  # "48 h": open longer is overdue; without it, the mean resolution time
    backlog_age_by_priority: dict[str, str] = field(default_factory=dict)
    repeat_days: int = 7
    complaint_repeat_days: int = 90
    inactivity_days: int = 90
    repurchase_days: int = 90
    memory: str = ""  # "4GB": what tickets may take; without it, half of the machine's
    quantiles: Quantiles = "exact"  # or fast: by the first seven bits of each length of time
    ces_reversed: bool = False  # 7 is the most effort, not the least

    def table(self, name: str) -> TableConfig:
        """How the table of this name is to be read."""
        found: TableConfig = getattr(self, name)
        return found


@dataclass(frozen=True, slots=True)
class Options:
    """One run: what to read, which span, which cuts, and the configuration."""

    paths: tuple[str, ...] = ()
    explicit: tuple[tuple[str, str], ...] = ()  # (table, path): the user says which is which
    metrics: tuple[str, ...] = ()  # all when empty
    by: tuple[tuple[str, ...], ...] | None = None  # each a cut by one or more dimensions; None: by channel
    period: Grain | None = None
    since: date | None = None
    until: date | None = None  # the first day after the window
    last: str | None = None  # "3m": the last 3 full months
    compare: Compare = "previous"  # with the span before, or with the same of the year before
    phase: tuple[date, date] | None = (
        None  # compare with this span instead, its first day and the first after it
    )
    as_of: str | None = None
    where: str | None = None
    timezone: str = "UTC"
    source_timezone: str | None = None  # of dates without one; the report's own when not set
    language: Lang = "en"
    benchmarks: tuple[Study, ...] = ()
    allow_remote: bool = False  # read addresses of servers
    show_values: bool = False  # cells in messages, in place of their shapes
    each_period: bool = (
        True  # judge each full period as if it were the latest, which takes as long as all the rest
    )
    exhibits: bool = True  # make the charts, which a plain text does not show
    memory: int | None = None  # bytes that tickets may take; None: half of the machine's
    max_size: int | None = None  # bytes that one file may unpack to; None: what is usual
    configuration: str | None = None  # the file that the configuration is from
    left_out: tuple[str, ...] = ()  # its keys that were not taken up, for it came with the data
    config: Config = field(default_factory=Config)

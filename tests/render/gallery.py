"""Exhibits made by hand: one of every kind, with gaps, young cells and both axes."""

from dataclasses import replace

from cx_kpi.model.chart_data import Axis, Chart, ChartKind, Line
from cx_kpi.model.report import Report
from cx_kpi.model.values import Unit

MONTHS = ["2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01"]
HOURS = [str(hour) for hour in range(24)]
LINES, BARS, STACK, PARETO, HEAT = ChartKind


def _line(name: str, *values: float | None, young: int = 0) -> Line:
    rest = len(values) - young
    return Line(name, list(values), [100] * len(values), [False] * rest + [True] * young)


GALLERY = [
    Chart(
        "flow",
        "flow",
        "Created, solved and open",
        "How many tickets came in, were solved, and were open at the end of each period.",
        LINES,
        Unit.COUNT,
        Axis.PERIOD,
        MONTHS,
        [_line("created", 900, 940, 1010, 980), _line("solved", 880, 930, None, 1000, young=1)],
    ),
    Chart(
        "waits",
        "speed",
        "How long first answers take",
        "Tickets by their wait for the first answer.",
        BARS,
        Unit.COUNT,
        Axis.NAME,
        ["under 15 min", "15–60 min", "1–4 h", "over 4 h"],
        [_line("tickets", 300, 1200, 700, 55)],
    ),
    Chart(
        "mix",
        "channels",
        "Channels over time",
        "Tickets by channel.",
        STACK,
        Unit.SHARE,
        Axis.PERIOD,
        MONTHS,
        [_line("E-mail", 0.5, 0.52, 0.6, 0.4), _line("Chat", 0.5, 0.48, 0.4, 0.6)],
    ),
    Chart(
        "products",
        "complaints",
        "Complaints by product",
        "Which products customers complain about.",
        PARETO,
        Unit.COUNT,
        Axis.NAME,
        ["Card <Gold>", "Loan", "unknown"],
        [_line("complaints", 325, 200, 12)],
    ),
    Chart(
        "arrivals",
        "flow",
        "When tickets arrive",
        "Tickets by day of the week and hour.",
        HEAT,
        Unit.COUNT,
        Axis.NAME,
        HOURS,
        [
            _line(day, *[(place * 7 + hour * 3) % 41 for hour in range(24)])
            for place, day in enumerate("MTWTFSS")
        ],
    ),
]


def with_gallery(report: Report) -> Report:
    """The report with an exhibit of every kind."""
    return replace(report, exhibits=GALLERY)

"""So few parts that a chart of them can be read."""

from cx_kpi.judge.charts.chart_parts import MOST, OTHER, limited
from cx_kpi.metrics.definition.chart import Part


def test_many_parts_become_one_and_the_unknown_stays():
    rows = [(str(n), [Part(n, n), None]) for n in range(MOST - 1)]
    small = [("a", [Part(0, 3), None]), ("b", [Part(None, 2), None]), ("c", [Part(4, 1), None])]
    unknown = (None, [Part(5, 5), Part(1, 1)])
    assert limited([*rows, *small, unknown]) == [*rows, (OTHER, [Part(4, 6), None]), unknown]
    assert limited([*rows, unknown, small[0]]) == [*rows, small[0], unknown]

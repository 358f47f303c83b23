"""What a notebook shows below a cell, as a browser lays it out."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from cx_kpi import report
from cx_kpi.model.assets import folder

Sheet = Callable[[int, int], Page]

pytestmark = pytest.mark.usefixtures("kept_runs")


@pytest.mark.parametrize("wide", [390, 960])
def test_values_of_all_tables_end_at_one_edge_inside_the_cell(wide: int, sheet: Sheet) -> None:
    page = sheet(wide, 800)
    page.set_content(report(str(folder("sample_data")), lang="ru")._repr_html_())
    edges = page.evaluate(
        "() => [...document.querySelectorAll('.metrics')].map(each => each.getBoundingClientRect().right)"
    )
    assert len(edges) >= 3
    assert max(edges) - min(edges) < 1
    assert max(edges) <= wide

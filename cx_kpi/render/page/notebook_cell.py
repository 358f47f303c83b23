"""The report as a notebook shows it below a cell: findings, the metrics shown first, their charts, the segments."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace

from cx_kpi.model.options import Look
from cx_kpi.model.report import Report
from cx_kpi.render import charts
from cx_kpi.render.elements.page_size import for_page
from cx_kpi.render.elements.sanitise import cleaned
from cx_kpi.render.page.page_charts import trends
from cx_kpi.render.page.segment_tables import by_segment
from cx_kpi.render.templating.template_values import context, environment
from cx_kpi.render.view.present import view
from cx_kpi.wording.language import Language
from cx_kpi.wording.units import words_of

MOST = 4  # charts


def render(report: Report, look: Look | None = None) -> str:
    """A part of a page that needs nothing else: its style, its pictures as data, no script."""
    seen = view(for_page(report), look or Look())
    shown = context(replace(seen, cuts=[])) | {"cuts": by_segment(seen.cuts)}
    drawn = [] if look and look.charts == "none" else list(_charts(cleaned(report)))
    return (
        environment(Language(report.language))
        .get_template("notebook.html")
        .render({**shown, "charts": drawn})
    )


def _charts(report: Report) -> Iterator[dict[str, str]]:
    for figure in trends(report, words_of(report))[:MOST]:
        picture = b64encode(charts.png(figure.spec)).decode()
        said = str(figure.spec.get("description", ""))
        yield {"title": figure.title, "picture": f"data:image/png;base64,{picture}", "said": said}

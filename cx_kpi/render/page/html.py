"""The report as one HTML page that needs nothing else: no network, its style, charts and script inside."""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cx_kpi.model.frozen import as_dict
from cx_kpi.model.options import Look
from cx_kpi.model.report import Report
from cx_kpi.render import charts
from cx_kpi.render.charts.palette import LIGHT
from cx_kpi.render.elements.anchors import anchor
from cx_kpi.render.elements.page_size import for_page
from cx_kpi.render.elements.report_view import View
from cx_kpi.render.elements.sanitise import cleaned
from cx_kpi.render.files.json import as_plain
from cx_kpi.render.page.page_charts import Figure, figures
from cx_kpi.render.page.policy import policy
from cx_kpi.render.page.segment_tables import by_segment
from cx_kpi.render.templating.template_values import context, environment, readable
from cx_kpi.render.templating.user import fill
from cx_kpi.render.view.period_choice import choices, packed
from cx_kpi.render.view.present import view_of_clean
from cx_kpi.wording.language import Language
from cx_kpi.wording.units import Words, words_of

if TYPE_CHECKING:
    from jinja2 import BaseLoader


def render(report: Report, look: Look | None = None, *, pack: bool = False) -> str:
    """The report as HTML text; as a `pack` it is made to be printed, without what is folded."""
    look = look or Look()
    shown = page(for_page(report), look) | {"pack": pack}
    if look.template:
        return fill(__name__, shown | {"report": as_plain(report)}, report.language, look.template)
    return compose(shown, report.language)


def compose(shown: Mapping[str, Any], code: str, loader: "BaseLoader | None" = None) -> str:
    """The page of a context, from these templates, else ours."""
    from markupsafe import Markup

    sandbox = environment(Language(code), loader=loader)
    sheets = ["parts/report.css", *(["parts/pack.css"] if shown["pack"] else [])]
    foot = Markup(_css_text(f"{shown['title']} · {shown['period']}"))  # noqa: S704 - escaped for a style
    style = "\n".join(sandbox.get_template(sheet).render(palette=LIGHT, foot=foot) for sheet in sheets)
    scripts = [sandbox.get_template("parts/report.js").render()]
    if shown["runtime"]:
        scripts += [shown["runtime"], sandbox.get_template("parts/live.js").render()]
    allowed = policy([style], scripts, pictures=bool(shown["logo"]))
    inlined = {"style": Markup(style), "scripts": list(map(Markup, scripts))}  # noqa: S704 - ours
    return sandbox.get_template("report.html").render({**shown, **inlined, "policy": allowed})


def _css_text(text: str) -> str:
    """The text for a string of a style: whatever is no letter and no digit, by its number."""
    return "".join(each if each.isalnum() else f"\\{ord(each):x} " for each in text)


def page(report: Report, look: Look) -> dict[str, Any]:
    """What the page shows: the view, each group with its figures drawn, and the cuts by segment."""
    words, live = words_of(report), look.charts == "interactive"
    clean = cleaned(report)
    asked = [] if look.charts == "none" else figures(clean, words)
    with ThreadPoolExecutor(1) as pool:  # drawing waits for its engine to start: meanwhile, the rest
        drawn = pool.map(charts.svg, [figure.spec for figure in asked])
        seen = view_of_clean(clean, look)
        shown = context(replace(seen, cuts=[])) | {"cuts": by_segment(seen.cuts)}
        boxes = [_box(*each, live) for each in zip(asked, drawn, strict=True)]
    return shown | {
        **_grouped(shown["groups"], boxes),
        **_past(clean, shown["heads"], words),
        "drawn": {box["id"] for box in boxes},
        "opening": _opening(seen, boxes),
        "runtime": charts.runtime() if live and boxes else "",
    }


def _past(report: Report, heads: Mapping[str, str], words: Words) -> dict[str, Any]:
    """The other periods to choose, and what the page tells of them as JSON."""
    from markupsafe import Markup

    past = [each for each in choices(report, words) if not heads["whole"] or each.name != heads["value"]]
    told = json.dumps(packed(past, words), ensure_ascii=False, separators=(",", ":"))
    return {"past": past, "told_past": Markup(told.replace("<", "\\u003c"))}  # noqa: S704 - escaped for a page


def _grouped(groups: Sequence[dict[str, Any]], boxes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The groups, each with its figures, and the figures of none."""
    known = {group["id"] for group in groups}
    return {
        "groups": [
            group | {"figures": [box for box in boxes if box["group"] == group["id"]]} for group in groups
        ],
        "figures": [box for box in boxes if box["group"] not in known],
    }


def _opening(seen: View, boxes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The two charts for the first page of a board pack: of what stands out, else of what is shown first."""
    half = {box["id"]: box for box in boxes if not box["wide"]}
    shown = [story.metric for story in seen.stories] + [row.id for each in seen.themes for row in each.rows]
    found = [half[name] for name in dict.fromkeys(shown) if name in half][:2]
    return found if len(found) == 2 else []


def _box(figure: Figure, svg: str, live: bool) -> dict[str, Any]:
    from markupsafe import Markup

    parts = {
        name: getattr(figure, name) for name in ("id", "group", "title", "about", "wide", "latest", "signs")
    }
    parts["anchor"] = anchor(figure.id)
    drawing, spec = Markup(svg), Markup(charts.live(figure.spec) if live else "")  # noqa: S704 - escaped in them
    return parts | {"table": as_dict(readable(figure.table)), "svg": drawing, "live": spec}

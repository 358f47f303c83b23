"""The report as a mail for `sendmail -t`: a text, a short page with pictures, and the whole page attached."""

from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from email.message import EmailMessage, MIMEPart
from email.policy import default
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Look
from cx_kpi.model.report import Report
from cx_kpi.model.values import Status, Verdict
from cx_kpi.render.elements.page_size import for_page
from cx_kpi.render.elements.sanitise import clean, cleaned
from cx_kpi.render.page import html
from cx_kpi.render.templating.template_values import context, environment
from cx_kpi.render.templating.user import fill
from cx_kpi.render.terminal import terminal_report as terminal
from cx_kpi.render.view.present import view
from cx_kpi.wording.language import Language
from cx_kpi.wording.units import words_of

if TYPE_CHECKING:
    from jinja2 import BaseLoader

ATTACHED = "report.html"
WIDTH = 72  # characters of the text
MOST = 3  # charts
POLICY = default.clone(cte_type="7bit")  # through any relay


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a mail: its name there, its kind and bytes, and its description."""

    cid: str
    subtype: str
    data: bytes
    title: str
    about: str = ""
    said: str = ""


def render(report: Report, look: Look | None = None) -> bytes:
    """The bytes of the mail, the same for the same report."""
    look = look or Look()
    charts = [] if look.charts == "none" else list(_charts(cleaned(report)))
    logo = _logo(look.logo)
    page = _page(report, look, charts, logo)
    mail = EmailMessage(policy=POLICY)
    shown = view(for_page(report), look)
    mail["Subject"] = f"{shown.title}: {shown.period}"
    _address(mail, look)
    mail.set_content(terminal.render(report, WIDTH, look=Look(title=look.title)))
    mail.add_alternative(page, subtype="html")
    _relate(mail.get_body(("html",)), [*logo, *charts])
    mail.add_attachment(html.render(report, look), subtype="html", filename=ATTACHED)
    _bound(mail, page)
    return mail.as_bytes()


def compose(shown: Mapping[str, Any], code: str, loader: "BaseLoader | None" = None) -> str:
    """The page of the mail, from these templates, else ours."""
    return environment(Language(code), loader=loader).get_template("mail.html").render(shown)


def _page(report: Report, look: Look, charts: Sequence[Picture], logo: Sequence[Picture]) -> str:
    """The page with its style in every element, as mail programs want it."""
    from css_inline import CSSInliner

    pictures = [
        {"cid": each.cid, "title": each.title, "about": each.about, "said": each.said} for each in charts
    ]
    own = {"charts": pictures, "logo": logo[0].cid if logo else "", "attached": ATTACHED}
    shown = context(view(for_page(report), look)) | own
    made = fill(__name__, shown, report.language, look.template) if look.template else None
    text = made or compose(shown, report.language)
    return CSSInliner(load_remote_stylesheets=False).inline(text)


def _charts(report: Report) -> Iterator[Picture]:
    """Trends of the headlines, those that need attention first."""
    from cx_kpi.render import charts
    from cx_kpi.render.page.page_charts import trends

    found = trends(report, words_of(report))
    for figure in sorted(found, key=lambda figure: not _needs_a_look(report, figure.id))[:MOST]:
        data = charts.png(figure.spec)
        said = str(figure.spec.get("description", ""))
        yield Picture(f"{figure.id}@cxkpi", "png", data, figure.title, figure.about, said)


def _needs_a_look(report: Report, metric: str) -> bool:
    """Whether a finding is about a metric, or its latest period misses its target or is worse."""
    latest = report.metrics[metric].latest
    told = metric in {finding.metric for finding in report.findings}
    return told or (
        latest is not None and (latest.status is Status.MISSED or latest.verdict is Verdict.WORSENED)
    )


def _logo(uri: str) -> list[Picture]:
    """The logo as a picture of its own; none where mail programs would not show it."""
    kind, _, data = uri.removeprefix("data:image/").partition(";base64,")
    return [Picture("logo@cxkpi", kind, b64decode(data), "")] if kind in {"png", "jpeg"} else []


def _address(mail: EmailMessage, look: Look) -> None:
    for header, text in (("From", look.mail.sender), ("To", look.mail.to)):
        if text:
            mail[header] = clean(text)


def _relate(page: Any, pictures: Sequence[Picture]) -> None:
    """Attach the pictures to the page that shows them."""
    for picture in pictures:
        name = f"{picture.cid.partition('@')[0]}.{picture.subtype}"
        page.add_related(
            picture.data,
            "image",
            picture.subtype,
            cid=f"<{picture.cid}>",
            filename=name,
            disposition="inline",
        )


def _bound(mail: MIMEPart, text: str) -> None:
    """Boundaries that depend on the content alone."""
    digest = sha256(text.encode()).hexdigest()[:24]
    for place, part in enumerate(mail.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{digest}_{place}")

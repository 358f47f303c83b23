"""The self-check as a table to fill in (CSV, XLSX), and as a page whose answers are saved as such a table."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import field
from io import StringIO

from cx_kpi.model.frozen import dataclass
from cx_kpi.render.files.csv import harmless
from cx_kpi.wording.language import Language, mark

LOWEST, HIGHEST = 1, 5
COLUMNS = ("kind", "journey_stage", "question", "score", "responded_at", "scale_min", "scale_max", "comment")
TITLE = mark("Self-check: how good do we think we are?")
HOW = mark(
    "How far does each statement hold? From 1, not at all, to 5, fully. Leave out what you cannot tell."
)
LABELS = {
    "low": mark("1 is “not at all”, 5 is “fully”"),
    "comment": mark("Comment"),
    "save": mark("Save answers"),
    "count": mark("answered"),
    "then": mark("Put the file that is saved beside the exports: it is read as a survey."),
}


@dataclass(frozen=True, slots=True)
class Form:
    """Statements by stage, the day of the answers (ISO), and answers where there are some, in the order of the statements."""

    statements: Sequence[tuple[str, str]]
    day: str
    language: str
    answers: Sequence[int | None] = field(default_factory=tuple)


def rows(form: Form) -> Iterator[tuple[str | int, ...]]:
    """The lines of the table."""
    for place, (stage, text) in enumerate(form.statements):
        answer = form.answers[place] if place < len(form.answers) else None
        score = "" if answer is None else answer
        yield "self", stage, text, score, form.day, LOWEST, HIGHEST, ""


def as_csv(form: Form) -> str:
    """The table as CSV, a line for each statement; of answers, those that were given."""
    out = StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    kept = [row for row in rows(form) if row[3] != "" or not form.answers]
    table.writerows([harmless(each) if isinstance(each, str) else each for each in row] for row in kept)
    return out.getvalue()


def as_form(form: Form) -> str:
    """The table as one HTML page that needs nothing else; it sends nothing, and saves the answers as CSV."""
    from markupsafe import Markup

    from cx_kpi.render.charts.palette import LIGHT
    from cx_kpi.render.page.policy import policy
    from cx_kpi.render.templating.template_values import environment

    language = Language(form.language)
    sandbox = environment(language)
    parts = (
        sandbox.get_template(f"parts/{name}.css").render(palette=LIGHT) for name in ("report", "self_check")
    )
    style, script = "".join(parts), sandbox.get_template("parts/self_check.js").render()
    stages: dict[str, list[str]] = {}
    for stage, text in form.statements:
        stages.setdefault(stage, []).append(text)
    return sandbox.get_template("self_check.html").render(
        style=Markup(style),  # noqa: S704 - ours
        script=Markup(script),  # noqa: S704 - ours
        policy=policy([style], [script]),
        language=form.language,
        title=language(TITLE),
        how=language(HOW),
        labels={name: language(text) for name, text in LABELS.items()},
        stages=stages,
        choices=range(LOWEST, HIGHEST + 1),
        columns=COLUMNS,
        day=form.day,
        tool="cxkpi",
    )

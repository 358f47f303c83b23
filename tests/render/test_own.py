"""Templates of users: what they are given, what they may not do, and that bombs do not go off."""

import re
from pathlib import Path
from time import monotonic

import pytest
from jinja2 import Environment, TemplateError, TemplateNotFound

from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.options import Look
from cx_kpi.render.page import html
from cx_kpi.render.templating.template_values import environment
from cx_kpi.render.templating.user import kind
from cx_kpi.render.templating.user.fill_parent import MORE, TIME
from cx_kpi.render.templating.user.loader import LARGEST, Own
from cx_kpi.render.text import markdown
from cx_kpi.wording.language import Language

from .company import company

pytestmark = pytest.mark.usefixtures("warm_templates")

ESCAPES = (
    "''.__class__.__mro__",
    "''['__class__']",
    "''|attr('__class__')",
    "('{0.__class__}'|attr('for'~'mat'))(title)",
    "title.__init__.__globals__",
    "_.__globals__",
    "_.__code__",
    "_.__closure__",
    "self.__init__.__globals__",
    "self._TemplateReference__context",
    "groups.append(1)",
    "report.metrics.clear()",
    "report.update(a=1)",
    "groups.__len__.__self__",
    "'{0.__class__}'.format(title)",
    "'{a.__class__}'.format_map({'a': 1})",
    "('{0.__class__}'|safe).format(1)",
    "[title]|map(attribute='__class__')|list",
    "[title]|groupby('__class__')|list",
    "[title]|sort(attribute='__class__')|list",
    "cycler.__init__.__globals__.os",
    "lipsum.__globals__",
    "namespace.__init__",
    "range(10)",
    "dict(a=1)",
    "joiner",
    "request",
    "config",
    "loop",
    "caller()",
    "varargs",
)
BOMBS = (
    "{{ 'a' * 10**10 }}",
    "{{ [0] * 10**10 }}",
    "{{ title|center(10**10) }}",
    "{{ title|indent(10**10) }}",
    "{{ '%10000000000d'|format(1) }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% include 'report.html' %}",
    "{% extends 'report.html' %}",
)
LOOPS = "\n" + "{% for a in report.series %}" * 4 + "{% if a == title %}x{% endif %}" + "{% endfor %}" * 4


def written(folder: Path, text: str, name: str = "my.html.j2") -> Look:
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return Look(template=str(file), charts="none")


def test_a_template_gets_the_words_and_the_figures(tmp_path):
    text = "{{ title }}|{{ report.metrics.csat.value }}|{{ groups[0].rows[0].title }}|{{ _('met') }}|{{ findings|length }}"
    look = written(tmp_path, text)
    assert html.render(company(), look) == "Customer service report|0.8856|First response time|met|2"
    assert html.render(company("ru"), look).split("|")[3] == "выполнено"
    assert html.render(company("ru"), written(tmp_path, text, "my.md.j2")).startswith("<!doctype")
    assert markdown.render(company(), written(tmp_path, text, "my.md.j2")).startswith("Customer service")


def test_texts_are_escaped_in_templates_of_any_name(tmp_path):
    text = "{% for row in groups[3].rows %}{% for fact in row.facts %}{{ fact.text }}{% endfor %}{% endfor %}"
    for name in ("my.html.j2", "my.txt", "my"):
        shown = html.render(company(), written(tmp_path, text, name))
        assert "Card &lt;Gold&gt;" in shown
        assert "<Gold>" not in shown


def test_a_folder_overrides_parts(tmp_path):
    written(tmp_path, "body { color: red }", "parts/report.css")
    written(tmp_path, "the end", "parts/data.html.j2")
    shown = html.render(company(), Look(template=str(tmp_path), charts="none"))
    assert "<style>body { color: red }" in shown
    assert "the end" in shown
    assert "Customer satisfaction" in shown


def test_ours_can_be_built_upon(tmp_path):
    written(tmp_path, "mine\n{% include 'cxkpi/report.html' %}", "report.html")
    assert html.render(company(), Look(template=str(tmp_path), charts="none")).startswith("mine\n")


@pytest.mark.parametrize("expression", ESCAPES)
def test_the_sandbox_holds(expression):
    """In this process, since the child is the second wall, not the first."""
    sandbox = environment(Language())
    shown = {"title": "t", "groups": [{"a": 1}], "report": {"metrics": {"a": 1}}}
    try:
        text = sandbox.from_string("{{ " + expression + " }}").render(shown)
    except (TemplateError, TypeError):
        return
    assert re.sub(r"Undefined|&#39;t&#39;|[\[\](), ]", "", text) == ""  # nothing was found there


def test_translations_look_into_no_value(tmp_path):
    text = "{{ _('{f.__globals__} {f} {g}', f=groups|length) }}"
    assert html.render(company(), written(tmp_path, text)) == "{f.__globals__} 7 {g}"


def test_every_refusal_names_the_template_and_the_line(tmp_path):
    for text, line in (
        ("a\n{{ ''.__class__ }}", 2),
        ("\n\n{% if", 3),
        ("{{ gone }}", 1),
        ("\n{{ 1 / 0 }}", 2),
    ):
        look = written(tmp_path, text)
        with pytest.raises(UsageProblem, match=rf"my\.html\.j2:{line}: .+; correct the template"):
            html.render(company(), look)


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_do_not_go_off(tmp_path, bomb):
    start = monotonic()
    with pytest.raises(
        UsageProblem, match=r"my\.html\.j2:2: (needs more than 512 MB|includes or calls itself)"
    ):
        html.render(company(), written(tmp_path, f"\n{bomb}"))
    assert monotonic() - start < TIME + MORE  # stopped from within, not waited for


def stopped(template):
    with pytest.raises(UsageProblem, match=r"my\.html\.j2(:2)?: not done within") as caught:
        html.render(company(), template)
    return str(caught.value)


def test_what_takes_too_long_is_stopped_where_it_is(tmp_path):
    """Twice at most: who looks where it is does so while it runs on, and may see no line of the template."""
    template = written(tmp_path, LOOPS)
    assert any("my.html.j2:2:" in stopped(template) for _ in range(2))


def test_nothing_outside_the_folder_is_read(tmp_path):
    inside, outside = tmp_path / "mine", tmp_path / "secret.html"
    inside.mkdir()
    outside.write_text("secret")
    (inside / "link.html").symlink_to(outside)
    (inside / "large.html").write_text("x" * (LARGEST + 1))
    loader = Own(inside)
    for name in ("../secret.html", "link.html", str(outside), "large.html", "parts", "."):
        with pytest.raises(TemplateNotFound):
            loader.get_source(Environment(), name)


def test_what_a_template_makes_is_in_its_name():
    assert [kind(Path(name)) for name in ("a.html.j2", "a.md.j2", "a.md", "a.j2", "md.html")] == [
        "html",
        "md",
        "md",
        "html",
        "html",
    ]
